// The gradients of several tasks at one place of a recording.
#include "shim_task_gradients.h"

#include <algorithm>

using namespace shim;

namespace {

/// Whether nobody else sees the numbers, so that they may be written over.
bool is_own(const at::Tensor &tensor) {
  return tensor.use_count() == 1 && tensor.has_storage() && tensor.storage().use_count() == 1 &&
         tensor.is_non_overlapping_and_dense();
}

/// One tensor of the numbers of two, in the place of one of them where nobody else sees it.
at::Tensor merged(at::Tensor first, at::Tensor second) {
  if (!first.defined() || !second.defined()) {
    return first.defined() ? first : second;
  }
  if (is_own(first)) {
    return first.add_(second);
  }
  return is_own(second) ? second.add_(first) : first + second;
}

} // namespace

TaskGradients::TaskGradients(Tensors each) {
  const bool has_any = std::any_of(each.begin(), each.end(), [](const auto &one) { return one.defined(); });
  if (has_any) {
    this->each = std::move(each);
  }
}

/// What has no gradient counts as zero where another task has one.
void TaskGradients::fill_gaps() {
  const auto first = std::find_if(each.begin(), each.end(), [](const auto &one) { return one.defined(); });
  const bool has_gap = std::any_of(each.begin(), each.end(), [](const auto &one) { return !one.defined(); });
  const at::Tensor zero = has_gap ? at::zeros_like(*first) : at::Tensor();
  for (at::Tensor &one : each) {
    one = one.defined() ? one : zero;
  }
}

const at::Tensor &TaskGradients::together() {
  if (!all.defined() && !each.empty()) {
    fill_gaps();
    all = at::stack(each);
    each.clear();
  }
  return all;
}

at::Tensor TaskGradients::side_by_side(int64_t axis) {
  if (all.defined()) {
    return all.movedim(0, axis).flatten(axis, axis + 1);
  }
  fill_gaps();
  return each.size() == 1 ? each[0] : at::cat(each, axis);
}

at::Tensor TaskGradients::take(int64_t task) {
  if (all.defined()) {
    return all.select(0, task);
  }
  return each.empty() ? at::Tensor() : std::move(each[static_cast<size_t>(task)]);
}

void TaskGradients::add(TaskGradients other) {
  if (!defined() || !other.defined()) {
    *this = defined() ? std::move(*this) : std::move(other);
  } else if (each.empty() || other.each.empty()) {
    const at::Tensor added = other.together();
    other = TaskGradients();
    at::Tensor own = together();
    all = at::Tensor();
    all = merged(std::move(own), added);
  } else {
    for (size_t task = 0; task < each.size(); ++task) {
      each[task] = merged(std::move(each[task]), std::move(other.each[task]));
    }
  }
}

TaskGradients TaskGradients::alone(int64_t task) {
  at::Tensor one = take(task);
  return one.defined() ? TaskGradients(Tensors{std::move(one)}) : TaskGradients();
}
