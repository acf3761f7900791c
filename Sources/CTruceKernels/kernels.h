// What a path brings.
#pragma once

#include "include/tk_kernels.h"

typedef void tk_gramian_function(const void *rows, int64_t stride, int64_t row_count, int64_t width, double *products);

typedef void tk_combine_function(const void *rows, int64_t stride, int64_t row_count, int64_t width,
                                 const double *weights, void *vector, bool streams);

/// The functions of one path.
typedef struct tk_kernels {
  /// float32 rows, sums in float32 over a block of columns and in float64 over the blocks.
  tk_gramian_function *gramian_single;
  /// float32 rows, sums in float64.
  tk_gramian_function *gramian_widened;
  /// float64 rows.
  tk_gramian_function *gramian_double;
  tk_combine_function *combine_single;
  tk_combine_function *combine_double;
} tk_kernels;

extern const tk_kernels tk_baseline;
extern const tk_kernels tk_avx2;
extern const tk_kernels tk_avx512;
