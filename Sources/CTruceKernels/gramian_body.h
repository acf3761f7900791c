// The products of all pairs of rows, for one element type and one vector width.
//
// A group of four rows meets itself in `triangle` and the rows after it in `rectangle`, three at a time where there are
// 16 registers for vectors and six at a time where there are 32: as many sums as registers hold, so that each number
// read is worth several products. Where a few sums alone would leave the processor waiting for the last addition,
// `unroll` vectors of a row go to sums of their own.

/// One vector of each of `count` rows with one another.
TK_INLINE void TK_NAME(triangle_step)(const TK_ELEMENT *rows, int64_t stride, int count,
                                      TK_NAME(vector) sums[4][4]) {
  TK_NAME(vector) values[4];
  TK_UNROLL for (int a = 0; a < count; ++a) {
    TK_NAME(load)(rows + a * stride, &values[a]);
    TK_UNROLL for (int b = 0; b <= a; ++b) {
      sums[a][b] += values[a] * values[b];
    }
  }
}

/// Rows `first` to before `first + count` with one another, over `width` columns.
TK_INLINE void TK_NAME(triangle)(const TK_ELEMENT *rows, int64_t stride, int64_t first, int count, int unroll,
                                 int64_t width, double *products, int64_t row_count) {
  TK_NAME(vector) sums[8][4][4] = {0};
  const TK_ELEMENT *start = rows + first * stride;
  int64_t column = 0;
  for (; column + unroll * TK_LANES <= width; column += unroll * TK_LANES) {
    TK_UNROLL for (int slot = 0; slot < unroll; ++slot) {
      TK_NAME(triangle_step)(start + column + slot * TK_LANES, stride, count, sums[slot]);
    }
  }
  for (; column < width; column += TK_LANES) {
    TK_NAME(triangle_step)(start + column, stride, count, sums[0]);
  }
  TK_UNROLL for (int a = 0; a < count; ++a) {
    TK_UNROLL for (int slot = 1; slot < unroll; ++slot) {
      TK_UNROLL for (int b = 0; b <= a; ++b) {
        sums[0][a][b] += sums[slot][a][b];
      }
    }
    tk_double4 totals;
    TK_NAME(totals)(sums[0][a], &totals);
    TK_UNROLL for (int b = 0; b <= a; ++b) {
      products[(first + a) * row_count + first + b] += totals[b];
    }
  }
}

/// One vector of each of four rows with those of `count` others, which are held while the four pass by.
TK_INLINE void TK_NAME(rectangle_step)(const TK_ELEMENT *four, const TK_ELEMENT *others, int64_t stride, int count,
                                       TK_NAME(vector) sums[TK_WIDE][4]) {
  TK_NAME(vector) values[TK_WIDE];
  TK_UNROLL for (int b = 0; b < count; ++b) {
    TK_NAME(load)(others + b * stride, &values[b]);
  }
  TK_UNROLL for (int a = 0; a < 4; ++a) {
    TK_NAME(vector) value;
    TK_NAME(load)(four + a * stride, &value);
    TK_UNROLL for (int b = 0; b < count; ++b) {
      sums[b][a] += value * values[b];
    }
  }
}

/// Four rows from `first` on with `count` rows from `second` on, over `width` columns; fetches a line of what comes
/// next with every fourth vector.
TK_INLINE void TK_NAME(rectangle)(const TK_ELEMENT *rows, int64_t stride, int64_t first, int64_t second, int count,
                                  int unroll, int64_t width, const char *next, double *products,
                                  int64_t row_count) {
  TK_NAME(vector) sums[4][TK_WIDE][4] = {0};
  const TK_ELEMENT *four = rows + first * stride;
  const TK_ELEMENT *others = rows + second * stride;
  int64_t column = 0;
  for (; column + 4 * TK_LANES <= width; column += 4 * TK_LANES, next += TK_LINE_STEP) {
    __builtin_prefetch(next, 0, 2);
    TK_UNROLL for (int part = 0; part < 4; ++part) {
      const int64_t place = column + part * TK_LANES;
      TK_NAME(rectangle_step)(four + place, others + place, stride, count, sums[part % unroll]);
    }
  }
  for (; column < width; column += TK_LANES) {
    TK_NAME(rectangle_step)(four + column, others + column, stride, count, sums[0]);
  }
  TK_UNROLL for (int b = 0; b < count; ++b) {
    TK_UNROLL for (int a = 0; a < 4; ++a) {
      TK_UNROLL for (int slot = 1; slot < unroll; ++slot) {
        sums[0][b][a] += sums[slot][b][a];
      }
    }
    tk_double4 totals;
    TK_NAME(totals)(sums[0][b], &totals);
    *(tk_loose4 *)(products + (second + b) * row_count + first) += totals;
  }
}

