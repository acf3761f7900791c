// The two walks over K gradients of P numbers each: the products of all pairs of rows, and a weighted sum of the rows.
//
// Nothing here starts a thread or takes memory. The columns are cut into chunks by the matrix's shape alone, so whoever
// calls may do the chunks on as many threads as there are, and the result is the same to the last bit.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

#ifdef __cplusplus
extern "C" {
#endif

/// The instructions to compute with.
typedef enum tk_path {
  /// Vectors of 128 bits, which every processor of the kind has: SSE2, NEON.
  TK_BASELINE = 0,
  /// Vectors of 256 bits, multiplied and added in one instruction.
  TK_AVX2 = 1,
  /// Vectors of 512 bits.
  TK_AVX512 = 2,
} tk_path;

/// What the rows consist of.
typedef enum tk_element { TK_FLOAT32 = 0, TK_FLOAT64 = 1 } tk_element;

/// K rows of P numbers; row k starts at element `k * stride`.
typedef struct tk_matrix {
  const void *_Nullable elements;
  tk_element element;
  int64_t row_count;
  int64_t column_count;
  int64_t stride;
} tk_matrix;

/// Whether this processor has the instructions.
bool tk_runs(tk_path path);

/// The quickest path that this processor has.
tk_path tk_best_path(void);

/// "SSE2", "NEON", "AVX2" or "AVX-512".
const char *tk_path_name(tk_path path);

/// Whether these functions were compiled with optimisation; where they were not, libtorch's are quicker.
bool tk_is_optimized(void);

/// The columns of one chunk.
int64_t tk_chunk_columns(const tk_matrix *matrix);

/// How many chunks the columns are cut into; none where there are no columns.
int64_t tk_chunk_count(const tk_matrix *matrix);

/// Writes the products of all pairs of rows over the columns of each chunk from `first` to before `last`:
/// `row_count * row_count` numbers a chunk, that of chunk 0 at `products`; what lies above the diagonals is of no use.
///
/// Up to four single-precision rows, which wait for memory anyway, are multiplied in double precision; more of them in
/// single precision, over 512 columns at a time, whose sums are added in double precision.
void tk_gramian_chunks(tk_path path, const tk_matrix *matrix, int64_t first, int64_t last, double *products);

/// Adds up the products of all chunks, in the order of the chunks, and fills in the half above the diagonal.
void tk_gramian_sum(const tk_matrix *matrix, const double *products, double *gramian);

/// Writes Σ weights[k] · row k, in the rows' precision, for the columns of each chunk from `first` to before `last`;
/// `vector` is where column 0 goes. It may be the first row itself.
void tk_combine_chunks(tk_path path, const tk_matrix *matrix, const double *weights, int64_t first, int64_t last,
                       void *vector);

#ifdef __cplusplus
}
#endif

#pragma clang assume_nonnull end
