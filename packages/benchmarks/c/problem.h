/* A scalar function of many numbers with its gradient written out by hand: what compiled programs are measured by. */
#ifndef PROBLEM_H
#define PROBLEM_H

/*
 * The value at x, and its gradient by x.
 * sizes[0] is the length of x and of gradient; what the others and data hold, each problem says.
 */
double evaluate(const int *sizes, const double *x, const double *data, double *gradient);

#endif
