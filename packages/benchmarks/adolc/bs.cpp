/* Prices of European calls: see c/bs.c. */
#include "problem.hpp"

static adouble cdf(const adouble &x) { return 0.5 * (1 + erf(M_SQRT1_2 * x)); }

adouble evaluate(const int *sizes, const adouble *x, const double *) {
  adouble value = 0;
  for (int i = 0; i < sizes[0]; i += 5) {
    const adouble &spot = x[i], &strike = x[i + 1], &rate = x[i + 2], &volatility = x[i + 3], &time = x[i + 4];
    adouble spread = volatility * sqrt(time);
    adouble d1 = (log(spot / strike) + (rate + 0.5 * volatility * volatility) * time) / spread;
    value += spot * cdf(d1) - strike * exp(-rate * time) * cdf(d1 - spread);
  }
  return value;
}
