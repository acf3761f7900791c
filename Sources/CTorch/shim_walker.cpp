// A walk from features to parameters that carries the gradients of several tasks.
#include "shim_walker.h"

#include "shim_recorded.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Weverything"
#include <torch/csrc/autograd/engine.h>
#pragma clang diagnostic pop

#include <algorithm>

using namespace shim;

namespace {

bool is_plain(const recorded::AddmmBackward0 &node) { return node.alpha.equal(1) && node.beta.equal(1); }

/// Whether a copy changed the type and nothing else, as autocast does.
bool is_cast(const recorded::ToCopyBackward0 &node, const at::Tensor &gradient) {
  return node.self_options.device() == gradient.device() && node.self_options.layout() == gradient.layout();
}

bool is_view(const Node &node) {
  return dynamic_cast<const recorded::ViewBackward0 *>(&node) != nullptr ||
         dynamic_cast<const recorded::UnsafeViewBackward0 *>(&node) != nullptr ||
         dynamic_cast<const recorded::ReshapeAliasBackward0 *>(&node) != nullptr;
}

/// For parameters whose places are all given already.
class NothingToPlace final : public Gatherer {
public:
  at::Tensor place(const Leaf &) override { TORCH_CHECK(false, "a parameter came up that leads nowhere"); }
};

} // namespace

bool shim::is_linear(const Node *node) {
  return dynamic_cast<const recorded::AddmmBackward0 *>(node) != nullptr ||
         dynamic_cast<const recorded::MmBackward0 *>(node) != nullptr;
}

// MARK: From node to node

void Walk::start(const at::Tensor &feature_rows, const Tensors &features) {
  int64_t column = 0;
  for (size_t index = 0; index < features.size(); ++index) {
    const at::Tensor part = feature_rows.narrow(1, column, features[index].numel());
    const Edge &root = section.roots[index];
    if (section.holds(root)) {
      const at::Tensor shaped = part.reshape(with_tasks(features[index].sizes()));
      receive(root, TaskGradients(shaped.to(features[index].scalar_type())));
    }
    column += features[index].numel();
  }
  for (const Edge &root : section.roots) {
    const auto ways = section.ways.find(root.function.get());
    if (ways != section.ways.end() && ways->second == 0) {
      ways->second = -1;
      ready.push(Ready{root.function->sequence_nr(), root.function});
    }
  }
}

void Walk::step(bool retain_graph) {
  const NodePointer node = ready.top().node;
  ready.pop();
  const auto found = received.find(node.get());
  if (found == received.end()) {
    // Nothing came this way, as behind a weight that was written already.
    send(*node, Gradients(node->num_outputs()));
  } else {
    Gradients gradients = std::move(found->second);
    received.erase(found);
    send(*node, results(*node, gradients));
  }
  if (!retain_graph) {
    node->release_variables();
  }
}

std::vector<int64_t> Walk::with_tasks(at::IntArrayRef sizes) const {
  std::vector<int64_t> all = {task_count};
  all.insert(all.end(), sizes.begin(), sizes.end());
  return all;
}

const at::Tensor &Walk::columns_of(Leaf &leaf) {
  if (!leaf.columns.defined()) {
    leaf.columns = gatherer.place(leaf);
  }
  return leaf.columns;
}

/// Adds gradients to what has come for a node's output, or to a parameter's.
void Walk::receive(const Edge &edge, TaskGradients gradients) {
  Leaf *leaf = section.leaf_at(edge);
  if (leaf == nullptr) {
    Gradients &slots = received[edge.function.get()];
    slots.resize(std::max<size_t>(slots.size(), edge.function->num_inputs()));
    return slots[edge.input_nr].add(std::move(gradients));
  }
  if (gradients.are_together()) {
    const at::Tensor columns = columns_of(*leaf);
    tally.copied_bytes += static_cast<int64_t>(columns.nbytes());
    leaf->is_written ? columns.add_(gradients.together()) : columns.copy_(gradients.together());
  } else {
    for (int64_t task = 0; task < task_count; ++task) {
      write(*leaf, gradients.take(task), task, leaf->is_written);
    }
  }
  leaf->is_written = true;
}

/// Passes a node's results on; undefined ones are none.
void Walk::send(const Node &node, Gradients gradients) {
  for (size_t index = 0; index < gradients.size(); ++index) {
    const Edge &edge = node.next_edge(index);
    if (section.holds(edge) && gradients[index].defined()) {
      receive(edge, std::move(gradients[index]));
    }
  }
  for (const Edge &edge : node.next_edges()) {
    int64_t *ways = section.ways_at(edge);
    if (ways == nullptr || --*ways > 0) {
      continue;
    }
    if (Leaf *leaf = section.leaf_at(edge)) {
      gatherer.complete(*leaf);
    } else {
      ready.push(Ready{edge.function->sequence_nr(), edge.function});
    }
  }
}

