// The nodes that libtorch records, by kind.
#pragma once

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Weverything"
#include <torch/csrc/autograd/generated/Functions.h>
#pragma clang diagnostic pop

namespace shim {

namespace recorded = torch::autograd::generated;

} // namespace shim
