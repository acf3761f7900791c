// The gradients of K tasks as the rows of one buffer.
#include "shim_gradient_rows.h"
#include "shim_walk.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Weverything"
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/accumulate_grad.h>
#include <torch/csrc/autograd/variable.h>
#pragma clang diagnostic pop

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

using namespace shim;

namespace {

using Tensors = std::vector<at::Tensor>;

// MARK: Accumulation

/// Adds a fresh gradient to what a parameter has, taking its memory over where nothing else uses it.
void accumulate(const at::Tensor &parameter, at::Tensor gradient) {
  if (!gradient.defined()) {
    return;
  }
  at::Tensor &existing = parameter.mutable_grad();
  if (existing.defined()) {
    existing.add_(gradient);
  } else if (gradient.use_count() == 1 && gradient.is_contiguous()) {
    existing = std::move(gradient);
  } else {
    existing = gradient.clone(at::MemoryFormat::Contiguous);
  }
}

/// The place of the last active task, with whose pass the recording is freed; -1 where none is active.
template <typename IsActive> int64_t last_active(int64_t count, IsActive is_active) {
  int64_t last = -1;
  for (int64_t task = 0; task < count; ++task) {
    if (is_active(task)) {
      last = task;
    }
  }
  return last;
}

/// The end of the run of tasks from `first` on that are all active or all not.
int64_t run_end(const bool *is_active, int64_t first, int64_t task_count) {
  return std::find(is_active + first, is_active + task_count, !is_active[first]) - is_active;
}

// MARK: One task's pass

/// The gradients of one loss: row `task` is written, the head's parameters get theirs.
void sweep_task(const at::Tensor &loss, const Tensors &shared, const Tensors &head, bool retain_graph,
                const at::Tensor &rows, int64_t task) {
  Tensors inputs = shared;
  inputs.insert(inputs.end(), head.begin(), head.end());
  const bool create_graph = false;
  const bool allow_unused = true;
  ++tally.backward_passes;
  const at::Tensor row = rows.select(0, task);
  const EarlyWrites early(row, shared);
  Tensors gradients = torch::autograd::grad({loss}, inputs, {}, retain_graph, create_graph, allow_unused);
  write_row(row, gradients, shared);
  c10::NoGradGuard unrecorded;
  for (size_t index = 0; index < head.size(); ++index) {
    accumulate(head[index], std::move(gradients[shared.size() + index]));
  }
}

/// The parts of one row, each in the shape and type of its feature.
Tensors split_row(const at::Tensor &row, const Tensors &features) {
  Tensors parts;
  int64_t column = 0;
  for (const at::Tensor &feature : features) {
    parts.push_back(row.narrow(0, column, feature.numel()).view(feature.sizes()).to(feature.scalar_type()));
    column += feature.numel();
  }
  return parts;
}

/// Pulls the gradients of tasks next to one another back from the features to the parameters: in one walk where that gains and
/// is wanted, else one by one.
void pull_back_run(const at::Tensor &feature_rows, const Tensors &features, const Tensors &parameters, bool retain_graph,
                   bool together, const at::Tensor &rows) {
  const int64_t task_count = rows.size(0);
  tally.backward_passes += task_count;
  if (together && walk_together(feature_rows, features, parameters, retain_graph, rows)) {
    return;
  }
  for (int64_t task = 0; task < task_count; ++task) {
    const Tensors seeds = split_row(feature_rows.select(0, task), features);
    const bool keeps = retain_graph || task < task_count - 1;
    const at::Tensor row = rows.select(0, task);
    const EarlyWrites early(row, parameters);
    write_row(row, torch::autograd::grad(features, parameters, seeds, keeps, false, true), parameters);
  }
}

// MARK: Recording

using Node = torch::autograd::Node;

using Edge = torch::autograd::Edge;

/// Every node the recording of `output` leads to without going along one of the `stops`.
std::unordered_set<const Node *> nodes_below(const at::Tensor &output, const std::vector<Edge> &stops) {
  std::unordered_set<const Node *> seen;
  std::vector<Node *> pending;
  auto visit = [&](const Edge &edge) {
    if (std::find(stops.begin(), stops.end(), edge) != stops.end()) {
      return;
    }
    Node *node = edge.function.get();
    if (node != nullptr && seen.insert(node).second) {
      pending.push_back(node);
    }
  };
  visit(torch::autograd::impl::gradient_edge(output));
  while (!pending.empty()) {
    Node *node = pending.back();
    pending.pop_back();
    for (const auto &edge : node->next_edges()) {
      visit(edge);
    }
  }
  return seen;
}

} // namespace

