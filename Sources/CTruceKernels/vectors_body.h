// Vectors of TK_LANES numbers of type TK_SUM, read from numbers of type TK_ELEMENT.

typedef TK_SUM TK_NAME(vector) __attribute__((vector_size(TK_LANES * sizeof(TK_SUM))));
typedef TK_SUM TK_NAME(four) __attribute__((vector_size(4 * sizeof(TK_SUM))));
typedef TK_SUM TK_NAME(eight) __attribute__((vector_size(8 * sizeof(TK_SUM))));
typedef TK_ELEMENT TK_NAME(narrow) __attribute__((vector_size(TK_LANES * sizeof(TK_ELEMENT)), may_alias));
typedef TK_ELEMENT TK_NAME(loose)
    __attribute__((vector_size(TK_LANES * sizeof(TK_ELEMENT)), aligned(sizeof(TK_ELEMENT)), may_alias));

TK_INLINE void TK_NAME(load)(const TK_ELEMENT *start, TK_NAME(vector) * values) {
  *values = __builtin_convertvector(*(const TK_NAME(loose) *)start, TK_NAME(vector));
}

#if TK_LANES == 2

/// The sums of four vectors, in double precision.
TK_INLINE void TK_NAME(totals)(const TK_NAME(vector) v[4], tk_double4 *sums) {
  const TK_NAME(vector) low = __builtin_shufflevector(v[0], v[1], 0, 2) + __builtin_shufflevector(v[0], v[1], 1, 3);
  const TK_NAME(vector) high = __builtin_shufflevector(v[2], v[3], 0, 2) + __builtin_shufflevector(v[2], v[3], 1, 3);
  *sums = __builtin_shufflevector(low, high, 0, 1, 2, 3);
}

#else

#if TK_LANES == 4
typedef TK_NAME(four) TK_NAME(paired);
#define TK_NEIGHBOURS(A, B) __builtin_shufflevector(A, B, 0, 2, 4, 6) + __builtin_shufflevector(A, B, 1, 3, 5, 7)
#else
// Neighbours within each half, as processors that have vectors of eight add them.
typedef TK_NAME(eight) TK_NAME(paired);
#define TK_NEIGHBOURS(A, B)                                                                                            \
  __builtin_shufflevector(A, B, 0, 2, 8, 10, 4, 6, 12, 14) + __builtin_shufflevector(A, B, 1, 3, 9, 11, 5, 7, 13, 15)
#endif

/// A vector folded to eight numbers, or to four where there are no more.
TK_INLINE void TK_NAME(fold)(const TK_NAME(vector) * values, TK_NAME(paired) * folded) {
#if TK_LANES == 16
  *folded = __builtin_shufflevector(*values, *values, 0, 1, 2, 3, 4, 5, 6, 7) +
            __builtin_shufflevector(*values, *values, 8, 9, 10, 11, 12, 13, 14, 15);
#else
  *folded = *values;
#endif
}

/// The sums of four vectors, in double precision.
TK_INLINE void TK_NAME(totals)(const TK_NAME(vector) v[4], tk_double4 *sums) {
  TK_NAME(paired) folded[4];
  TK_UNROLL for (int i = 0; i < 4; ++i) {
    TK_NAME(fold)(&v[i], &folded[i]);
  }
  const TK_NAME(paired) low = TK_NEIGHBOURS(folded[0], folded[1]);
  const TK_NAME(paired) high = TK_NEIGHBOURS(folded[2], folded[3]);
  const TK_NAME(paired) all = TK_NEIGHBOURS(low, high);
#if TK_LANES == 4
  const TK_NAME(four) four = all;
#else
  const TK_NAME(four) four =
      __builtin_shufflevector(all, all, 0, 1, 2, 3) + __builtin_shufflevector(all, all, 4, 5, 6, 7);
#endif
  *sums = __builtin_convertvector(four, tk_double4);
}

#undef TK_NEIGHBOURS
#endif
