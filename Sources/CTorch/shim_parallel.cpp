// Loops on the threads that libtorch may use: those of the OpenMP that came with it.
#include "shim_parallel.h"

#include "shim_support.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Weverything"
#include <ATen/Parallel.h>
#pragma clang diagnostic pop

#include <algorithm>
#include <atomic>
#include <dlfcn.h>
#include <exception>

using namespace shim;

namespace {

/// The entries of the OpenMP that libtorch has loaded, which compilers call for a parallel region: of GCC's by name and, for
/// the sake of programs of GCC's, of LLVM's as well.
struct OpenMP {
  using Start = void (*)(void (*work)(void *), void *data, unsigned thread_count, unsigned flags);
  using Number = int (*)();

  Start start = reinterpret_cast<Start>(dlsym(RTLD_DEFAULT, "GOMP_parallel"));
  Number thread_count = reinterpret_cast<Number>(dlsym(RTLD_DEFAULT, "omp_get_num_threads"));
  Number thread_number = reinterpret_cast<Number>(dlsym(RTLD_DEFAULT, "omp_get_thread_num"));

  bool is_there() const { return start != nullptr && thread_count != nullptr && thread_number != nullptr; }

  static const OpenMP &loaded() {
    static const OpenMP found;
    return found;
  }
};

/// A loop that several threads do, each a part in one piece.
struct Loop {
  const int64_t count;
  const int64_t grain;
  const void *const body;
  const LoopPart part;
  std::atomic<int64_t> thread_count{1};
  std::atomic_flag has_failed = ATOMIC_FLAG_INIT;
  std::exception_ptr failure;

  /// One thread's part.
  void work() {
    const OpenMP &openmp = OpenMP::loaded();
    const int64_t pieces = (count + grain - 1) / grain;
    const int64_t threads = std::min<int64_t>(openmp.thread_count(), pieces);
    const int64_t length = (count + threads - 1) / threads;
    const int64_t first = openmp.thread_number() * length;
    if (first == 0) {
      thread_count = threads;
    }
    if (first >= count) {
      return;
    }
    try {
      part(body, first, std::min(count, first + length));
    } catch (...) {
      // An exception must not leave a thread of OpenMP's.
      if (!has_failed.test_and_set()) {
        failure = std::current_exception();
      }
    }
  }
};

} // namespace

void shim::run_loop(int64_t count, int64_t grain, const void *body, LoopPart part) {
  if (count <= 0) {
    return;
  }
  const bool is_short = count <= std::max<int64_t>(grain, 1);
  if (is_short || at::get_num_threads() < 2 || at::in_parallel_region() || !OpenMP::loaded().is_there()) {
    return part(body, 0, count);
  }
  Loop loop{count, std::max<int64_t>(grain, 1), body, part};
  // How many threads there are is left to OpenMP: GCC's keeps its threads for a region only if the number stays the same.
  OpenMP::loaded().start([](void *data) { static_cast<Loop *>(data)->work(); }, &loop, 0, 0);
  tally.parallel_regions += loop.thread_count > 1 ? 1 : 0;
  if (loop.failure) {
    std::rethrow_exception(loop.failure);
  }
}
