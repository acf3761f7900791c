// Randomness for code that draws from libtorch's own generators and takes none.
#pragma once

#include "shim_support.h"

#include <mutex>

namespace shim {

/// While it lives, libtorch's generators of the host and of the tensors' devices start from a seed; at its
/// end they are as they were before.
///
/// There is one such generator in a process, so one scope lives at a time and others wait for it. It must end on the
/// thread on which it began.
class SeedScope {
public:
  SeedScope(uint64_t seed, const std::vector<at::Tensor> &tensors);
  ~SeedScope();
  SeedScope(const SeedScope &) = delete;
  SeedScope &operator=(const SeedScope &) = delete;

private:
  void take(at::Generator generator, uint64_t seed);
  void restore() noexcept;
  std::unique_lock<std::recursive_mutex> turn;
  std::vector<std::pair<at::Generator, at::Tensor>> before;
};

} // namespace shim
