// What the engine is: version, devices, threads, memory.
#pragma once
#include "ct_types.h"

#pragma clang assume_nonnull begin

/// The version of the libtorch headers this shim was compiled against; borrowed, valid for ever.
CT_PLAIN const char *ct_version(void);
/// libtorch's own account of how it was built; borrowed, valid until the next call on this thread.
CT_API ct_status ct_configuration_text(const char *_Nullable *_Nonnull text);
/// libtorch's own account of its threads; borrowed, valid until the next call on this thread.
CT_API ct_status ct_parallel_text(const char *_Nullable *_Nonnull text);
/// The best vector instructions libtorch found, e.g. "AVX2"; borrowed, valid until the next call.
CT_API ct_status ct_cpu_capability(const char *_Nullable *_Nonnull text);
/// The path of the loaded library that holds libtorch's CPU operators; borrowed, valid until the next call.
CT_API ct_status ct_library_path(const char *_Nullable *_Nonnull text);

CT_API ct_status ct_device_count(ct_device_kind kind, int64_t *count);
/// Waits until everything queued on `device` is done.
CT_API ct_status ct_synchronize(ct_device device);

CT_API ct_status ct_thread_count(int64_t *count);
CT_API ct_status ct_set_thread_count(int64_t count);
CT_API ct_status ct_set_deterministic(bool is_deterministic);
/// Lets CUDA's libraries round the factors of single-precision products, and of convolutions, to TF32's 10 bits of 23.
CT_API ct_status ct_set_tf32(bool in_products, bool in_convolutions);

/// What a device's caching allocator holds, in bytes.
typedef struct ct_memory {
  int64_t allocated;
  int64_t peak_allocated;
  int64_t reserved;
  int64_t peak_reserved;
} ct_memory;
/// Fails for a device without a caching allocator.
CT_API ct_status ct_device_memory(ct_device device, ct_memory *memory);
/// The bytes that a device with a caching allocator has, free or not.
CT_API ct_status ct_total_memory(ct_device device, int64_t *bytes);
CT_API ct_status ct_reset_peak_memory(ct_device device);

/// What was done on this thread while it was watched.
typedef struct ct_work {
  int64_t backward_passes;
  /// Bytes of host memory that tensors took at most, and that they still hold, of those allocated meanwhile.
  int64_t peak_bytes;
  int64_t remaining_bytes;
  /// Pieces of host memory that tensors took.
  int64_t allocations;
  /// Loops of Truce's own, large enough for several threads.
  int64_t parallel_regions;
  /// Bytes of gradients that were written once more, to where they belong.
  int64_t copied_bytes;
} ct_work;
/// Begins to watch this thread. Fails where it is watched already.
CT_API ct_status ct_begin_watch(void);
/// Ends the watch. Fails where there is none.
CT_API ct_status ct_end_watch(ct_work *work);

#pragma clang assume_nonnull end
