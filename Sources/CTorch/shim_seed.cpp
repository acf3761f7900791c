// Randomness for code that draws from libtorch's own generators and takes none.
#include "shim_seed.h"

#include <algorithm>

namespace shim {

namespace {

/// The turns of all scopes: libtorch's generators belong to the process.
std::recursive_mutex &turns() {
  static std::recursive_mutex mutex;
  return mutex;
}

} // namespace

SeedScope::SeedScope(uint64_t seed, const std::vector<at::Tensor> &tensors) : turn(turns()) {
  std::vector<at::Device> devices{at::Device(at::kCPU)};
  for (const at::Tensor &tensor : tensors) {
    if (tensor.defined() && std::find(devices.begin(), devices.end(), tensor.device()) == devices.end()) {
      devices.push_back(tensor.device());
    }
  }
  try {
    for (const at::Device &where : devices) {
      take(at::globalContext().defaultGenerator(where), seed);
    }
  } catch (...) {
    restore();
    throw;
  }
}

void SeedScope::take(at::Generator generator, uint64_t seed) {
  std::scoped_lock lock(generator.mutex());
  before.emplace_back(generator, generator.get_state());
  generator.set_current_seed(seed);
}

SeedScope::~SeedScope() { restore(); }

void SeedScope::restore() noexcept {
  for (auto &[generator, state] : before) {
    try {
      std::scoped_lock lock(generator.mutex());
      generator.set_state(state);
    } catch (...) {
      // Only a lost device refuses its own state, and nothing can be drawn from that again.
    }
  }
}

} // namespace shim
