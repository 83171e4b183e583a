/* Rosenbrock's valley: sum of 100(x[i+1] - x[i]^2)^2 + (1 - x[i])^2. sizes: n. */
#include "problem.h"

double evaluate(const int *sizes, const double *x, const double *data, double *restrict gradient) {
  (void)data;
  int n = sizes[0];
  double value = 0, before = 0; /* before: what the term before adds to this number's derivative */
  for (int i = 0; i + 1 < n; i++) {
    double off = x[i + 1] - x[i] * x[i], rest = 1 - x[i];
    value += 100 * off * off + rest * rest;
    gradient[i] = before - 400 * off * x[i] - 2 * rest;
    before = 200 * off;
  }
  gradient[n - 1] = before;
  return value;
}
