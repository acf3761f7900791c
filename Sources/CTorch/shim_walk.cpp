// One walk through a recording for the gradients of several tasks at once.
//
// libtorch's engine carries one gradient at a time through a recording. Here each gradient has a first axis for the tasks,
// and a layer's gradients are one batched product in place of one product for each task, written to the rows at once.
// Nodes of a kind that is not known here are asked task by task, as the engine would, so every network can be walked.
#include "shim_walk.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Weverything"
#include <torch/csrc/autograd/engine.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/accumulate_grad.h>
#include <torch/csrc/autograd/generated/Functions.h>
#include <torch/csrc/autograd/variable.h>
#pragma clang diagnostic pop

#include <algorithm>
#include <queue>
#include <unordered_map>

using namespace shim;

namespace {

namespace recorded = torch::autograd::generated;
using torch::autograd::Edge;
using torch::autograd::Node;
using Tensors = std::vector<at::Tensor>;

// MARK: The part of a recording that matters

/// A parameter's place in the rows.
struct Leaf {
  /// Held here, since one that no recording uses lives only as long as it is held.
  c10::intrusive_ptr<Node> node;
  int64_t column;
  at::Tensor parameter;
  bool is_written = false;
};

/// The nodes between features and parameters, with the number of ways that lead to each.
struct Section {
  std::vector<Edge> roots;
  std::unordered_map<Node *, Leaf> leaves;
  std::unordered_map<Node *, int64_t> ways;

  bool holds(const Edge &edge) const {
    return edge.is_valid() && (ways.count(edge.function.get()) > 0 || leaves.count(edge.function.get()) > 0);
  }
};

/// Finds every node from which a leaf is reached, without recursion, since recordings are deep.
void find_nodes(Section &section) {
  struct Visit {
    Node *node;
    size_t next;
    bool leads_on;
  };
  std::unordered_map<Node *, bool> known;
  std::vector<Visit> stack;
  auto enter = [&](const Edge &edge) { stack.push_back({edge.function.get(), 0, false}); };
  for (const Edge &root : section.roots) {
    if (known.count(root.function.get()) == 0) {
      enter(root);
    }
    while (!stack.empty()) {
      Visit &visit = stack.back();
      if (visit.next == visit.node->num_outputs()) {
        known[visit.node] = visit.leads_on;
        const bool leads_on = visit.leads_on;
        stack.pop_back();
        if (!stack.empty()) {
          stack.back().leads_on |= leads_on;
        }
        continue;
      }
      const Edge &edge = visit.node->next_edge(visit.next++);
      if (!edge.is_valid()) {
        continue;
      }
      const auto seen = known.find(edge.function.get());
      if (section.leaves.count(edge.function.get()) > 0) {
        visit.leads_on = true;
      } else if (seen != known.end()) {
        visit.leads_on |= seen->second;
      } else {
        enter(edge);
      }
    }
  }
  for (const auto &[node, leads_on] : known) {
    if (leads_on) {
      section.ways[node] = 0;
    }
  }
}

Section section_between(const Tensors &features, const Tensors &parameters) {
  Section section;
  int64_t column = 0;
  for (const at::Tensor &parameter : parameters) {
    const c10::intrusive_ptr<Node> node = torch::autograd::impl::gradient_edge(parameter).function;
    section.leaves.emplace(node.get(), Leaf{node, column, parameter});
    column += parameter.numel();
  }
  for (const at::Tensor &feature : features) {
    section.roots.push_back(torch::autograd::impl::gradient_edge(feature));
  }
  find_nodes(section);
  for (const auto &entry : section.ways) {
    for (const Edge &edge : entry.first->next_edges()) {
      const auto target = edge.is_valid() ? section.ways.find(edge.function.get()) : section.ways.end();
      if (target != section.ways.end()) {
        ++target->second;
      }
    }
  }
  return section;
}

/// The shape of a gradient that goes along an edge.
at::IntArrayRef shape_at(const Node &node, uint32_t input) {
  return c10::asIntArrayRefUnchecked(node.input_metadata(input).shape_as_dim_vector());
}

bool has_hooks(Node &node) {
  return !node.tensor_pre_hooks().empty() || !node.pre_hooks().empty() || !node.post_hooks().empty() ||
         !node.retains_grad_hooks().empty();
}

bool is_linear(const Node *node) {
  return dynamic_cast<const recorded::AddmmBackward0 *>(node) != nullptr ||
         dynamic_cast<const recorded::MmBackward0 *>(node) != nullptr;
}

// MARK: The walk

/// Carries the gradients from node to node.
class Walk {
public:
  Walk(Section section, const at::Tensor &rows)
      : section(std::move(section)), rows(rows), task_count(rows.size(0)) {}

