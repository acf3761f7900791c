// Convolutions of few channels, for several tasks at once.
#include "shim_walker.h"

#include "shim_recorded.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Weverything"
#include <ATen/Version.h>
#pragma clang diagnostic pop

#include <algorithm>
#include <array>
#include <numeric>

using namespace shim;

namespace {

/// Channels that libtorch's kernels compute side by side: the floats of this processor's vectors. Those that a layer lacks to
/// a multiple of it are computed for nothing.
///
/// Measured on AVX2 with a shrunk LeNet of 2, 5 and 10 tasks: 8 lanes take 0.97, 0.90 and 0.74 of the time of a call for
/// each task, 16 take 1.24, 1.18 and 0.97.
int64_t lanes() {
  static const int64_t count = at::get_cpu_capability() == "AVX512" ? 16 : 8;
  return count;
}

/// With more channels than these, what the last lanes lack is not worth a copy of the gradients.
constexpr int64_t most_few_channels = 64;

/// A convolution as its recording describes it.
class Convolution {
public:
  explicit Convolution(recorded::ConvolutionBackward0 &node)
      : node(node), input(node.input_.unpack()), weight(node.weight_.unpack()) {}

  /// The gradients of weight and bias for a gradient whose channels are those of several tasks, one after the other.
  ///
  /// Measured on one core with 1 to 16 channels in and 2, 3 and 5 tasks: 0.3 to 0.75 of the time of a call for each task
  /// up to 10 channels, 0.7 to 0.9 with 20, from there on as much.
  std::tuple<at::Tensor, at::Tensor> weight_gradients(const at::Tensor &gradient, bool wants_weight,
                                                      bool wants_bias) const {
    std::vector<int64_t> sizes = weight.sizes().vec();
    sizes[0] = gradient.size(1);
    // The weight's numbers have no part in its gradient.
    const at::Tensor shape = sizes[0] == weight.size(0) ? weight : at::empty(sizes, weight.options());
    auto gradients = backward(gradient, shape, {false, wants_weight, wants_bias});
    return {std::move(std::get<1>(gradients)), std::move(std::get<2>(gradients))};
  }

  /// The gradients of the inputs of some examples.
  at::Tensor input_gradient(const at::Tensor &gradient) const {
    if (!can_turn()) {
      return std::get<0>(backward(gradient, weight, {true, false, false}));
    }
    return at::convolution(gradient, turned_weight(), {}, strides(), turned_padding(), dilations(), false,
                           std::vector<int64_t>(strides().size(), 0), 1);
  }

  /// Whether the gradient of the input is a convolution that goes forward, with the weight turned around: at steps of one.
  ///
  /// libtorch's kernels for the forward direction know of few channels at their input. Measured on one core with 16 lanes: 0.3
  /// to 0.7 of the time up to 12 channels, as much with 16, more with 20; with 8 lanes and 10 channels it takes longer.
  bool can_turn() const {
    const auto padding = turned_padding();
    return weight.size(0) < lanes() && std::all_of(strides().begin(), strides().end(), [](auto step) { return step == 1; }) &&
           std::all_of(padding.begin(), padding.end(), [](auto width) { return width >= 0; });
  }

private:
  const recorded::ConvolutionBackward0 &node;
  const at::Tensor input;
  const at::Tensor weight;

  at::IntArrayRef strides() const { return C10_AS_INTARRAYREF_SLOW(node.stride); }
  at::IntArrayRef dilations() const { return C10_AS_INTARRAYREF_SLOW(node.dilation); }

  std::tuple<at::Tensor, at::Tensor, at::Tensor> backward(const at::Tensor &gradient, const at::Tensor &own_weight,
                                                          std::array<bool, 3> wanted) const {
    const std::vector<int64_t> bias_sizes = {own_weight.size(0)};
    return at::convolution_backward(gradient, input, own_weight, bias_sizes, strides(),
                                    C10_AS_INTARRAYREF_SLOW(node.padding), dilations(), false,
                                    C10_AS_INTARRAYREF_SLOW(node.output_padding), 1, wanted);
  }