/// What a node makes of the gradients that came to it, for all tasks.
Walk::Gradients Walk::results(Node &node, Gradients &gradients) {
  const bool is_single = gradients.size() == 1 && gradients[0].defined();
  if (is_single && is_linear(&node)) {
    return linear_results(node, gradients);
  }
  if (is_single && has_few_channels(&node)) {
    return convolution_results(node, gradients[0]);
  }
  if (is_single && gradients[0].are_together()) {
    const at::Tensor &gradient = gradients[0].together();
    if (auto *relu = dynamic_cast<recorded::ReluBackward0 *>(&node); relu != nullptr) {
      const at::Tensor result = relu->result_.unpack(relu->getptr());
      return {TaskGradients(at::threshold_backward(gradient, result.expand(gradient.sizes()), 0))};
    }
    if (dynamic_cast<recorded::TBackward0 *>(&node) != nullptr && gradient.dim() == 3) {
      return {TaskGradients(gradient.transpose(1, 2))};
    }
    if (auto *cast = dynamic_cast<recorded::ToCopyBackward0 *>(&node); cast != nullptr && is_cast(*cast, gradient)) {
      // What is written to a parameter's rows is cast on the way.
      const bool ends_here = section.leaf_at(node.next_edge(0)) != nullptr;
      return {TaskGradients(ends_here ? gradient : gradient.to(cast->self_options.dtype()))};
    }
    if (is_view(node)) {
      const Edge &edge = node.next_edge(0);
      return {TaskGradients(gradient.reshape(with_tasks(shape_at(*edge.function, edge.input_nr))))};
    }
  }
  return task_by_task(node, gradients);
}

// MARK: Linear layers

Walk::Gradients Walk::linear_results(Node &node, Gradients &gradients) {
  if (auto *addmm = dynamic_cast<recorded::AddmmBackward0 *>(&node); addmm != nullptr && is_plain(*addmm)) {
    const at::Tensor gradient = gradients[0].together();
    return {bias_gradient(node.next_edge(0), gradient),
            factor_gradient(node.next_edge(1), gradient, [&] { return addmm->mat2_.unpack(); }),
            weight_gradient(node.next_edge(2), gradient, [&] { return addmm->mat1_.unpack(); })};
  }
  if (auto *mm = dynamic_cast<recorded::MmBackward0 *>(&node); mm != nullptr) {
    const at::Tensor gradient = gradients[0].together();
    return {factor_gradient(node.next_edge(0), gradient, [&] { return mm->mat2_.unpack(); }),
            weight_gradient(node.next_edge(1), gradient, [&] { return mm->self_.unpack(); })};
  }
  return task_by_task(node, gradients);
}

/// A bias is added to each example: its gradient is the examples' sum.
TaskGradients Walk::bias_gradient(const Edge &edge, const at::Tensor &gradient) {
  if (!section.holds(edge)) {
    return TaskGradients();
  }
  Leaf *leaf = section.leaf_at(edge);
  const bool is_vector = leaf != nullptr && leaf->parameter.dim() == 1;
  if (is_vector && leaf->parameter.numel() == gradient.size(2) && !leaf->is_written) {
    at::Tensor columns = columns_of(*leaf);
    at::sum_out(columns, gradient, {1});
    leaf->is_written = true;
    return TaskGradients();
  }
  return reduced(edge, gradient);
}

/// A gradient of the shape that an input was broadcast to, summed up to the input's own shape.
TaskGradients Walk::reduced(const Edge &edge, const at::Tensor &gradient) {
  Tensors parts;
  for (int64_t task = 0; task < task_count; ++task) {
    parts.push_back(at::sum_to(gradient.select(0, task), shape_at(*edge.function, edge.input_nr)));
  }
  return TaskGradients(std::move(parts));
}

/// The gradient of the left factor: one product for the examples of all tasks.
template <typename Unpack>
TaskGradients Walk::factor_gradient(const Edge &edge, const at::Tensor &gradient, Unpack other) {
  if (!section.holds(edge)) {
    return TaskGradients();
  }
  const at::Tensor right = other();
  const at::Tensor flat = gradient.reshape({-1, gradient.size(2)});
  return TaskGradients(at::mm(flat, right.t()).view({task_count, gradient.size(1), right.size(0)}));
}

/// The gradient of the right factor: a product for each task, written to the rows at once where it is a layer's weight.
template <typename Unpack>
TaskGradients Walk::weight_gradient(const Edge &edge, const at::Tensor &gradient, Unpack other) {
  if (!section.holds(edge)) {
    return TaskGradients();
  }
  const at::Tensor left = other();
  const at::Tensor inputs = left.expand({task_count, left.size(0), left.size(1)});
  Leaf *leaf = transposed_leaf(edge);
  if (leaf == nullptr) {
    return TaskGradients(at::bmm(inputs.transpose(1, 2), gradient));
  }
  at::Tensor columns = columns_of(*leaf);
  at::bmm_out(columns, gradient.transpose(1, 2), inputs);
  leaf->is_written = true;
  return TaskGradients();
}

