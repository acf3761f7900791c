// Loops on the threads that libtorch may use.
#pragma once

#include "shim_support.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Weverything"
#include <ATen/Parallel.h>
#pragma clang diagnostic pop

namespace shim {

/// Does `count` things, at least `grain` of them on one thread, and counts a loop that is large enough for several.
template <typename Body> void in_parallel(int64_t count, int64_t grain, const Body &body) {
  tally.parallel_regions += count > grain ? 1 : 0;
  at::parallel_for(0, count, grain, body);
}

} // namespace shim