#define TK_TRIANGLE(COUNT, UNROLL)                                                                                     \
  TK_NAME(triangle)(rows, stride, group, COUNT, UNROLL, width, products, row_count)

/// The last rows, too few for a group.
TK_INLINE void TK_NAME(last_triangle)(const TK_ELEMENT *rows, int64_t stride, int64_t group, int64_t width,
                                      double *products, int64_t row_count) {
  switch (row_count - group) {
  case 3:
    TK_TRIANGLE(3, 2);
    break;
  case 2:
    TK_TRIANGLE(2, 4);
    break;
  case 1:
    TK_TRIANGLE(1, 8);
    break;
  default:
    break;
  }
}

/// All pairs over a block of columns; `width` is a multiple of TK_LANES.
static void TK_NAME(block)(const TK_ELEMENT *rows, int64_t stride, int64_t row_count, int64_t width, tk_next next,
                           double *products) {
#define TK_RECTANGLE(COUNT, UNROLL)                                                                                    \
  TK_NAME(rectangle)(rows, stride, group, row, COUNT, UNROLL, width, tk_next_half(&next), products, row_count)
  int64_t group = 0;
  for (; group + 4 <= row_count; group += 4) {
    TK_TRIANGLE(4, 1);
    int64_t row = group + 4;
#if TK_WIDE >= 6
    for (; row_count - row >= 6; row += 6) {
      TK_RECTANGLE(6, 1);
    }
#endif
    // Four are two and two: one alone makes a poor rectangle.
    for (; row_count - row >= 3 && row_count - row != 4; row += 3) {
      TK_RECTANGLE(3, 1);
    }
    for (; row_count - row >= 2; row += 2) {
      TK_RECTANGLE(2, 1);
    }
    if (row < row_count) {
      TK_RECTANGLE(1, 2);
    }
  }
  TK_NAME(last_triangle)(rows, stride, group, width, products, row_count);
#undef TK_RECTANGLE
}

#undef TK_TRIANGLE

/// The last columns, too few for a vector.
static void TK_NAME(rest)(const TK_ELEMENT *rows, int64_t stride, int64_t row_count, int64_t width,
                          double *products) {
  for (int64_t a = 0; a < row_count; ++a) {
    for (int64_t b = 0; b <= a; ++b) {
      double sum = 0;
      for (int64_t column = 0; column < width; ++column) {
        sum += (double)rows[a * stride + column] * (double)rows[b * stride + column];
      }
      products[a * row_count + b] += sum;
    }
  }
}

/// All pairs over `width` columns.
static void TK_NAME(gramian)(const void *elements, int64_t stride, int64_t row_count, int64_t width,
                             double *products) {
  const TK_ELEMENT *rows = elements;
  memset(products, 0, (size_t)(row_count * row_count) * sizeof(double));
  tk_next next = {elements, stride * (int64_t)sizeof(TK_ELEMENT), TK_BLOCK / 2 * (int64_t)sizeof(TK_ELEMENT), 0, 0};
  for (; width >= TK_BLOCK; width -= TK_BLOCK, rows += TK_BLOCK) {
    next.start = (const char *)(rows + TK_BLOCK);
    next.half_count = width >= 2 * TK_BLOCK && row_count >= TK_FETCHING_ROWS ? 2 * row_count : 0;
    TK_NAME(block)(rows, stride, row_count, TK_BLOCK, next, products);
  }
  const int64_t whole = width / TK_LANES * TK_LANES;
  next.start = (const char *)rows;
  next.half_count = 0;
  TK_NAME(block)(rows, stride, row_count, whole, next, products);
  TK_NAME(rest)(rows + whole, stride, row_count, width - whole, products);
}
