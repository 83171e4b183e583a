/*
 * usage: PROBLEM numbers.bin milliseconds size ...
 * numbers.bin holds the doubles of x, then those of data. Prints one line of JSON: the value, the sum of the gradient,
 * and either the gradient itself (0 milliseconds) or the median time of an evaluation in ns.
 */
#include "problem.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SIZES = 8, BATCHES = 100000 };

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double *read_numbers(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) return NULL;
  fseek(file, 0, SEEK_END);
  long bytes = ftell(file);
  rewind(file);
  double *numbers = malloc((size_t)bytes);
  size_t got = fread(numbers, 1, (size_t)bytes, file);
  fclose(file);
  return got == (size_t)bytes ? numbers : NULL;
}

int main(int argc, char **argv) {
  if (argc < 4 || argc - 3 > SIZES) return fprintf(stderr, "usage: %s numbers.bin milliseconds size ...\n", argv[0]), 2;
  double *x = read_numbers(argv[1]), limit = 1e6 * atof(argv[2]);
  int sizes[SIZES] = {0};
  for (int i = 3; i < argc; i++) sizes[i - 3] = atoi(argv[i]);
  double *gradient = malloc(sizeof(double) * (size_t)sizes[0]);
  if (!x || !gradient) return fprintf(stderr, "%s: cannot read %s\n", argv[0], argv[1]), 1;
  const double *data = x + sizes[0];

  double value = evaluate(sizes, x, data, gradient), sum = 0;
  for (int i = 0; i < sizes[0]; i++) sum += gradient[i];
  printf("{\"value\":%.17g,\"sum\":%.17g", value, sum);
  if (limit == 0) {
    for (int i = 0; i < sizes[0]; i++) printf("%s%.17g", i ? "," : ",\"gradient\":[", gradient[i]);
    puts("]}");
    return 0;
  }
  /* Batches of some 20 µs, so that reading the clock costs nothing; at least 3. */
  static double times[BATCHES];
  double start = now();
  for (int i = 0; i < 3; i++) evaluate(sizes, x, data, gradient);
  int batch = 1 + (int)(20000.0 * 3 / (now() - start)), count = 0;
  for (start = now(); count < 3 || (count < BATCHES && now() - start < limit); count++) {
    double before = now();
    for (int i = 0; i < batch; i++) evaluate(sizes, x, data, gradient);
    times[count] = (now() - before) / batch;
  }
  qsort(times, (size_t)count, sizeof(double), ascending);
  printf(",\"ns\":%.17g}\n", times[count / 2]);
  return 0;
}
