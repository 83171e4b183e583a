"""What the scripts share: one block of measurements."""

import time


def block(function, seconds):
    """The median time of a call, in µs."""
    function()
    times = []
    start = time.perf_counter()
    while len(times) < 3 or time.perf_counter() - start < seconds:
        before = time.perf_counter()
        function()
        times.append(time.perf_counter() - before)
    return 1e6 * sorted(times)[len(times) // 2]