  /// Begins at the features.
  void start(const at::Tensor &feature_rows, const Tensors &features) {
    int64_t column = 0;
    for (size_t index = 0; index < features.size(); ++index) {
      const at::Tensor part = feature_rows.narrow(1, column, features[index].numel());
      const Edge &root = section.roots[index];
      if (section.holds(root)) {
        receive(root, part.reshape(with_tasks(features[index].sizes())));
      }
      column += features[index].numel();
    }
    for (const Edge &root : section.roots) {
      Node *node = root.function.get();
      if (section.ways.count(node) > 0 && section.ways[node] == 0) {
        section.ways[node] = -1;
        ready.push(Ready{node->sequence_nr(), root.function});
      }
    }
  }

  /// Goes on to the parameters.
  void finish(bool retain_graph) {
    while (!ready.empty()) {
      const c10::intrusive_ptr<Node> node = ready.top().node;
      ready.pop();
      step(*node);
      if (!retain_graph) {
        node->release_variables();
      }
    }
    for (const auto &[node, leaf] : section.leaves) {
      if (!leaf.is_written) {
        columns_of(leaf).zero_();
      }
    }
  }

private:
  struct Ready {
    uint64_t number;
    c10::intrusive_ptr<Node> node;
    bool operator<(const Ready &other) const { return number < other.number; }
  };

  Section section;
  at::Tensor rows;
  int64_t task_count;
  std::unordered_map<Node *, Tensors> received;
  std::priority_queue<Ready> ready;

  std::vector<int64_t> with_tasks(at::IntArrayRef sizes) const {
    std::vector<int64_t> all = {task_count};
    all.insert(all.end(), sizes.begin(), sizes.end());
    return all;
  }

  /// A parameter's part of the rows, in its shape behind the tasks' axis.
  at::Tensor columns_of(const Leaf &leaf) const {
    return rows.narrow(1, leaf.column, leaf.parameter.numel()).view(with_tasks(leaf.parameter.sizes()));
  }

  // MARK: Passing on

  /// Adds a gradient to what has come for a node's output, or writes it to the rows at a parameter.
  void receive(const Edge &edge, const at::Tensor &gradient) {
    const auto leaf = section.leaves.find(edge.function.get());
    if (leaf != section.leaves.end()) {
      const at::Tensor columns = columns_of(leaf->second);
      leaf->second.is_written ? columns.add_(gradient) : columns.copy_(gradient);
      leaf->second.is_written = true;
      return;
    }
    Tensors &slots = received[edge.function.get()];
    slots.resize(std::max<size_t>(slots.size(), edge.function->num_inputs()));
    at::Tensor &slot = slots[edge.input_nr];
    slot = slot.defined() ? slot + gradient : gradient;
  }

  /// Passes a node's results on; undefined ones are none.
  void send(const Node &node, const Tensors &gradients) {
    for (size_t index = 0; index < gradients.size(); ++index) {
      const Edge &edge = node.next_edge(index);
      if (section.holds(edge) && gradients[index].defined()) {
        receive(edge, gradients[index]);
      }
    }
    for (const Edge &edge : node.next_edges()) {
      const auto target = edge.is_valid() ? section.ways.find(edge.function.get()) : section.ways.end();
      if (target != section.ways.end() && --target->second == 0) {
        ready.push(Ready{edge.function->sequence_nr(), edge.function});
      }
    }
  }

  void step(Node &node) {
    const auto found = received.find(&node);
    if (found == received.end()) {
      // Nothing came this way, as behind a weight that was written already.
      return send(node, Tensors(node.num_outputs()));
    }
    Tensors gradients = std::move(found->second);
    received.erase(found);
    send(node, results(node, gradients));
  }

  /// What a node makes of the gradients that came to it, for all tasks.
  Tensors results(Node &node, Tensors &gradients) {
    if (gradients.size() == 1 && gradients[0].defined()) {
      const at::Tensor &gradient = gradients[0];
      if (auto *addmm = dynamic_cast<recorded::AddmmBackward0 *>(&node); addmm != nullptr && is_plain(*addmm)) {
        return {bias_gradient(node.next_edge(0), gradient),
                factor_gradient(node.next_edge(1), gradient, [&] { return addmm->mat2_.unpack(); }),
                weight_gradient(node.next_edge(2), gradient, [&] { return addmm->mat1_.unpack(); })};
      }
      if (auto *mm = dynamic_cast<recorded::MmBackward0 *>(&node); mm != nullptr) {
        return {factor_gradient(node.next_edge(0), gradient, [&] { return mm->mat2_.unpack(); }),
                weight_gradient(node.next_edge(1), gradient, [&] { return mm->self_.unpack(); })};
      }
      if (auto *relu = dynamic_cast<recorded::ReluBackward0 *>(&node); relu != nullptr) {
        const at::Tensor result = relu->result_.unpack(relu->getptr());
        return {at::threshold_backward(gradient, result.expand(gradient.sizes()), 0)};
      }
      if (dynamic_cast<recorded::TBackward0 *>(&node) != nullptr && gradient.dim() == 3) {
        return {gradient.transpose(1, 2)};
      }
      if (is_view(node)) {
        const Edge &edge = node.next_edge(0);
        return {gradient.reshape(with_tasks(shape_at(*edge.function, edge.input_nr)))};
      }
    }
    return task_by_task(node, gradients);
  }

