/*
 * Prices of European calls after Black and Scholes (1973), summed, with their greeks in closed form.
 * sizes: 5 options; x: spot, strike, rate, volatility, time of each.
 */
#include "problem.h"
#include <math.h>

static double cdf(double x) { return 0.5 + 0.5 * erf(x * M_SQRT1_2); }

double evaluate(const int *sizes, const double *x, const double *data, double *restrict gradient) {
  (void)data;
  const double inverse_root = 0.39894228040143267794; /* 1/sqrt(2 pi) */
  double value = 0;
  for (int i = 0; i < sizes[0]; i += 5) {
    double spot = x[i], strike = x[i + 1], rate = x[i + 2], volatility = x[i + 3], time = x[i + 4];
    double root = sqrt(time), spread = volatility * root;
    double d1 = (log(spot / strike) + (rate + 0.5 * volatility * volatility) * time) / spread;
    double p1 = cdf(d1), discounted = strike * exp(-rate * time) * cdf(d1 - spread);
    double bell = spot * inverse_root * exp(-0.5 * d1 * d1);
    value += spot * p1 - discounted;
    gradient[i] = p1;
    gradient[i + 1] = -discounted / strike;
    gradient[i + 2] = time * discounted;
    gradient[i + 3] = bell * root;
    gradient[i + 4] = bell * volatility / (2 * root) + rate * discounted;
  }
  return value;
}