  /// Inputs and outputs exchanged, each window read from its end.
  at::Tensor turned_weight() const {
    std::vector<int64_t> axes(static_cast<size_t>(weight.dim() - 2));
    std::iota(axes.begin(), axes.end(), 2);
    return weight.transpose(0, 1).flip(axes);
  }

  /// What makes outputs as large as the inputs were; negative where the padding was wider than the window.
  std::vector<int64_t> turned_padding() const {
    const at::IntArrayRef padding = C10_AS_INTARRAYREF_SLOW(node.padding);
    std::vector<int64_t> turned;
    for (size_t axis = 0; axis < padding.size(); ++axis) {
      turned.push_back(dilations()[axis] * (weight.size(static_cast<int64_t>(axis) + 2) - 1) - padding[axis]);
    }
    return turned;
  }
};

/// The gradients of the inputs, the tasks in one tensor or not as those that came.
TaskGradients input_gradients(const Convolution &convolution, TaskGradients &gradient, int64_t task_count) {
  if (gradient.are_together() && convolution.can_turn()) {
    const at::Tensor flat = gradient.together().flatten(0, 1);
    return TaskGradients(convolution.input_gradient(flat).unflatten(0, {task_count, -1}));
  }
  Tensors parts;
  for (int64_t task = 0; task < task_count; ++task) {
    const at::Tensor one = gradient.take(task);
    parts.push_back(one.defined() ? convolution.input_gradient(one) : at::Tensor());
  }
  return TaskGradients(std::move(parts));
}

} // namespace

bool shim::is_convolution(const Node *node) {
  return dynamic_cast<const recorded::ConvolutionBackward0 *>(node) != nullptr;
}

bool shim::has_few_channels(const Node *node) {
  const auto *convolution = dynamic_cast<const recorded::ConvolutionBackward0 *>(node);
  if (convolution == nullptr || convolution->transposed || convolution->groups != 1) {
    return false;
  }
  const auto &gradient = node->input_metadata(0);
  const int64_t channels = shape_at(*node, 0)[1];
  // Elsewhere than on the processor it was not measured.
  return gradient.device().is_cpu() && at::isFloatingType(c10::typeMetaToScalarType(gradient.options().dtype())) &&
         channels < most_few_channels && channels % lanes() != 0;
}

int64_t shim::tasks_to_fill_lanes(const Node &node) {
  const int64_t channels = shape_at(node, 0)[1];
  const int64_t width = lanes();
  for (int64_t tasks = 1; tasks < width; ++tasks) {
    const int64_t blocks = (tasks * channels + width - 1) / width;
    // A tenth of the lanes may lie idle.
    if (10 * tasks * channels >= 9 * blocks * width) {
      return tasks;
    }
  }
  return width;
}

/// The tasks' gradients follow one another as channels for the gradients of weight and bias, which one call then makes;
/// for those of the input as examples, where they lie so.
Walk::Gradients Walk::convolution_results(Node &node, TaskGradients &gradient) {
  const Convolution convolution(dynamic_cast<recorded::ConvolutionBackward0 &>(node));
  Gradients results(node.num_outputs());
  const std::array<bool, 3> wanted = {section.holds(node.next_edge(0)), section.holds(node.next_edge(1)),
                                      section.holds(node.next_edge(2))};
  if (wanted[1] || wanted[2]) {
    const at::Tensor channels = gradient.side_by_side(1);
    if (!wanted[0]) {
      gradient = TaskGradients();
    }
    const auto [weight, bias] = convolution.weight_gradients(channels, wanted[1], wanted[2]);
    results[1] = wanted[1] ? TaskGradients(weight.unflatten(0, {task_count, -1})) : TaskGradients();
    results[2] = wanted[2] ? TaskGradients(bias.unflatten(0, {task_count, -1})) : TaskGradients();
  }
  if (wanted[0]) {
    results[0] = input_gradients(convolution, gradient, task_count);
  }
  return results;
}
