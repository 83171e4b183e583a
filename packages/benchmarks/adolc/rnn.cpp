/* A recurrent network over a sequence: see c/rnn.c. */
#include "problem.hpp"

enum { H = 16, U = H * H, B = U + H, V = B + H, C = V + H };

adouble evaluate(const int *sizes, const adouble *x, const double *data) {
  adouble value = 0, h[H], a[H];
  for (int i = 0; i < H; i++) h[i] = 0;
  for (int t = 0; t < sizes[1]; t++) {
    for (int i = 0; i < H; i++) {
      a[i] = x[U + i] * data[2 * t] + x[B + i];
      for (int j = 0; j < H; j++) a[i] += x[i * H + j] * h[j];
    }
    adouble y = x[C];
    for (int i = 0; i < H; i++) {
      h[i] = tanh(a[i]);
      y += x[V + i] * h[i];
    }
    adouble error = y - data[2 * t + 1];
    value += error * error;
  }
  return value;
}
