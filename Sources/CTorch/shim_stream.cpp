// The products of the tasks' gradients, which are never there all at once.
#include "shim_rows.h"
#include "shim_walker.h"

#include <algorithm>

using namespace shim;

namespace {

/// The most elements of one parameter.
int64_t largest_count(const Section &section) {
  int64_t largest = 0;
  for (const auto &entry : section.leaves) {
    largest = std::max(largest, entry.second.parameter.numel());
  }
  return largest;
}

/// Holds the tasks' gradients of a parameter until all have come, adds up what is asked of them, and lets go of them.
class Products final : public Gatherer {
public:
  Products(const Section &section, int64_t task_count, const int64_t *groups, ct_row_products kind, double *sums)
      : task_count(task_count), groups(groups), kind(kind), sums(sums) {
    const at::Tensor &first = section.leaves.begin()->second.parameter;
    space = at::empty({task_count * largest_count(section)}, first.options().requires_grad(false));
  }

  at::Tensor place(const Leaf &leaf) override {
    std::vector<int64_t> sizes = {task_count};
    sizes.insert(sizes.end(), leaf.parameter.sizes().begin(), leaf.parameter.sizes().end());
    const int64_t count = task_count * leaf.parameter.numel();
    if (taken + count > space.numel() || leaf.parameter.scalar_type() != space.scalar_type()) {
      return at::empty(sizes, leaf.parameter.options().requires_grad(false));
    }
    taken += count;
    ++tenants;
    return space.narrow(0, taken - count, count).view(sizes);
  }

  void complete(Leaf &leaf) override {
    if (leaf.is_written) {
      add(leaf.columns.view({task_count, leaf.parameter.numel()}), sums + groups[leaf.index] * numbers_a_group());
    }
    if (leaf.columns.defined() && leaf.columns.is_alias_of(space) && --tenants == 0) {
      taken = 0;
    }
    leaf.columns = at::Tensor();
  }

private:
  int64_t task_count;
  const int64_t *groups;
  ct_row_products kind;
  double *sums;
  /// Room for the largest parameter's gradients, where one parameter's follow the other's.
  at::Tensor space;
  int64_t taken = 0;
  int64_t tenants = 0;

  int64_t numbers_a_group() const { return task_count * task_count * (kind == CT_ROW_PRODUCTS ? 1 : 2); }

  void add(const at::Tensor &rows, double *sum) const {
    if (kind == CT_ROW_PRODUCTS) {
      return add_products(rows, sum);
    }
    const at::Tensor signs = rows.sign();
    add_products(signs, sum);
    add_products(signs.abs(), sum + task_count * task_count);
  }

  void add_products(const at::Tensor &rows, double *sum) const {
    std::vector<double> products(static_cast<size_t>(task_count * task_count));
    row_products(rows, products.data());
    for (const double product : products) {
      *sum++ += product;
    }
  }
};

/// Whether a walk for each task from here on holds less: the layers below are wide and have few parameters.
class AloneBelow {
public:
  AloneBelow(const Section &section, int64_t task_count)
      : task_count(task_count), largest(largest_count(section)) {}

  bool holds_less(Walk &walk) const {
    if (!walk.is_at_one_node()) {
      return false;
    }
    int64_t row = 0;
    int64_t row_bytes = 0;
    for (const Leaf *leaf : walk.leaves_ahead()) {
      row += leaf->parameter.numel();
      row_bytes += static_cast<int64_t>(leaf->parameter.nbytes());
    }
    // What is held at the one node is held either way.
    return row <= largest && task_count * widest_ahead(walk) > std::max(least_bytes, task_count * row_bytes);
  }

private:
  /// Below this, walking together is quicker and nothing to speak of is held.
  static constexpr int64_t least_bytes = 64 << 20;

  int64_t task_count;
  int64_t largest;

  static int64_t widest_ahead(const Walk &walk) {
    int64_t widest = 0;
    for (const auto &[node, ways] : walk.section.ways) {
      widest = std::max(widest, ways > 0 ? widest_bytes(*node) : 0);
    }
    return widest;
  }
};

} // namespace

ct_status ct_stream_products(ct_tensor feature_rows_handle, ct_tensors features_list, int64_t feature_count,
                             ct_tensors shared, int64_t shared_count, const int64_t *groups, int64_t group_count,
                             ct_row_products kind, bool *is_done, double *products) {
  return guarded([&] {
    const at::Tensor feature_rows = borrow(feature_rows_handle);
    const Tensors features = borrow_all(features_list, feature_count);
    const Tensors parameters = borrow_all(shared, shared_count);
    const int64_t task_count = feature_rows.size(0);
    *is_done = false;
    if (!are_recorded(features, parameters)) {
      return;
    }
    c10::NoGradGuard unrecorded;
    Section section = section_between(features, parameters);
    if (!can_go_together(section)) {
      return;
    }
    const int64_t numbers = group_count * task_count * task_count * (kind == CT_ROW_PRODUCTS ? 1 : 2);
    std::fill(products, products + numbers, 0.0);
    Products sums(section, task_count, groups, kind, products);
    const AloneBelow alone_below(section, task_count);
    Walk walk(std::move(section), task_count, sums);
    walk.start(feature_rows, features);
    while (walk.goes_on()) {
      alone_below.holds_less(walk) ? walk.go_on_alone() : walk.step(true);
    }
    tally.backward_passes += task_count;
    *is_done = true;
  });
}
