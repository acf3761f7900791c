// What every processor of the kind has: SSE2 on Intel's and AMD's, NEON on ARM's.

#define TK_PATH tk_baseline
#define TK_VECTOR_BYTES 16
#if defined(__aarch64__)
// ARM's have 32 registers of vectors, the others 16.
#define TK_WIDE 6
#else
#define TK_WIDE 3
#endif
#include "path_body.h"
