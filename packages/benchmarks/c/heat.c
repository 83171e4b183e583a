/*
 * The heat equation on a rod with fixed ends, u[i] += rate (u[i-1] - 2 u[i] + u[i+1]): the sum of the squares of the
 * temperatures after some steps, by those at the start. A step is linear and symmetric but for its ends, so the way
 * back needs nothing of the way there.
 * sizes: points, steps; data: rate.
 */
#include "problem.h"
#include <string.h>

double evaluate(const int *sizes, const double *x, const double *data, double *restrict gradient) {
  int n = sizes[0], steps = sizes[1];
  double rate = data[0], value = 0, first[n], second[n], *u = first, *next = second;
  memcpy(u, x, sizeof first);
  for (int t = 0; t < steps; t++) {
    double *restrict to = next;
    const double *restrict from = u;
    to[0] = from[0];
    for (int i = 1; i < n - 1; i++) to[i] = from[i] + rate * (from[i - 1] - 2 * from[i] + from[i + 1]);
    to[n - 1] = from[n - 1];
    next = u;
    u = to;
  }
  for (int i = 0; i < n; i++) {
    value += u[i] * u[i];
    u[i] *= 2;
  }
  /* The ends take from their neighbours but give them nothing back: hold them apart, as zeros between. */
  double left = u[0], right = u[n - 1];
  u[0] = u[n - 1] = next[0] = next[n - 1] = 0;
  for (int t = 0; t < steps; t++) {
    double *restrict to = next;
    const double *restrict from = u;
    left += rate * from[1];
    right += rate * from[n - 2];
    for (int i = 1; i < n - 1; i++) to[i] = from[i] + rate * (from[i - 1] - 2 * from[i] + from[i + 1]);
    next = u;
    u = to;
  }
  memcpy(gradient, u, sizeof first);
  gradient[0] = left;
  gradient[n - 1] = right;
  return value;
}