  // MARK: Linear layers

  static bool is_plain(const recorded::AddmmBackward0 &node) {
    return node.alpha.equal(1) && node.beta.equal(1);
  }

  /// The leaf that an edge leads to, nil where it leads to something else.
  Leaf *leaf_at(const Edge &edge) {
    const auto leaf = edge.is_valid() ? section.leaves.find(edge.function.get()) : section.leaves.end();
    return leaf == section.leaves.end() ? nullptr : &leaf->second;
  }

  /// A bias is added to each example: its gradient is the examples' sum.
  at::Tensor bias_gradient(const Edge &edge, const at::Tensor &gradient) {
    if (!section.holds(edge)) {
      return at::Tensor();
    }
    Leaf *leaf = leaf_at(edge);
    const bool is_vector = leaf != nullptr && leaf->parameter.dim() == 1;
    if (is_vector && leaf->parameter.numel() == gradient.size(2) && !leaf->is_written) {
      at::Tensor columns = columns_of(*leaf);
      at::sum_out(columns, gradient, {1});
      leaf->is_written = true;
      return at::Tensor();
    }
    return reduced(edge, gradient);
  }

  /// A gradient of the shape that an input was broadcast to, summed up to the input's own shape.
  at::Tensor reduced(const Edge &edge, const at::Tensor &gradient) {
    return each_task([&](int64_t task) {
      return at::sum_to(gradient.select(0, task), shape_at(*edge.function, edge.input_nr));
    });
  }

  /// The gradient of the left factor: one product for the examples of all tasks.
  template <typename Unpack>
  at::Tensor factor_gradient(const Edge &edge, const at::Tensor &gradient, Unpack other) {
    if (!section.holds(edge)) {
      return at::Tensor();
    }
    const at::Tensor right = other();
    const at::Tensor flat = gradient.reshape({-1, gradient.size(2)});
    return at::mm(flat, right.t()).view({task_count, gradient.size(1), right.size(0)});
  }

  /// The gradient of the right factor: a product for each task, written to the rows at once where it is a layer's weight.
  template <typename Unpack>
  at::Tensor weight_gradient(const Edge &edge, const at::Tensor &gradient, Unpack other) {
    if (!section.holds(edge)) {
      return at::Tensor();
    }
    const at::Tensor left = other();
    const at::Tensor inputs = left.expand({task_count, left.size(0), left.size(1)});
    Leaf *leaf = transposed_leaf(edge);
    if (leaf == nullptr) {
      return at::bmm(inputs.transpose(1, 2), gradient);
    }
    at::Tensor columns = columns_of(*leaf);
    at::bmm_out(columns, gradient.transpose(1, 2), inputs);
    leaf->is_written = true;
    return at::Tensor();
  }

  /// The weight that is used transposed here and nowhere else, nil where it is not so.
  Leaf *transposed_leaf(const Edge &edge) {
    auto *turn = dynamic_cast<recorded::TBackward0 *>(edge.function.get());
    if (turn == nullptr || section.ways[turn] != 1) {
      return nullptr;
    }
    Leaf *leaf = leaf_at(turn->next_edge(0));
    return leaf != nullptr && !leaf->is_written ? leaf : nullptr;
  }

  // MARK: Shapes

  static bool is_view(const Node &node) {
    return dynamic_cast<const recorded::ViewBackward0 *>(&node) != nullptr ||
           dynamic_cast<const recorded::UnsafeViewBackward0 *>(&node) != nullptr ||
           dynamic_cast<const recorded::ReshapeAliasBackward0 *>(&node) != nullptr;
  }

  // MARK: Everything else

  template <typename Make> at::Tensor each_task(Make make) {
    Tensors parts;
    for (int64_t task = 0; task < task_count; ++task) {
      parts.push_back(make(task));
    }
    return at::stack(parts);
  }

