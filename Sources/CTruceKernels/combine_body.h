// A weighted sum of rows, for one element type and one vector width.
//
// A strip of columns takes up to eight rows at a time, and its sums wait in the first cache for the next eight.

/// Adds `count` rows to the sums, or begins them, and writes them to `target`.
TK_INLINE void TK_NAME(add_rows)(const TK_ELEMENT *rows, int64_t stride, int count, const double *weights,
                                 const TK_ELEMENT *sums, TK_ELEMENT *target, bool streams, int64_t width) {
  TK_NAME(vector) factors[8];
  TK_UNROLL for (int row = 0; row < count; ++row) {
    factors[row] = (TK_NAME(vector)){0} + (TK_ELEMENT)weights[row];
  }
  for (int64_t column = 0; column < width; column += TK_LANES) {
    TK_NAME(vector) sum = {0};
    if (sums != NULL) {
      TK_NAME(load)(sums + column, &sum);
    }
    TK_UNROLL for (int row = 0; row < count; ++row) {
      TK_NAME(vector) values;
      TK_NAME(load)(rows + row * stride + column, &values);
      sum += factors[row] * values;
    }
    if (streams) {
      __builtin_nontemporal_store(sum, (TK_NAME(narrow) *)(target + column));
    } else {
      *(TK_NAME(loose) *)(target + column) = sum;
    }
  }
}

/// The weighted sums of one strip; `width` is a multiple of TK_LANES.
static void TK_NAME(strip)(const TK_ELEMENT *rows, int64_t stride, int64_t row_count, int64_t width,
                           const double *weights, TK_ELEMENT *vector, bool streams) {
#define TK_CASE(COUNT)                                                                                                 \
  case COUNT:                                                                                                          \
    TK_NAME(add_rows)(start, stride, COUNT, weights + row, row > 0 ? sums : NULL, target, to_end, width);              \
    break;
  TK_ELEMENT sums[TK_STRIP];
  int64_t row = 0;
  do {
    const int64_t left = row_count - row;
    const TK_ELEMENT *start = rows + row * stride;
    TK_ELEMENT *target = left > 8 ? sums : vector;
    const bool to_end = streams && left <= 8;
    switch (left < 8 ? left : 8) {
      TK_CASE(0)
      TK_CASE(1)
      TK_CASE(2)
      TK_CASE(3)
      TK_CASE(4)
      TK_CASE(5)
      TK_CASE(6)
      TK_CASE(7)
      TK_CASE(8)
    }
    row += 8;
  } while (row < row_count);
#undef TK_CASE
}

/// Writes the weighted sums of `width` columns.
static void TK_NAME(combine)(const void *elements, int64_t stride, int64_t row_count, int64_t width,
                             const double *weights, void *target, bool streams) {
  const TK_ELEMENT *rows = elements;
  TK_ELEMENT *vector = target;
  const bool may_stream = streams && (uintptr_t)vector % sizeof(TK_NAME(narrow)) == 0;
  const int64_t whole = width / TK_LANES * TK_LANES;
  for (int64_t start = 0; start < whole; start += TK_STRIP) {
    const int64_t part = whole - start < TK_STRIP ? whole - start : TK_STRIP;
    TK_NAME(strip)(rows + start, stride, row_count, part, weights, vector + start, may_stream);
  }
  for (int64_t column = whole; column < width; ++column) {
    TK_ELEMENT sum = 0;
    for (int64_t row = 0; row < row_count; ++row) {
      sum += (TK_ELEMENT)weights[row] * rows[row * stride + column];
    }
    vector[column] = sum;
  }
  if (may_stream) {
    // What is written past the caches is seen by other threads only after this.
    atomic_thread_fence(memory_order_seq_cst);
  }
}
