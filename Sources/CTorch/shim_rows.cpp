// What is computed from gradients that lie as rows of one buffer: by the kernels where they know the rows' kind, by
// libtorch where they do not.
#include "shim_rows.h"

#include "shim_parallel.h"

#include "tk_kernels.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>

using namespace shim;

namespace {

// MARK: Kernels

/// More rows than this are a product of matrices like any other, which libtorch makes as quickly.
constexpr int64_t most_kernel_rows = 256;
/// Numbers read by one thread at least: less is done before another thread has woken up.
constexpr int64_t numbers_a_thread = 1 << 18;

/// The rows as the kernels see them; nothing where they do not know their kind.
std::optional<tk_matrix> kernel_matrix(const at::Tensor &rows) {
  const bool is_plain = rows.device().is_cpu() && rows.layout() == at::kStrided && !rows.is_neg() &&
                        (rows.scalar_type() == at::kFloat || rows.scalar_type() == at::kDouble) &&
                        (rows.stride(1) == 1 || rows.size(1) <= 1);
  if (!is_plain || rows.size(0) > most_kernel_rows || !tk_is_optimized()) {
    return std::nullopt;
  }
  const tk_element element = rows.scalar_type() == at::kFloat ? TK_FLOAT32 : TK_FLOAT64;
  return tk_matrix{rows.const_data_ptr(), element, rows.size(0), rows.size(1), rows.stride(0)};
}

/// Does all chunks, on several threads where there is enough to do for each.
template <typename Body> void for_chunks(const tk_matrix &matrix, Body &&body) {
  const int64_t numbers_a_chunk = std::max<int64_t>(1, matrix.row_count * tk_chunk_columns(&matrix));
  const int64_t grain = std::max<int64_t>(1, numbers_a_thread / numbers_a_chunk);
  in_parallel(tk_chunk_count(&matrix), grain, body);
}

void kernel_gramian(const tk_matrix &matrix, double *gramian) {
  const size_t count = static_cast<size_t>(tk_chunk_count(&matrix) * matrix.row_count * matrix.row_count);
  const std::unique_ptr<double[]> products(new double[count]);
  const tk_path path = tk_best_path();
  for_chunks(matrix, [&](int64_t first, int64_t last) {
    tk_gramian_chunks(path, &matrix, first, last, products.get());
  });
  tk_gramian_sum(&matrix, products.get(), gramian);
}

void kernel_combine(const tk_matrix &matrix, const double *weights, void *vector) {
  const tk_path path = tk_best_path();
  for_chunks(matrix, [&](int64_t first, int64_t last) {
    tk_combine_chunks(path, &matrix, weights, first, last, vector);
  });
}

// MARK: libtorch

/// Columns of rows in host memory that are multiplied in one piece: few enough that a single-precision sum
/// keeps its accuracy and the piece stays in the cache.
constexpr int64_t host_columns = 1 << 12;
/// As `host_columns`, for a device, which converts to double precision first.
constexpr int64_t device_columns = 1 << 20;

using Tensors = std::vector<at::Tensor>;

/// The products of all pairs of rows over some columns, in double precision.
at::Tensor piece_gramian(const at::Tensor &rows, int64_t start, int64_t end) {
  const at::Tensor piece = rows.narrow(1, start, end - start);
  if (rows.device().is_cpu() && rows.scalar_type() == at::kFloat) {
    return at::mm(piece, piece.t()).to(at::kDouble);
  }
  const at::Tensor wide = piece.to(at::kDouble);
  return at::mm(wide, wide.t());
}

/// Sums the pieces in their order, whatever thread made each, so that the result does not depend on timing.
at::Tensor host_gramian(const at::Tensor &rows) {
  const int64_t end = rows.size(1);
  const int64_t piece_count = (end + host_columns - 1) / host_columns;
  Tensors pieces(static_cast<size_t>(piece_count));
  in_parallel(piece_count, 1, [&](int64_t first, int64_t last) {
    c10::NoGradGuard unrecorded;
    for (int64_t index = first; index < last; ++index) {
      const int64_t column = index * host_columns;
      pieces[static_cast<size_t>(index)] = piece_gramian(rows, column, std::min(end, column + host_columns));
    }
  });
  at::Tensor sum = at::zeros({rows.size(0), rows.size(0)}, at::kDouble);
  for (const at::Tensor &piece : pieces) {
    sum.add_(piece);
  }
  return sum;
}

at::Tensor device_gramian(const at::Tensor &rows) {
  const int64_t end = rows.size(1);
  at::Tensor sum = at::zeros({rows.size(0), rows.size(0)}, rows.options().dtype(at::kDouble));
  for (int64_t column = 0; column < end; column += device_columns) {
    sum.add_(piece_gramian(rows, column, std::min(end, column + device_columns)));
  }
  return sum.cpu();
}

/// Writes the weighted sum of some columns to the same place of `vector`.
void combine_group(const at::Tensor &rows, int64_t start, int64_t end, const double *weights,
                   const at::Tensor &vector) {
  const at::Tensor columns = rows.narrow(1, start, end - start);
  at::Tensor target = vector.narrow(0, start, end - start);
  if (const auto matrix = kernel_matrix(columns)) {
    return kernel_combine(*matrix, weights, target.mutable_data_ptr());
  }
  const at::Tensor factors =
      at::tensor(at::ArrayRef<double>(weights, static_cast<size_t>(rows.size(0))), at::kDouble);
  if (target.is_alias_of(rows)) {
    // libtorch may write before it has read all.
    target.copy_(at::mv(columns.t(), factors.to(rows.options())));
  } else {
    at::mv_out(target, columns.t(), factors.to(rows.options()));
  }
}

} // namespace