  /// Asks a node once for each task, as libtorch's engine does.
  Tensors task_by_task(Node &node, const Tensors &gradients) {
    std::vector<Tensors> parts(node.num_outputs(), Tensors(static_cast<size_t>(task_count)));
    for (int64_t task = 0; task < task_count; ++task) {
      Tensors inputs;
      for (const at::Tensor &gradient : gradients) {
        inputs.push_back(gradient.defined() ? gradient.select(0, task) : gradient);
      }
      Tensors outputs = node(std::move(inputs));
      torch::autograd::validate_outputs(node.next_edges(), outputs,
                                        [&](const std::string &text) { return node.name() + ": " + text; });
      for (size_t index = 0; index < outputs.size(); ++index) {
        if (!write(outputs[index], task, node.next_edge(index))) {
          parts[index][static_cast<size_t>(task)] = std::move(outputs[index]);
        }
      }
    }
    Tensors results;
    for (size_t index = 0; index < parts.size(); ++index) {
      Leaf *leaf = leaf_at(node.next_edge(index));
      if (leaf != nullptr) {
        leaf->is_written = true;
      }
      const bool goes_on = leaf == nullptr && section.holds(node.next_edge(index));
      results.push_back(goes_on ? joined(parts[index]) : at::Tensor());
    }
    return results;
  }

  /// Writes one task's gradient of a parameter to its row, or adds it where others have come before this node's.
  bool write(const at::Tensor &gradient, int64_t task, const Edge &edge) {
    const Leaf *leaf = leaf_at(edge);
    if (leaf == nullptr) {
      return false;
    }
    at::Tensor row = columns_of(*leaf).select(0, task);
    if (!leaf->is_written) {
      gradient.defined() ? row.copy_(gradient) : row.zero_();
    } else if (gradient.defined()) {
      row.add_(gradient);
    }
    return true;
  }

  /// One tensor of the tasks' gradients; an undefined one counts as zero where another is defined.
  static at::Tensor joined(Tensors &parts) {
    const auto first = std::find_if(parts.begin(), parts.end(), [](const auto &part) { return part.defined(); });
    if (first == parts.end()) {
      return at::Tensor();
    }
    const at::Tensor zero = at::zeros_like(*first);
    for (at::Tensor &part : parts) {
      part = part.defined() ? part : zero;
    }
    return at::stack(parts);
  }
};

// MARK: Memory

/// Bytes that the tasks' gradients of one layer may take at once.
constexpr int64_t bytes_at_once = 64 << 20;

/// How many tasks to walk at once, so that the gradients of the widest layer stay within bounds.
int64_t tasks_at_once(const Section &section) {
  int64_t widest = 1;
  for (const auto &entry : section.ways) {
    for (uint32_t index = 0; index < entry.first->num_inputs(); ++index) {
      const auto item_size = entry.first->input_metadata(index).options().dtype().itemsize();
      const int64_t count = c10::multiply_integers(shape_at(*entry.first, index));
      widest = std::max(widest, count * static_cast<int64_t>(item_size));
    }
  }
  return std::max<int64_t>(1, bytes_at_once / widest);
}

/// Whether one walk is quicker than one for each task: linear layers make it so; convolutions, which are asked task by task
/// here, would only have their results copied. And nothing may hang on the recording that wants to see each task's gradient
/// by itself.
bool gains(const Section &section) {
  bool has_linear = false;
  bool has_convolution = false;
  bool is_watched = false;
  for (const auto &entry : section.ways) {
    has_linear |= is_linear(entry.first);
    has_convolution |= dynamic_cast<const recorded::ConvolutionBackward0 *>(entry.first) != nullptr;
    is_watched |= has_hooks(*entry.first);
  }
  for (const auto &entry : section.leaves) {
    is_watched |= has_hooks(*entry.first);
  }
  return has_linear && !has_convolution && !is_watched;
}

} // namespace

bool shim::walk_together(const at::Tensor &feature_rows, const Tensors &features, const Tensors &parameters,
                         bool retain_graph, const at::Tensor &rows) {
  for (const at::Tensor &feature : features) {
    if (!feature.requires_grad() || feature.grad_fn() == nullptr) {
      return false;
    }
  }
  // What is asked for a parameter without a gradient is libtorch's to refuse.
  if (!std::all_of(parameters.begin(), parameters.end(), [](const auto &each) { return each.requires_grad(); })) {
    return false;
  }
  c10::NoGradGuard unrecorded;
  const Section section = section_between(features, parameters);
  const int64_t task_count = rows.size(0);
  const int64_t at_once = std::min(tasks_at_once(section), task_count);
  if (at_once < 2 || !gains(section)) {
    return false;
  }
  for (int64_t first = 0; first < task_count; first += at_once) {
    const int64_t count = std::min(at_once, task_count - first);
    Walk walk(section, rows.narrow(0, first, count));
    walk.start(feature_rows.narrow(0, first, count), features);
    walk.finish(retain_graph || first + count < task_count);
  }
  return true;
}
