/*
 * A network 2-16-16-1 with relu: the mean squared error over samples, by its 337 parameters.
 * Parameters lie neuron by neuron: the weights of its inputs, then its bias.
 * sizes: 337, samples; data: (x0, x1, target) of each sample.
 */
#include "problem.h"
#include <string.h>

enum { H = 16, FIRST = 3, SECOND = H + 1, AT2 = H * FIRST, AT3 = AT2 + H * SECOND };

double evaluate(const int *sizes, const double *x, const double *data, double *restrict gradient) {
  const double *p2 = x + AT2, *p3 = x + AT3;
  /* Weights column by column, so that the units of a layer are computed side by side. */
  double w1[FIRST][H], columns[SECOND][H];
  for (int u = 0; u < H; u++) {
    for (int i = 0; i < FIRST; i++) w1[i][u] = x[u * FIRST + i];
    for (int i = 0; i < SECOND; i++) columns[i][u] = p2[u * SECOND + i];
  }
  double g1[FIRST][H] = {{0}}, g2[H][H] = {{0}}, gb2[H] = {0}, g3[H] = {0}, gb3 = 0, value = 0;
  int count = sizes[1];
  for (int s = 0; s < count; s++) {
    double a = data[3 * s], b = data[3 * s + 1], target = data[3 * s + 2];
    double h1[H], h2[H], d1[H] = {0}, d2[H], y = p3[H];
    for (int u = 0; u < H; u++) {
      double z = w1[0][u] * a + w1[1][u] * b + w1[2][u];
      h1[u] = z > 0 ? z : 0;
    }
    memcpy(h2, columns[H], sizeof h2);
    for (int i = 0; i < H; i++)
      for (int u = 0; u < H; u++) h2[u] += columns[i][u] * h1[i];
    for (int u = 0; u < H; u++) h2[u] = h2[u] > 0 ? h2[u] : 0;
    for (int u = 0; u < H; u++) y += p3[u] * h2[u];
    double error = y - target, dy = 2 * error / count;
    value += error * error;

    gb3 += dy;
    for (int u = 0; u < H; u++) {
      g3[u] += dy * h2[u];
      d2[u] = h2[u] > 0 ? dy * p3[u] : 0;
      gb2[u] += d2[u];
    }
    for (int u = 0; u < H; u++)
      for (int i = 0; i < H; i++) {
        g2[u][i] += d2[u] * h1[i];
        d1[i] += d2[u] * p2[u * SECOND + i];
      }
    for (int u = 0; u < H; u++) {
      double d = h1[u] > 0 ? d1[u] : 0;
      g1[0][u] += d * a;
      g1[1][u] += d * b;
      g1[2][u] += d;
    }
  }
  for (int u = 0; u < H; u++) {
    for (int i = 0; i < FIRST; i++) gradient[u * FIRST + i] = g1[i][u];
    memcpy(gradient + AT2 + u * SECOND, g2[u], sizeof g2[u]);
    gradient[AT2 + u * SECOND + H] = gb2[u];
    gradient[AT3 + u] = g3[u];
  }
  gradient[AT3 + H] = gb3;
  return value / count;
}
