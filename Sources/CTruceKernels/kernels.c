// Which path computes, and how the columns are cut.
#include "kernels.h"
#include <stddef.h>

// MARK: Paths

bool tk_runs(tk_path path) {
  switch (path) {
  case TK_BASELINE:
    return true;
#if defined(__x86_64__)
  case TK_AVX2:
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  case TK_AVX512:
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif
  default:
    return false;
  }
}

tk_path tk_best_path(void) { return tk_runs(TK_AVX512) ? TK_AVX512 : tk_runs(TK_AVX2) ? TK_AVX2 : TK_BASELINE; }

const char *tk_path_name(tk_path path) {
  switch (path) {
  case TK_AVX2:
    return "AVX2";
  case TK_AVX512:
    return "AVX-512";
  default:
#if defined(__aarch64__)
    return "NEON";
#else
    return "SSE2";
#endif
  }
}

bool tk_is_optimized(void) {
#if defined(__OPTIMIZE__)
  return true;
#else
  return false;
#endif
}

/// A path that this processor lacks becomes the one that all have.
static const tk_kernels *kernels(tk_path path) {
#if defined(__x86_64__)
  if (tk_runs(path)) {
    return path == TK_AVX512 ? &tk_avx512 : path == TK_AVX2 ? &tk_avx2 : &tk_baseline;
  }
#else
  (void)path;
#endif
  return &tk_baseline;
}

// MARK: Chunks

enum {
  /// A multiple of every block, strip and vector.
  columns_a_chunk = 1 << 14,
  /// With more rows chunks grow, so that their products stay below a hundredth of the rows.
  rows_a_unit = 64,
  /// Up to here single-precision rows are multiplied in double precision at the speed of memory.
  widened_rows = 4,
  /// Longer sums, which would push all else out of the caches, are written past them.
  streamed_bytes = 1 << 24,
};

static int64_t item_size(const tk_matrix *matrix) { return matrix->element == TK_FLOAT64 ? 8 : 4; }

static const void *column_start(const tk_matrix *matrix, int64_t column) {
  return (const char *)matrix->elements + column * item_size(matrix);
}

static int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

int64_t tk_chunk_columns(const tk_matrix *matrix) {
  return columns_a_chunk * (1 + matrix->row_count / rows_a_unit);
}

int64_t tk_chunk_count(const tk_matrix *matrix) {
  const int64_t columns = tk_chunk_columns(matrix);
  return (matrix->column_count + columns - 1) / columns;
}

void tk_gramian_chunks(tk_path path, const tk_matrix *matrix, int64_t first, int64_t last, double *products) {
  const tk_kernels *const all = kernels(path);
  tk_gramian_function *const gramian = matrix->element == TK_FLOAT64      ? all->gramian_double
                                       : matrix->row_count > widened_rows ? all->gramian_single
                                                                          : all->gramian_widened;
  const int64_t columns = tk_chunk_columns(matrix);
  for (int64_t chunk = first; chunk < last; ++chunk) {
    const int64_t start = chunk * columns;
    const int64_t width = smaller(columns, matrix->column_count - start);
    gramian(column_start(matrix, start), matrix->stride, matrix->row_count, width,
            products + chunk * matrix->row_count * matrix->row_count);
  }
}

void tk_gramian_sum(const tk_matrix *matrix, const double *products, double *gramian) {
  const int64_t rows = matrix->row_count;
  const int64_t chunks = tk_chunk_count(matrix);
  for (int64_t index = 0; index < rows * rows; ++index) {
    gramian[index] = 0;
  }
  for (int64_t chunk = 0; chunk < chunks; ++chunk) {
    for (int64_t index = 0; index < rows * rows; ++index) {
      gramian[index] += products[chunk * rows * rows + index];
    }
  }
  for (int64_t a = 0; a < rows; ++a) {
    for (int64_t b = 0; b < a; ++b) {
      gramian[b * rows + a] = gramian[a * rows + b];
    }
  }
}

void tk_combine_chunks(tk_path path, const tk_matrix *matrix, const double *weights, int64_t first, int64_t last,
                       void *vector) {
  const tk_kernels *const all = kernels(path);
  tk_combine_function *const combine =
      matrix->element == TK_FLOAT64 ? all->combine_double : all->combine_single;
  const int64_t columns = tk_chunk_columns(matrix);
  const int64_t start = first * columns;
  const int64_t end = smaller(last * columns, matrix->column_count);
  // The first row has just been read: it is written where it lies in the cache.
  const bool is_large = matrix->column_count * item_size(matrix) > streamed_bytes;
  const bool streams = is_large && vector != matrix->elements;
  if (start < end) {
    combine(column_start(matrix, start), matrix->stride, matrix->row_count, end - start, weights,
            (char *)vector + start * item_size(matrix), streams);
  }
}
