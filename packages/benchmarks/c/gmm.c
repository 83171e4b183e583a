/*
 * The log posterior of a Gaussian mixture, as ADBench defines it (https://github.com/microsoft/ADBench):
 *   sum over points of logsumexp over k of alpha[k] + sum(q[k]) - |Q[k](point - mean[k])|^2 / 2
 *   - n logsumexp(alpha) - n d log(2 pi) / 2 + a Wishart prior with gamma = 1, m = 0,
 * where Q[k] is lower triangular with the diagonal exp(q[k]) and the numbers l[k] below it, column by column.
 * sizes: length of x, n, d, K; x: alpha [K], means [K][d], then q and l of each k; data: points [n][d].
 */
#include "problem.h"
#include <math.h>
#include <string.h>

/* Softmax of a into weights, which may be a. Returns log of the sum of exp(a). */
static double log_sum_exp(int count, const double *a, double *weights) {
  double top = a[0], sum = 0;
  for (int k = 1; k < count; k++) top = a[k] > top ? a[k] : top;
  for (int k = 0; k < count; k++) sum += weights[k] = exp(a[k] - top);
  for (int k = 0; k < count; k++) weights[k] /= sum;
  return top + log(sum);
}

double evaluate(const int *sizes, const double *x, const double *points, double *restrict gradient) {
  int n = sizes[1], d = sizes[2], K = sizes[3], below = d * (d - 1) / 2, stride = d + below;
  const double *alpha = x, *means = x + K, *icf = means + K * d;
  double *g_alpha = gradient, *g_means = gradient + K, *g_icf = g_means + K * d;
  double diagonal[K][d], start[K], weights[K], off[K][d], y[K][d], back[d];
  double value = -0.5 * n * d * log(2 * M_PI);
  memset(gradient, 0, sizeof(double) * (size_t)sizes[0]);
  for (int k = 0; k < K; k++) {
    start[k] = alpha[k];
    for (int i = 0; i < d; i++) {
      diagonal[k][i] = exp(icf[k * stride + i]);
      start[k] += icf[k * stride + i];
    }
  }
  for (int p = 0; p < n; p++, points += d) {
    for (int k = 0; k < K; k++) {
      const double *l = icf + k * stride + d;
      for (int i = 0; i < d; i++) {
        off[k][i] = points[i] - means[k * d + i];
        y[k][i] = diagonal[k][i] * off[k][i];
      }
      for (int j = 0; j < d; j++)
        for (int i = j + 1; i < d; i++) y[k][i] += *l++ * off[k][j];
      double square = 0;
      for (int i = 0; i < d; i++) square += y[k][i] * y[k][i];
      weights[k] = start[k] - 0.5 * square;
    }
    value += log_sum_exp(K, weights, weights);
    for (int k = 0; k < K; k++) {
      const double *l = icf + k * stride + d;
      double w = weights[k], *gq = g_icf + k * stride, *gl = gq + d;
      g_alpha[k] += w;
      for (int i = 0; i < d; i++) {
        y[k][i] *= w;
        gq[i] -= y[k][i] * off[k][i];
        back[i] = diagonal[k][i] * y[k][i];
      }
      for (int j = 0; j < d; j++)
        for (int i = j + 1; i < d; i++) {
          *gl++ -= y[k][i] * off[k][j];
          back[j] += *l++ * y[k][i];
        }
      for (int i = 0; i < d; i++) g_means[k * d + i] += back[i];
    }
  }
  /* What is the same for all points: the diagonal by exp(q), sum(q) by alpha, and the prior. */
  value -= n * log_sum_exp(K, alpha, weights);
  for (int k = 0; k < K; k++) {
    const double *q = icf + k * stride, *l = q + d;
    double *gq = g_icf + k * stride, *gl = gq + d, norm = 0;
    for (int i = 0; i < d; i++) {
      norm += diagonal[k][i] * diagonal[k][i];
      gq[i] = gq[i] * diagonal[k][i] + g_alpha[k] + diagonal[k][i] * diagonal[k][i];
    }
    for (int i = 0; i < below; i++) {
      norm += l[i] * l[i];
      gl[i] += l[i];
    }
    value += 0.5 * norm;
    g_alpha[k] -= n * weights[k];
  }
  /* K times the normalising constant of the prior: (d + 1)d(log gamma - log(2)/2) - log multigamma((d + 1)/2, d). */
  double constant = -0.5 * d * (d + 1) * log(2), multigamma = 0.25 * d * (d - 1) * log(M_PI);
  for (int i = 1; i <= d; i++) multigamma += lgamma(0.5 * (d + 1) + 0.5 * (1 - i));
  return value - K * (constant - multigamma);
}
