/* Rosenbrock's valley: see c/rosen.c. */
#include "problem.hpp"

adouble evaluate(const int *sizes, const adouble *x, const double *) {
  adouble value = 0;
  for (int i = 0; i + 1 < sizes[0]; i++) {
    adouble off = x[i + 1] - x[i] * x[i], rest = 1 - x[i];
    value += 100 * off * off + rest * rest;
  }
  return value;
}
