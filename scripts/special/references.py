"""Computes packages/autograd/test/kernels/special/references.json: values at 50 digits, rounded to float64.

Run, from the repository root, with Python 3 and mpmath (pip install mpmath):

    python3 scripts/special/references.py > packages/autograd/test/kernels/special/references.json
    npx biome format --write packages/autograd/test/kernels/special/references.json
"""

import json

from mpmath import erf, erfc, exp, factorial, loggamma, log, mp, mpf, nint, pi, psi, sin, sqrt

mp.dps = 50


def lgamma(x):
    if x > 0:
        return loggamma(x)
    return log(pi / abs(x * sin(pi * (x - nint(x))))) - loggamma(-x)  # DLMF 5.5.3


def polygamma(n):
    """mpmath's psi, moved by the recurrence off the poles and tiny arguments, at which it loses its digits."""

    sign = (-1) ** (n + 1)

    def far(x):  # DLMF 5.15.8 and 5.11.2; the next term is below 1e-24 of these
        if n == 0:
            return log(x) - 1 / (2 * x) - 1 / (12 * x**2)
        terms = factorial(n - 1) / x**n, factorial(n) / (2 * x ** (n + 1)), factorial(n + 1) / (12 * x ** (n + 2))
        return sign * sum(terms)

    def at(x):
        if x > 1e6:
            return far(x)
        with mp.workdps(90):
            total, y = mpf(0), mpf(x)
            while y < 1:
                total += sign * factorial(n) / y ** (n + 1)
                y += 1
            return total + psi(n, y)

    return at


tiny = [5e-324, 2.5e-308, 1e-200, 1e-30, 1e-10, 1e-5]
both = lambda xs: [-x for x in reversed(xs)] + xs
steps = lambda a, b, n: [a + (b - a) * i / n for i in range(n + 1)]
around = lambda centre: [centre + s * 2.0**-k for s in (-1, 1) for k in (50, 40, 26, 12, 6)]
negative = steps(-5.97, -0.03, 35) + [-10.5, -19.999, -20.001, -33.3, -170.6, -1234.56, -98765.4321, -1e10 - 0.5]
near_poles = [-j + d for j in (1, 2, 5, 19, 30) for d in (-1e-12, -1e-5, 1e-9, 1e-3)]

tail = [*steps(4.5, 26.5, 18), 26.6, 26.9, 27.1, 27.2]
seams = [0.2499999, 0.25, 0.8499999, 0.85, 1.25, 2.9999999]
left_tail = [*steps(-37, -6, 25), -37.4, -37.6, -38, -38.3, -38.46]
gamma_seams = [0.6999999, 0.7, 1.2999999, 1.3, 2.9999999, 7.9999999]
digamma_zero = 1.4616321449683623

points = {
    "erf": (erf, both(tiny + steps(0.05, 3, 25) + [0.8499999, 0.85, 4, 5, 5.9, 6.1, 30])),
    "erfc": (erfc, [-7, -5, -2, -1, -0.5] + both(tiny) + steps(0.05, 4, 30) + seams + tail),
    "normalCdf": (
        lambda x: erfc(-mpf(x) / sqrt(mpf(2))) / 2,
        both(tiny + steps(0.1, 5, 22)) + [-0.4999999, -0.5000001, 8, 9] + left_tail,
    ),
    "normalPdf": (
        lambda x: exp(-mpf(x) ** 2 / 2) / sqrt(2 * pi),
        both([1e-200, 1e-9, *steps(0.1, 37.2, 25), 37.7, 38, 38.5]),
    ),
    "lgamma": (
        lgamma,
        tiny + steps(0.05, 9, 50) + gamma_seams + around(1) + around(2)
        + [10.5, 25.3, 100.1, 171.7, 1234.5, 1e5, 1e10, 1e50, 1.4e154, 2.5e305],
    ),
    "lgammaNegative": (lgamma, [-x for x in tiny] + negative + near_poles),
    "digamma": (
        polygamma(0),
        [1e-308, *tiny[2:]] + steps(0.05, 9, 50) + [0.7999999, 0.8, 2.5000001, 7.9999999]
        + around(digamma_zero) + [digamma_zero - 2**-52, digamma_zero + 2**-52, 10.5, 100.1, 1e5, 1e10, 1e100, 1e308],
    ),
    "digammaNegative": (polygamma(0), [-x for x in [1e-308, *tiny[2:]]] + negative[:-2] + near_poles),
}
limits = {1: (1e-150, 1e154), 2: (1e-100, 1e150), 3: (1e-75, 1e100), 4: (1e-60, 1e70), 6: (1e-40, 1e50)}
limits |= {12: (1e-20, 1e20), 50: (1e-4, 1e5)}
for n, (low, high) in limits.items():
    xs = [low, 1e-3, *steps(0.1, 5.1, 14), *steps(6.5, 30, 6), 1e3, high]
    if n <= 12:
        xs += near_poles[:-4] + [-0.65, -0.35, -1.55, -2.45, -7.3, -19.58, -123.7, -0.4999, -10.499, -50.5002]
    points[f"polygamma{n}"] = (polygamma(n), xs)

table = {}
for name, (function, xs) in points.items():
    xs = sorted(set(xs))
    table[name] = {"x": xs, "y": [float(function(mpf(x))) for x in xs]}
print(json.dumps(table, allow_nan=False))
