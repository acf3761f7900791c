// Autocast: operations that bear it compute in a narrower type, on this thread.
#pragma once
#include "ct_types.h"

#pragma clang assume_nonnull begin

/// An autocast that lasts from `ct_autocast_begin` to `ct_autocast_end` on the same thread.
typedef struct ct_autocast_opaque *ct_autocast;
/// Writes a new guard, which `ct_autocast_end` consumes. The type is CT_FLOAT16 or CT_BFLOAT16.
CT_API ct_status ct_autocast_begin(ct_device where, ct_dtype dtype, ct_autocast _Nullable *_Nonnull result);
/// Puts the thread's former autocast back, and lets go of the weights that were cast.
CT_PLAIN void ct_autocast_end(ct_autocast guard);
/// Whether operations on a kind of device are autocast on this thread.
CT_API ct_status ct_is_autocast(ct_device where, bool *is_autocast);

#pragma clang assume_nonnull end
