// All kernels of one path: defines TK_PATH. Wants TK_VECTOR_BYTES, and how many rows meet four others at a time,
// TK_WIDE: with the four at hand they fill the registers.

#include "kernels.h"
#include "shared.h"
#include <stdatomic.h>

// A product and its addition are one instruction where there is one.
#pragma STDC FP_CONTRACT ON

#define TK_PASTE(NAME, KIND) NAME##_##KIND
#define TK_PASTED(NAME, KIND) TK_PASTE(NAME, KIND)
#define TK_NAME(NAME) TK_PASTED(NAME, TK_KIND)
#define TK_LANES (TK_VECTOR_BYTES / TK_SUM_BYTES)
/// Bytes between the lines that are fetched ahead: with every fourth vector of a block one of half a row.
#define TK_LINE_STEP (2 * TK_LANES * sizeof(TK_ELEMENT))

#define TK_KIND single
#define TK_ELEMENT float
#define TK_SUM float
#define TK_SUM_BYTES 4
#include "vectors_body.h"
#include "gramian_body.h"
#include "combine_body.h"
#undef TK_KIND
#undef TK_SUM
#undef TK_SUM_BYTES

#define TK_KIND widened
#define TK_SUM double
#define TK_SUM_BYTES 8
#include "vectors_body.h"
#include "gramian_body.h"
#undef TK_KIND
#undef TK_ELEMENT

#define TK_KIND double
#define TK_ELEMENT double
#include "vectors_body.h"
#include "gramian_body.h"
#include "combine_body.h"

const tk_kernels TK_PATH = {
    .gramian_single = gramian_single,
    .gramian_widened = gramian_widened,
    .gramian_double = gramian_double,
    .combine_single = combine_single,
    .combine_double = combine_double,
};
