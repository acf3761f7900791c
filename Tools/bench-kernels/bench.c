// Times the Gramian and the weighted sum beside their floors, in turn, on one thread or several.
//
//   bench THREADS ROUNDS [PATH]
//
// The floors are measured in the same rounds: reading all rows twice, and as many multiplications as K·K·P / 2 pairs
// need at the speed of a loop that does nothing else. Each round's ratio is to that round's floor.
#include "tk_kernels.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef float vector __attribute__((vector_size(32)));
enum { most_rounds = 201, most_threads = 64 };

typedef struct job {
  const tk_matrix *matrix;
  const double *weights;
  double *products;
  float *combined;
  tk_path path;
  int kind, thread, thread_count;
} job;

static volatile float sink;
static pthread_barrier_t begins, ends;
static job shared;
static bool uses_clock;

/// Milliseconds: of the processor for one thread, since what else runs disturbs these less; on the clock for several.
static double now(void) {
  struct timespec t;
  clock_gettime(uses_clock ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

#if defined(__x86_64__)
#define WIDE __attribute__((target("avx2,fma")))
#else
#define WIDE
#endif
#pragma STDC FP_CONTRACT ON

WIDE static void read_row(const float *row, int64_t count) {
  vector sums[8] = {0};
  for (int64_t column = 0; column + 64 <= count; column += 64) {
    for (int part = 0; part < 4; ++part) {
      __builtin_prefetch(row + column + 512 + 16 * part);
    }
    for (int part = 0; part < 8; ++part) {
      vector values;
      memcpy(&values, row + column + 8 * part, sizeof values);
      sums[part] += values;
    }
  }
  float total = 0;
  for (int part = 0; part < 8; ++part) {
    total += sums[part][0];
  }
  sink = total;
}

enum { multiplying_rounds = 200000, multiplying_chains = 12 };

WIDE static void multiply(void) {
  vector sums[multiplying_chains];
  for (int chain = 0; chain < multiplying_chains; ++chain) {
    sums[chain] = (vector){0} + (float)chain;
  }
  vector factor = (vector){0} + 0.999f, addend = (vector){0} + 1e-3f;
  for (int64_t round = 0; round < multiplying_rounds; ++round) {
    for (int chain = 0; chain < multiplying_chains; ++chain) {
      sums[chain] = sums[chain] * factor + addend;
    }
    __asm__ volatile("" ::: "memory");
  }
  float total = 0;
  for (int chain = 0; chain < multiplying_chains; ++chain) {
    total += sums[chain][0];
  }
  sink = total;
}

/// This thread's share of one kind of work.
static void work(job j) {
  const int64_t chunks = tk_chunk_count(j.matrix), columns = tk_chunk_columns(j.matrix);
  const int64_t first = chunks * j.thread / j.thread_count, last = chunks * (j.thread + 1) / j.thread_count;
  if (j.kind == 0) {
    multiply();
  } else if (j.kind == 1) {
    const int64_t start = first * columns;
    const int64_t end = last * columns < j.matrix->column_count ? last * columns : j.matrix->column_count;
    for (int64_t row = 0; row < 2 * j.matrix->row_count; ++row) {
      read_row((const float *)j.matrix->elements + row % j.matrix->row_count * j.matrix->stride + start, end - start);
    }
  } else if (j.kind == 2) {
    tk_gramian_chunks(j.path, j.matrix, first, last, j.products);
  } else {
    tk_combine_chunks(j.path, j.matrix, j.weights, first, last, j.combined);
  }
}

static void *serve(void *thread) {
  for (;;) {
    pthread_barrier_wait(&begins);
    job mine = shared;
    mine.thread = (int)(intptr_t)thread;
    work(mine);
    pthread_barrier_wait(&ends);
  }
  return NULL;
}

static double timed(job all, int kind) {
  all.kind = kind;
  all.thread = 0;
  const double start = now();
  if (all.thread_count == 1) {
    work(all);
  } else {
    shared = all;
    pthread_barrier_wait(&begins);
    work(all);
    pthread_barrier_wait(&ends);
  }
  return now() - start;
}

static int compare(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(const double *values, int count) {
  double sorted[most_rounds];
  memcpy(sorted, values, (size_t)count * sizeof(double));
  qsort(sorted, (size_t)count, sizeof(double), compare);
  return sorted[count / 2];
}

static double least(const double *values, int count) {
  double result = values[0];
  for (int i = 1; i < count; ++i) {
    result = values[i] < result ? values[i] : result;
  }
  return result;
}

static void measure(int64_t rows, int64_t columns, int threads, int rounds, tk_path path) {
  // As libtorch places its buffers.
  float *elements = aligned_alloc(64, (size_t)(rows * columns) * 4), *combined = aligned_alloc(64, (size_t)columns * 4);
  uint32_t state = 1;
  for (int64_t i = 0; i < rows * columns; ++i) {
    state = state * 1664525 + 1013904223;
    elements[i] = (float)(int32_t)state * 0x1p-31f;
  }
  const tk_matrix matrix = {elements, TK_FLOAT32, rows, columns, columns};
  double *products = malloc((size_t)(tk_chunk_count(&matrix) * rows * rows) * 8);
  double *gramian = malloc((size_t)(rows * rows) * 8), *weights = malloc((size_t)rows * 8);
  for (int64_t row = 0; row < rows; ++row) {
    weights[row] = 1.0 / (double)(row + 1);
  }
  const job all = {&matrix, weights, products, combined, path, 0, 0, threads};
  double peak[most_rounds], read[most_rounds], made[most_rounds], sum[most_rounds], ratio[most_rounds];
  for (int round = -1; round < rounds; ++round) {
    const int at = round < 0 ? 0 : round;
    const double flops = 16.0 * multiplying_rounds * multiplying_chains * threads / timed(all, 0);
    peak[at] = (double)rows * (double)rows * (double)columns / flops;
    read[at] = timed(all, 1);
    const double start = now();
    timed(all, 2);
    tk_gramian_sum(&matrix, products, gramian);
    made[at] = now() - start;
    sum[at] = timed(all, 3);
    const double arithmetic = peak[at] + sum[at];
    ratio[at] = (made[at] + sum[at]) / (read[at] > arithmetic ? read[at] : arithmetic);
  }
  const double p = least(peak, rounds), r = least(read, rounds), m = least(made, rounds), s = least(sum, rounds);
  printf("| %ld | %ld | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f |\n", (long)rows, (long)columns, median(read, rounds),
         median(peak, rounds), median(made, rounds), median(sum, rounds), median(ratio, rounds),
         (m + s) / (r > p + s ? r : p + s));
  fflush(stdout);
  free(elements), free(combined), free(products), free(gramian), free(weights);
}

int main(int count, char **arguments) {
  const int threads = count > 1 ? atoi(arguments[1]) : 1, rounds = count > 2 ? atoi(arguments[2]) : 15;
  const tk_path path = count > 3 ? (tk_path)atoi(arguments[3]) : tk_best_path();
  if (threads < 1 || threads > most_threads || rounds < 1 || rounds > most_rounds || !tk_runs(path)) {
    fprintf(stderr, "usage: bench THREADS ROUNDS [PATH]: 1 to %d threads, 1 to %d rounds, a path this machine has\n",
            most_threads, most_rounds);
    return 64;
  }
  uses_clock = threads > 1;
  pthread_barrier_init(&begins, NULL, (unsigned)threads);
  pthread_barrier_init(&ends, NULL, (unsigned)threads);
  for (int thread = 1; thread < threads; ++thread) {
    pthread_t handle;
    if (pthread_create(&handle, NULL, serve, (void *)(intptr_t)thread) != 0) {
      return 71;
    }
  }
  printf("%s, %d thread(s), %d rounds; milliseconds %s, medians\n\n", tk_path_name(path), threads, rounds,
         uses_clock ? "on the clock" : "of the processor");
  printf("| K | P | rows read twice | K·K·P multiplications | Gramian | combine | ratio to floor, median | ratio of "
         "least times |\n|---:|---:|---:|---:|---:|---:|---:|---:|\n");
  const int64_t shapes[][2] = {{2, 1000000}, {3, 25000000}, {10, 10000000}, {50, 4000000}, {100, 1000000}};
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; ++i) {
    measure(shapes[i][0], shapes[i][1], threads, rounds, path);
  }
  return 0;
}
