/* A network 2-16-16-1 with relu: see c/mlp.c. */
#include "problem.hpp"

static const int SIZE[] = {2, 16, 16, 1};

adouble evaluate(const int *sizes, const adouble *x, const double *data) {
  adouble value = 0;
  for (int s = 0; s < sizes[1]; s++) {
    adouble from[16], to[16];
    const adouble *w = x;
    for (int i = 0; i < 2; i++) from[i] = data[3 * s + i];
    for (int l = 1; l < 4; l++) {
      for (int u = 0; u < SIZE[l]; u++, w += SIZE[l - 1] + 1) {
        to[u] = w[SIZE[l - 1]];
        for (int i = 0; i < SIZE[l - 1]; i++) to[u] += w[i] * from[i];
      }
      for (int u = 0; u < SIZE[l]; u++) from[u] = l < 3 ? fmax(to[u], 0.0) : to[u];
    }
    adouble error = from[0] - data[3 * s + 2];
    value += error * error;
  }
  return value / sizes[1];
}
