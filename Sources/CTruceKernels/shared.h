// What all vectors share.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define TK_INLINE static inline __attribute__((always_inline))
/// For loops whose bounds are constants once their function is inlined: their arrays become registers.
#define TK_UNROLL _Pragma("unroll")

/// Columns of a block: few enough that sums in single precision keep their digits and that two hundred rows stay in the
/// second cache, enough that a block's end, which adds up vectors, weighs little.
#define TK_BLOCK 512
/// Columns whose weighted sums stay in the first cache.
#define TK_STRIP 1024
/// From so many rows on there is enough to compute for the next block to be fetched meanwhile; the processor's own
/// foresight, which serves fewer rows, loses the thread of many.
#define TK_FETCHING_ROWS 13

typedef double tk_double4 __attribute__((vector_size(32)));
typedef double tk_loose4 __attribute__((vector_size(32), aligned(8), may_alias));

/// The next block of columns, which is fetched into the cache half a row at a time while this one is multiplied.
typedef struct tk_next {
  const char *start;
  int64_t row_bytes;
  int64_t half_bytes;
  int64_t half_count;
  int64_t half;
} tk_next;

/// Where the next half of a row lies; the first once all have been fetched.
TK_INLINE const char *tk_next_half(tk_next *next) {
  const int64_t half = next->half < next->half_count ? next->half++ : 0;
  return next->start + half / 2 * next->row_bytes + half % 2 * next->half_bytes;
}
