// What is computed from gradients that lie as rows of one buffer.
#pragma once

#include "shim_support.h"

namespace shim {

/// Writes the products of all pairs of rows, in row-major order.
void row_products(const at::Tensor &rows, double *products);

} // namespace shim
