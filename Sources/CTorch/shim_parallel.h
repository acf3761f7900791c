// Loops on the threads that libtorch may use.
#pragma once

#include <cstdint>

namespace shim {

/// Part of a loop: what to do, and from where to where.
using LoopPart = void (*)(const void *body, int64_t first, int64_t last);

/// Does the parts of a loop, on several threads where it is longer than `grain`.
void run_loop(int64_t count, int64_t grain, const void *body, LoopPart part);

/// Does `count` things, at least `grain` of them on one thread, and counts a loop that several threads did.
///
/// `at::parallel_for` would do for code that is compiled for OpenMP. This is not: clang's OpenMP is another one than
/// libtorch's, with threads of its own, and without it `at::parallel_for` quietly does everything on one thread.
template <typename Body> void in_parallel(int64_t count, int64_t grain, const Body &body) {
  run_loop(count, grain, &body, [](const void *context, int64_t first, int64_t last) {
    (*static_cast<const Body *>(context))(first, last);
  });
}

} // namespace shim
