/* A scalar function of many numbers for ADOL-C, which finds the gradient; sizes and data are those of the C program. */
#pragma once
#include <adolc/adolc.h>

adouble evaluate(const int *sizes, const adouble *x, const double *data);
