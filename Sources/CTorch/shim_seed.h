// Randomness for code that draws from libtorch's own generators and takes none.
#pragma once

#include "shim_support.h"

namespace shim {

/// While it lives, libtorch's generators of the host and of the tensors' devices start from a seed; at its
/// end they are as they were before.
class SeedScope {
public:
  SeedScope(uint64_t seed, const std::vector<at::Tensor> &tensors);
  ~SeedScope();
  SeedScope(const SeedScope &) = delete;
  SeedScope &operator=(const SeedScope &) = delete;

private:
  void take(at::Generator generator, uint64_t seed);
  void restore() noexcept;
  std::vector<std::pair<at::Generator, at::Tensor>> before;
};

} // namespace shim