/// The weight that is used transposed here and nowhere else, nil where it is not so.
Leaf *Walk::transposed_leaf(const Edge &edge) {
  auto *turn = dynamic_cast<recorded::TBackward0 *>(edge.function.get());
  if (turn == nullptr || section.ways[turn] != 1) {
    return nullptr;
  }
  Leaf *leaf = section.leaf_at(turn->next_edge(0));
  return leaf != nullptr && !leaf->is_written ? leaf : nullptr;
}

// MARK: Everything else

/// Asks a node once for each task, as libtorch's engine does.
Walk::Gradients Walk::task_by_task(Node &node, Gradients &gradients) {
  std::vector<Tensors> parts(node.num_outputs(), Tensors(static_cast<size_t>(task_count)));
  const std::vector<bool> adds = additions(node);
  for (int64_t task = 0; task < task_count; ++task) {
    Tensors inputs;
    for (TaskGradients &gradient : gradients) {
      inputs.push_back(gradient.take(task));
    }
    Tensors outputs = node(std::move(inputs));
    torch::autograd::validate_outputs(node.next_edges(), outputs,
                                      [&](const std::string &text) { return node.name() + ": " + text; });
    for (size_t index = 0; index < outputs.size(); ++index) {
      if (Leaf *leaf = section.leaf_at(node.next_edge(index))) {
        write(*leaf, outputs[index], task, adds[index]);
      } else if (section.holds(node.next_edge(index))) {
        parts[index][static_cast<size_t>(task)] = std::move(outputs[index]);
      }
    }
  }
  Gradients results;
  for (size_t index = 0; index < parts.size(); ++index) {
    if (Leaf *leaf = section.leaf_at(node.next_edge(index))) {
      leaf->is_written = true;
    }
    results.emplace_back(std::move(parts[index]));
  }
  return results;
}

/// For each of a node's outputs, whether others have come before it to the parameter that it leads to.
std::vector<bool> Walk::additions(const Node &node) {
  std::vector<bool> adds;
  std::vector<const Leaf *> seen;
  for (const Edge &edge : node.next_edges()) {
    const Leaf *leaf = section.leaf_at(edge);
    adds.push_back(leaf != nullptr && (leaf->is_written || std::find(seen.begin(), seen.end(), leaf) != seen.end()));
    seen.push_back(leaf);
  }
  return adds;
}

/// Writes one task's gradient of a parameter to its row, or adds it there.
void Walk::write(Leaf &leaf, const at::Tensor &gradient, int64_t task, bool adds) {
  const at::Tensor row = columns_of(leaf).select(0, task);
  if (gradient.defined()) {
    tally.copied_bytes += static_cast<int64_t>(row.nbytes());
    adds ? row.add_(gradient) : row.copy_(gradient);
  } else if (!adds) {
    row.zero_();
  }
}

// MARK: Task after task

bool Walk::is_at_one_node() const {
  const bool is_one = ready.size() == 1 && received.size() == 1;
  return is_one && received.begin()->first == ready.top().node.get();
}

std::vector<Leaf *> Walk::leaves_ahead() {
  std::vector<Leaf *> ahead;
  for (auto &entry : section.leaves) {
    if (entry.second.ways > 0) {
      ahead.push_back(&entry.second);
    }
  }
  std::sort(ahead.begin(), ahead.end(), [](const Leaf *one, const Leaf *other) { return one->index < other->index; });
  return ahead;
}

void Walk::go_on_alone() {
  for (Leaf *leaf : leaves_ahead()) {
    columns_of(*leaf);
  }
  const Ready next = ready.top();
  ready.pop();
  Gradients here = std::move(received.begin()->second);
  received.clear();
  NothingToPlace nothing;
  for (int64_t task = 0; task < task_count; ++task) {
    Walk walk(section, 1, nothing);
    for (Leaf *leaf : walk.leaves_ahead()) {
      leaf->columns = leaf->columns.narrow(0, task, 1);
    }
    Gradients &own = walk.received[next.node.get()];
    for (TaskGradients &gradient : here) {
      own.push_back(gradient.alone(task));
    }
    walk.ready.push(next);
    while (walk.goes_on()) {
      walk.step(true);
    }
    for (auto &entry : walk.section.leaves) {
      const Leaf &leaf = entry.second;
      if (section.leaves[entry.first].ways > 0 && !leaf.is_written) {
        leaf.columns.zero_();
      }
    }
  }
  for (Leaf *leaf : leaves_ahead()) {
    leaf->ways = 0;
    leaf->is_written = true;
    gatherer.complete(*leaf);
  }
}
