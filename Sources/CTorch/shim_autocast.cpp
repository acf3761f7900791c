// Autocast: operations that bear it compute in a narrower type, on this thread.
#include "shim_support.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Weverything"
#include <ATen/autocast_mode.h>
#pragma clang diagnostic pop

using namespace shim;

namespace {

/// The state of one thread and one kind of device, put back at the end.
class Autocast {
public:
  Autocast(at::DeviceType where, at::ScalarType type)
      : where(where), former_type(at::autocast::get_autocast_dtype(where)),
        was_enabled(at::autocast::is_autocast_enabled(where)), was_caching(at::autocast::is_autocast_cache_enabled()) {
    // The cache knows a parameter by its address and not by the type it was cast to.
    at::autocast::clear_cache();
    at::autocast::set_autocast_dtype(where, type);
    at::autocast::set_autocast_enabled(where, true);
    at::autocast::set_autocast_cache_enabled(true);
    at::autocast::increment_nesting();
  }

  ~Autocast() {
    at::autocast::decrement_nesting();
    at::autocast::clear_cache();
    at::autocast::set_autocast_cache_enabled(was_caching);
    at::autocast::set_autocast_enabled(where, was_enabled);
    at::autocast::set_autocast_dtype(where, former_type);
  }

  Autocast(const Autocast &) = delete;
  Autocast &operator=(const Autocast &) = delete;

private:
  const at::DeviceType where;
  const at::ScalarType former_type;
  const bool was_enabled;
  const bool was_caching;
};

} // namespace

ct_status ct_autocast_begin(ct_device where, ct_dtype dtype, ct_autocast *result) {
  return guarded([&] {
    const at::ScalarType type = scalar_type(dtype);
    TORCH_CHECK(type == at::kHalf || type == at::kBFloat16, "autocast computes in float16 or bfloat16, not in ", type);
    *result = reinterpret_cast<ct_autocast>(new Autocast(device(where).type(), type));
  });
}

void ct_autocast_end(ct_autocast guard) { delete reinterpret_cast<Autocast *>(guard); }

ct_status ct_is_autocast(ct_device where, bool *is_autocast) {
  return guarded([&] { *is_autocast = at::autocast::is_autocast_enabled(device(where).type()); });
}
