// What the engine is: version, devices, threads, memory.
#include "shim_support.h"

#include <algorithm>
#include <dlfcn.h>
#include <memory>

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Weverything"
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/detail/AcceleratorHooksInterface.h>
#include <c10/core/Allocator.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <c10/util/ThreadLocalDebugInfo.h>
#include <torch/version.h>
#pragma clang diagnostic pop

using namespace shim;

const char *ct_version(void) { return TORCH_VERSION; }

ct_status ct_configuration_text(const char **text) {
  return guarded([&] { *text = keep_text(at::show_config()); });
}

ct_status ct_parallel_text(const char **text) {
  return guarded([&] { *text = keep_text(at::get_parallel_info()); });
}

ct_status ct_cpu_capability(const char **text) {
  return guarded([&] { *text = keep_text(at::get_cpu_capability()); });
}

ct_status ct_library_path(const char **text) {
  return guarded([&] {
    // A static object lies in its library; a function's address may be a stub in the program.
    const at::Context &context = at::globalContext();
    Dl_info info{};
    TORCH_CHECK(dladdr(&context, &info) != 0, "the system does not tell where libtorch was loaded from");
    *text = keep_text(info.dli_fname);
  });
}

// MARK: Devices

ct_status ct_device_count(ct_device_kind kind, int64_t *count) {
  return guarded([&] {
    switch (kind) {
    case CT_CPU:
      *count = 1;
      return;
    case CT_CUDA:
      *count = at::hasCUDA() ? at::getNumGPUs() : 0;
      return;
    case CT_MPS:
      *count = at::hasMPS() ? 1 : 0;
      return;
    }
    TORCH_CHECK(false, "unknown device kind ", static_cast<int>(kind));
  });
}

ct_status ct_synchronize(ct_device where) {
  return guarded([&] {
    const at::Device target = device(where);
    if (!target.is_cpu()) {
      c10::impl::VirtualGuardImpl(target.type()).synchronizeDevice(target.index());
    }
  });
}

// MARK: Threads

ct_status ct_thread_count(int64_t *count) {
  return guarded([&] { *count = at::get_num_threads(); });
}

ct_status ct_set_thread_count(int64_t count) {
  return guarded([&] {
    TORCH_CHECK(count > 0 && count <= 4096, "a thread count lies between 1 and 4096, not ", count);
    at::set_num_threads(static_cast<int>(count));
  });
}

ct_status ct_set_deterministic(bool is_deterministic) {
  return guarded([&] { at::globalContext().setDeterministicAlgorithms(is_deterministic, false); });
}

ct_status ct_set_tf32(bool in_products, bool in_convolutions) {
  return guarded([&] {
    at::globalContext().setAllowTF32CuBLAS(in_products);
    at::globalContext().setAllowTF32CuDNN(in_convolutions);
  });
}

// MARK: Memory

namespace {

c10::DeviceAllocator &allocator(at::Device where) {
  TORCH_CHECK(where.is_cuda(), "device ", where, " has no caching allocator");
  TORCH_CHECK(at::hasCUDA(), "this libtorch was built without CUDA");
  at::globalContext().lazyInitDevice(where.type());
  return *c10::getDeviceAllocator(where.type());
}

} // namespace

ct_status ct_device_memory(ct_device where, ct_memory *memory) {
  return guarded([&] {
    const at::Device target = device(where);
    const auto statistics = allocator(target).getDeviceStats(target.index());
    const auto allocated = statistics.allocated_bytes[0];
    const auto reserved = statistics.reserved_bytes[0];
    *memory = {allocated.current, allocated.peak, reserved.current, reserved.peak};
  });
}

ct_status ct_total_memory(ct_device where, int64_t *bytes) {
  return guarded([&] {
    const at::Device target = device(where);
    *bytes = static_cast<int64_t>(allocator(target).getMemoryInfo(target.index()).second);
  });
}

ct_status ct_reset_peak_memory(ct_device where) {
  return guarded([&] {
    const at::Device target = device(where);
    allocator(target).resetPeakStats(target.index());
  });
}

namespace {

/// Adds up what libtorch's host allocator hands out and takes back on a thread.
struct WorkWatch final : c10::MemoryReportingInfoBase {
  Tally before = tally;
  int64_t allocations = 0;
  int64_t bytes = 0;
  int64_t peak_bytes = 0;

  void reportMemoryUsage(void * /*memory*/, int64_t size, size_t /*allocated*/, size_t /*reserved*/,
                         c10::Device where) override {
    if (where.is_cpu()) {
      allocations += size > 0 ? 1 : 0;
      bytes += size;
      peak_bytes = std::max(peak_bytes, bytes);
    }
  }
  bool memoryProfilingEnabled() const override { return true; }
};

/// The place where the allocator looks for who wants to know.
c10::DebugInfoKind watch_kind() { return c10::DebugInfoKind::PROFILER_STATE; }

} // namespace

ct_status ct_begin_watch(void) {
  return guarded([&] {
    TORCH_CHECK(c10::ThreadLocalDebugInfo::get(watch_kind()) == nullptr, "this thread is watched already");
    c10::ThreadLocalDebugInfo::_push(watch_kind(), std::make_shared<WorkWatch>());
  });
}

ct_status ct_end_watch(ct_work *work) {
  return guarded([&] {
    TORCH_CHECK(c10::ThreadLocalDebugInfo::get(watch_kind()) != nullptr, "this thread is not watched");
    const auto watch = std::dynamic_pointer_cast<WorkWatch>(c10::ThreadLocalDebugInfo::_pop(watch_kind()));
    TORCH_CHECK(watch != nullptr, "this thread is watched by somebody else");
    *work = {tally.backward_passes - watch->before.backward_passes,
             watch->peak_bytes,
             watch->bytes,
             watch->allocations,
             tally.parallel_regions - watch->before.parallel_regions,
             tally.copied_bytes - watch->before.copied_bytes};
  });
}
