// Vectors of 512 bits, in 32 registers.

#if defined(__x86_64__)
#define TK_PATH tk_avx512
#define TK_VECTOR_BYTES 64
#define TK_WIDE 6
#ifndef TK_TARGET
#define TK_TARGET "avx512f,avx2,fma"
#endif
#pragma clang attribute push(__attribute__((target(TK_TARGET))), apply_to = function)
#include "path_body.h"
#pragma clang attribute pop
#endif
