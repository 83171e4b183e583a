/* Speelpenning's product of all inputs. sizes: n. The derivative by x[i] is the product of what stands before and after. */
#include "problem.h"

double evaluate(const int *sizes, const double *x, const double *data, double *restrict gradient) {
  (void)data;
  int n = sizes[0];
  double before = 1, after = 1;
  for (int i = 0; i < n; i++) {
    gradient[i] = before;
    before *= x[i];
  }
  for (int i = n - 1; i >= 0; i--) {
    gradient[i] *= after;
    after *= x[i];
  }
  return before;
}
