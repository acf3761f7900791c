// Vectors of 256 bits, with multiply and add in one instruction.

#if defined(__x86_64__)
#define TK_PATH tk_avx2
#define TK_VECTOR_BYTES 32
#define TK_WIDE 3
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "path_body.h"
#pragma clang attribute pop
#endif