ct_status ct_reached(ct_tensors outputs, int64_t output_count, ct_tensors parameters,
                     int64_t parameter_count, ct_tensors stops, int64_t stop_count, bool *reached) {
  return guarded([&] {
    const Tensors leaves = borrow_all(parameters, parameter_count);
    std::vector<Edge> edges;
    for (const at::Tensor &stop : borrow_all(stops, stop_count)) {
      if (stop.requires_grad()) {
        edges.push_back(torch::autograd::impl::gradient_edge(stop));
      }
    }
    for (int64_t row = 0; row < output_count; ++row) {
      const at::Tensor output = borrow_optional(outputs[row]);
      const auto nodes = output.defined() && output.requires_grad() ? nodes_below(output, edges)
                                                                     : std::unordered_set<const Node *>();
      for (int64_t column = 0; column < parameter_count; ++column) {
        const at::Tensor &leaf = leaves[static_cast<size_t>(column)];
        const bool has_edge = leaf.requires_grad();
        const Node *node = has_edge ? torch::autograd::impl::gradient_edge(leaf).function.get() : nullptr;
        reached[row * parameter_count + column] = nodes.count(node) > 0;
      }
    }
  });
}

ct_status ct_unlisted_leaf(ct_tensors outputs, int64_t output_count, ct_tensors listed, int64_t listed_count,
                           ct_result leaf) {
  return returning(leaf, [&] {
    std::unordered_set<const at::TensorImpl *> known;
    for (const at::Tensor &tensor : borrow_all(listed, listed_count)) {
      known.insert(tensor.unsafeGetTensorImpl());
    }
    for (const at::Tensor &output : borrow_all(outputs, output_count)) {
      if (!output.requires_grad()) {
        continue;
      }
      for (const Node *node : nodes_below(output, {})) {
        const auto *accumulator = dynamic_cast<const torch::autograd::AccumulateGrad *>(node);
        if (accumulator != nullptr && known.count(accumulator->variable.unsafeGetTensorImpl()) == 0) {
          return at::Tensor(accumulator->variable);
        }
      }
    }
    return at::Tensor();
  });
}

ct_status ct_gradient_sweep(ct_tensors losses, int64_t task_count, ct_tensors shared, int64_t shared_count,
                            ct_tensors heads, const int64_t *head_counts, bool retain_graph,
                            ct_tensor rows_handle) {
  return guarded([&] {
    const at::Tensor rows = borrow(rows_handle);
    const Tensors parameters = borrow_all(shared, shared_count);
    check_rows(rows, task_count, parameters);
    const int64_t last = last_active(task_count, [&](int64_t task) { return losses[task] != nullptr; });
    for (int64_t task = 0; task < task_count; ++task) {
      const Tensors head = borrow_all(heads, head_counts[task]);
      heads += head_counts[task];
      if (losses[task] == nullptr) {
        rows.select(0, task).zero_();
      } else {
        sweep_task(borrow(losses[task]), parameters, head, retain_graph || task < last, rows, task);
      }
    }
  });
}

ct_status ct_pull_back_sweep(ct_tensor feature_rows_handle, ct_tensors features_list, int64_t feature_count,
                             ct_tensors shared, int64_t shared_count, const bool *is_active,
                             bool retain_graph, bool together, ct_tensor rows_handle) {
  return guarded([&] {
    const at::Tensor feature_rows = borrow(feature_rows_handle);
    const at::Tensor rows = borrow(rows_handle);
    const Tensors features = borrow_all(features_list, feature_count);
    const Tensors parameters = borrow_all(shared, shared_count);
    const int64_t task_count = rows.size(0);
    check_rows(feature_rows, task_count, features);
    check_rows(rows, task_count, parameters);
    const int64_t last = last_active(task_count, [&](int64_t task) { return is_active[task]; });
    for (int64_t first = 0, end = 0; first < task_count; first = end) {
      end = run_end(is_active, first, task_count);
      const at::Tensor part = rows.narrow(0, first, end - first);
      const bool keeps = retain_graph || end - 1 < last;
      if (!is_active[first]) {
        part.zero_();
      } else {
        pull_back_run(feature_rows.narrow(0, first, end - first), features, parameters, keeps, together, part);
      }
    }
  });
}

ct_status ct_tasks_together(ct_tensors features, int64_t feature_count, ct_tensors shared, int64_t shared_count,
                            int64_t task_count, int64_t *count) {
  return guarded([&] {
    *count = tasks_together(borrow_all(features, feature_count), borrow_all(shared, shared_count), task_count);
  });
}

ct_status ct_assign_gradients(ct_tensor vector_handle, ct_tensors list, int64_t count, bool accumulates) {
  return guarded([&] {
    c10::NoGradGuard unrecorded;
    const at::Tensor vector = borrow(vector_handle);
    const Tensors parameters = borrow_all(list, count);
    TORCH_CHECK(vector.dim() == 1 && vector.numel() == element_count(parameters), "a vector of shape ",
                vector.sizes(), " does not fit ", element_count(parameters), " parameters");
    int64_t column = 0;
    for (const at::Tensor &parameter : parameters) {
      const at::Tensor part = vector.narrow(0, column, parameter.numel()).view(parameter.sizes());
      at::Tensor &existing = parameter.mutable_grad();
      existing = accumulates && existing.defined() ? existing.add_(part) : part;
      column += parameter.numel();
    }
  });
}
