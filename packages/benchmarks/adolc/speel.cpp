/* Speelpenning's product: see c/speel.c. */
#include "problem.hpp"

adouble evaluate(const int *sizes, const adouble *x, const double *) {
  adouble product = 1;
  for (int i = 0; i < sizes[0]; i++) product *= x[i];
  return product;
}