void shim::row_products(const at::Tensor &rows, double *products) {
  if (const auto matrix = kernel_matrix(rows)) {
    return kernel_gramian(*matrix, products);
  }
  const at::Tensor sum = rows.device().is_cpu() ? host_gramian(rows) : device_gramian(rows);
  std::memcpy(products, sum.const_data_ptr(), sum.nbytes());
}

ct_status ct_gramian(ct_tensor rows_handle, int64_t start, int64_t end, double *gramian) {
  return guarded([&] {
    c10::NoGradGuard unrecorded;
    const at::Tensor rows = borrow(rows_handle);
    TORCH_CHECK(rows.dim() == 2 && 0 <= start && start <= end && end <= rows.size(1), "columns ", start,
                "..<", end, " do not lie in rows of shape ", rows.sizes());
    row_products(rows.narrow(1, start, end - start), gramian);
  });
}

ct_status ct_combine(ct_tensor rows_handle, const double *weights, const int64_t *ends, int64_t group_count,
                     bool in_place, ct_result result) {
  return returning(result, [&] {
    c10::NoGradGuard unrecorded;
    const at::Tensor rows = borrow(rows_handle);
    TORCH_CHECK(rows.dim() == 2, "rows have two axes, not ", rows.dim());
    TORCH_CHECK(!in_place || (rows.size(0) > 0 && rows.stride(1) == 1), "rows of shape ", rows.sizes(),
                " have no first row to write to");
    const at::Tensor vector = in_place ? rows.select(0, 0) : at::empty({rows.size(1)}, rows.options());
    int64_t start = 0;
    for (int64_t group = 0; group < group_count; ++group) {
      TORCH_CHECK(start <= ends[group] && ends[group] <= rows.size(1), "columns ", start, "..<", ends[group],
                  " do not lie in rows of shape ", rows.sizes());
      combine_group(rows, start, ends[group], weights + group * rows.size(0), vector);
      start = ends[group];
    }
    TORCH_CHECK(start == rows.size(1), "the groups end at column ", start, " of rows of shape ", rows.sizes());
    return vector;
  });
}
