// Gradients as rows of one buffer: what the buffer must be, and how gradients get there.
#pragma once

#include "shim_support.h"

#include <vector>

namespace shim {

/// The number of elements of all tensors.
int64_t element_count(const std::vector<at::Tensor> &tensors);

/// Refuses a buffer that is not one contiguous K×P block of the parameters' device and of a type that holds theirs.
void check_rows(const at::Tensor &rows, int64_t task_count, const std::vector<at::Tensor> &parameters);

/// As long as it lives, gradients of large parameters go to a row as they come, and are let go of.
///
/// Without it a pass holds a whole row beside the buffer before it is copied: half as much again for two tasks.
class EarlyWrites final {
public:
  /// - row: elements of all parameters, one after the other.
  EarlyWrites(const at::Tensor &row, const std::vector<at::Tensor> &parameters);
  ~EarlyWrites();

  EarlyWrites(const EarlyWrites &) = delete;
  EarlyWrites &operator=(const EarlyWrites &) = delete;

private:
  std::vector<at::Tensor> watched;
};

/// Writes the gradients that are not there yet one after the other to a row; zeros where one is undefined.
void write_row(const at::Tensor &row, const std::vector<at::Tensor> &gradients,
               const std::vector<at::Tensor> &parameters);

} // namespace shim
