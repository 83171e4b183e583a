/* The log posterior of a Gaussian mixture: see c/gmm.c. */
#include "problem.hpp"
#include <vector>

static adouble log_sum_exp(int count, const adouble *a) {
  adouble top = a[0], sum = 0;
  for (int k = 1; k < count; k++) top = fmax(top, a[k]);
  for (int k = 0; k < count; k++) sum += exp(a[k] - top);
  return top + log(sum);
}

adouble evaluate(const int *sizes, const adouble *x, const double *points) {
  const int n = sizes[1], d = sizes[2], K = sizes[3], stride = d + d * (d - 1) / 2;
  const adouble *means = x + K, *icf = means + K * d;
  std::vector<adouble> diagonal(K * d), start(K), terms(K), off(d), y(d);
  adouble value = -0.5 * n * d * log(2 * M_PI), norm = 0;
  for (int k = 0; k < K; k++) {
    start[k] = x[k];
    for (int i = 0; i < d; i++) {
      start[k] += icf[k * stride + i];
      diagonal[k * d + i] = exp(icf[k * stride + i]);
      norm += diagonal[k * d + i] * diagonal[k * d + i];
    }
    for (int i = d; i < stride; i++) norm += icf[k * stride + i] * icf[k * stride + i];
  }
  for (int p = 0; p < n; p++, points += d) {
    for (int k = 0; k < K; k++) {
      const adouble *l = icf + k * stride + d;
      for (int i = 0; i < d; i++) {
        off[i] = points[i] - means[k * d + i];
        y[i] = diagonal[k * d + i] * off[i];
      }
      for (int j = 0; j < d; j++)
        for (int i = j + 1; i < d; i++) y[i] += *l++ * off[j];
      adouble square = 0;
      for (int i = 0; i < d; i++) square += y[i] * y[i];
      terms[k] = start[k] - 0.5 * square;
    }
    value += log_sum_exp(K, terms.data());
  }
  double constant = -0.5 * d * (d + 1) * log(2.0), multigamma = 0.25 * d * (d - 1) * log(M_PI);
  for (int i = 1; i <= d; i++) multigamma += std::lgamma(0.5 * (d + 1) + 0.5 * (1 - i));
  return value - n * log_sum_exp(K, x) + 0.5 * norm - K * (constant - multigamma);
}
