/*
 * A recurrent network over a sequence, one number in and one out a step, 16 hidden units:
 *   h = tanh(W h + u x + b), y = v h + c; the sum of (y - target)^2, by W (row by row), u, b, v, c.
 * sizes: 305, steps; data: (x, target) of each step.
 */
#include "problem.h"
#include <math.h>
#include <string.h>

enum { H = 16, U = H * H, B = U + H, V = B + H, C = V + H };

double evaluate(const int *sizes, const double *x, const double *data, double *restrict gradient) {
  int steps = sizes[1];
  double columns[H][H], states[steps + 1][H], errors[steps], value = 0;
  for (int i = 0; i < H; i++)
    for (int j = 0; j < H; j++) columns[j][i] = x[i * H + j];
  memset(states[0], 0, sizeof states[0]);
  for (int t = 0; t < steps; t++) {
    double a[H], y = x[C];
    const double *before = states[t];
    for (int i = 0; i < H; i++) a[i] = x[U + i] * data[2 * t] + x[B + i];
    for (int j = 0; j < H; j++)
      for (int i = 0; i < H; i++) a[i] += columns[j][i] * before[j];
    for (int i = 0; i < H; i++) {
      states[t + 1][i] = tanh(a[i]);
      y += x[V + i] * states[t + 1][i];
    }
    errors[t] = y - data[2 * t + 1];
    value += errors[t] * errors[t];
  }
  double g[H][H] = {{0}}, gu[H] = {0}, gb[H] = {0}, gv[H] = {0}, gc = 0, dh[H] = {0};
  for (int t = steps - 1; t >= 0; t--) {
    const double *before = states[t], *h = states[t + 1];
    double dy = 2 * errors[t], da[H];
    gc += dy;
    for (int i = 0; i < H; i++) {
      gv[i] += dy * h[i];
      da[i] = (dh[i] + dy * x[V + i]) * (1 - h[i] * h[i]);
      gu[i] += da[i] * data[2 * t];
      gb[i] += da[i];
      dh[i] = 0;
    }
    for (int i = 0; i < H; i++)
      for (int j = 0; j < H; j++) {
        g[i][j] += da[i] * before[j];
        dh[j] += da[i] * x[i * H + j];
      }
  }
  memcpy(gradient, g, sizeof g);
  memcpy(gradient + U, gu, sizeof gu);
  memcpy(gradient + B, gb, sizeof gb);
  memcpy(gradient + V, gv, sizeof gv);
  gradient[C] = gc;
  return value;
}
