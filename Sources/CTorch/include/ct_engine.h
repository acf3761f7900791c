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

/// What a device's caching allocator holds, in bytes.
typedef struct ct_memory {
  int64_t allocated;
  int64_t peak_allocated;
  int64_t reserved;
  int64_t peak_reserved;
} ct_memory;
/// Fails for a device without a caching allocator.
CT_API ct_status ct_device_memory(ct_device device, ct_memory *memory);
CT_API ct_status ct_reset_peak_memory(ct_device device);

#pragma clang assume_nonnull end
