// The gradients of several tasks at one place of a recording.
#pragma once

#include "shim_section.h"

namespace shim {

/// One tensor with an axis for the tasks in front, or one tensor for each task: whichever the layer that made them gives
/// without a copy.
class TaskGradients {
public:
  TaskGradients() = default;
  explicit TaskGradients(at::Tensor all) : all(std::move(all)) {}
  explicit TaskGradients(Tensors each);

  bool defined() const { return all.defined() || !each.empty(); }

  /// Whether the tasks lie in one tensor.
  bool are_together() const { return all.defined(); }

  /// All tasks in one tensor.
  const at::Tensor &together();

  /// One tensor of one task's shape but for an axis along which the tasks follow one another; there must be gradients.
  at::Tensor side_by_side(int64_t axis);

  /// One task's gradient, which is not kept; undefined where it has none.
  at::Tensor take(int64_t task);

  /// Adds gradients of the same tasks.
  void add(TaskGradients other);

  /// Those of one task alone, which are not kept.
  TaskGradients alone(int64_t task);

private:
  at::Tensor all;
  Tensors each;

  void fill_gaps();
};

} // namespace shim
