// One walk through a recording for the gradients of several tasks at once, into rows that are there.
#include "shim_walk.h"

#include "shim_walker.h"

#include <algorithm>
#include <optional>

using namespace shim;

namespace {

/// Writes to the tasks' rows.
class Rows final : public Gatherer {
public:
  explicit Rows(at::Tensor rows) : rows(std::move(rows)) {}

  at::Tensor place(const Leaf &leaf) override {
    std::vector<int64_t> sizes = {rows.size(0)};
    sizes.insert(sizes.end(), leaf.parameter.sizes().begin(), leaf.parameter.sizes().end());
    return rows.narrow(1, leaf.column, leaf.parameter.numel()).view(sizes);
  }

private:
  at::Tensor rows;
};

/// Whether some node of a section is of a kind.
template <typename Is> bool any_node(const Section &section, Is is) {
  return std::any_of(section.ways.begin(), section.ways.end(), [&](const auto &entry) { return is(entry.first); });
}

/// Bytes that the tasks' gradients of one layer may take at once: what a layer gets and what it gives then stay in the
/// cache that the cores share, beside weights and inputs.
///
/// Measured with 400 numbers a layer, 10 and 50 tasks and batches of 128 and 1280 on 32 MiB of cache: from 5 to 10 MiB is
/// quickest, less makes the products small, more has them read from memory. One number for all machines, since the last
/// digits depend on it.
constexpr int64_t bytes_at_once = 8 << 20;

/// As `bytes_at_once` for as many tasks as fill the lanes of a convolution with few channels. That computes on each number
/// for long, so that the cache matters less to it than lanes that lie idle: the bound is one on memory.
///
/// Measured with a shrunk LeNet (5 and 10 channels, 4 MiB a task): three at once are quicker than two and one, five or ten
/// not quicker than groups of three.
constexpr int64_t bytes_of_full_lanes = 32 << 20;

/// How many tasks to walk at once, so that the gradients of the widest layer stay within bounds; in groups of one size as
/// far as that goes.
int64_t group_size(const Section &section, int64_t task_count) {
  int64_t widest = 1;
  int64_t tasks_of_full_lanes = 1;
  int64_t widest_convolution = 0;
  for (const auto &entry : section.ways) {
    const int64_t bytes = widest_bytes(*entry.first);
    widest = std::max(widest, bytes);
    if (has_few_channels(entry.first) && bytes > widest_convolution) {
      widest_convolution = bytes;
      tasks_of_full_lanes = tasks_to_fill_lanes(*entry.first);
    }
  }
  const int64_t in_cache = std::max<int64_t>(1, bytes_at_once / widest);
  const int64_t most = std::max(in_cache, std::min(tasks_of_full_lanes, bytes_of_full_lanes / widest));
  const int64_t groups = std::max<int64_t>(1, (task_count + most - 1) / most);
  return std::max<int64_t>(1, (task_count + groups - 1) / groups);
}

/// Whether one walk is quicker than one for each task: linear layers and convolutions of few channels make it so; other
/// convolutions, which are asked task by task here, would gain nothing.
bool gains(const Section &section) {
  return any_node(section, has_few_channels) || (any_node(section, is_linear) && !any_node(section, is_convolution));
}

/// A section that tasks walk together, and how many of them at once.
struct Plan {
  Section section;
  int64_t at_once;
};

/// How to walk for so many tasks; nothing where a walk for each is as quick or the recording wants it.
std::optional<Plan> plan(const Tensors &features, const Tensors &parameters, int64_t task_count) {
  if (!are_recorded(features, parameters)) {
    return std::nullopt;
  }
  Section section = section_between(features, parameters);
  const int64_t at_once = group_size(section, task_count);
  if (at_once < 2 || !can_go_together(section) || !gains(section)) {
    return std::nullopt;
  }
  return Plan{std::move(section), at_once};
}

} // namespace

bool shim::walk_together(const at::Tensor &feature_rows, const Tensors &features, const Tensors &parameters,
                         bool retain_graph, const at::Tensor &rows) {
  c10::NoGradGuard unrecorded;
  const int64_t task_count = rows.size(0);
  const std::optional<Plan> found = plan(features, parameters, task_count);
  if (!found) {
    return false;
  }
  const auto &[section, at_once] = *found;
  for (int64_t first = 0; first < task_count; first += at_once) {
    const int64_t count = std::min(at_once, task_count - first);
    Rows part(rows.narrow(0, first, count));
    Walk walk(section, count, part);
    walk.start(feature_rows.narrow(0, first, count), features);
    while (walk.goes_on()) {
      walk.step(retain_graph || first + count < task_count);
    }
    for (const auto &[node, leaf] : walk.section.leaves) {
      if (!leaf.is_written) {
        part.place(leaf).zero_();
      }
    }
  }
  return true;
}

int64_t shim::tasks_together(const Tensors &features, const Tensors &parameters, int64_t task_count) {
  const std::optional<Plan> found = plan(features, parameters, task_count);
  return found ? found->at_once : 1;
}
