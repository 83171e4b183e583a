/*
 * usage: PROBLEM numbers.bin milliseconds size ...
 * As c/driver.c. With a time limit it prints the median ns of recording the tape and going back through it ("ns"), and
 * of a gradient on the tape recorded once ("replay").
 */
#include "problem.hpp"
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <vector>

static const int TAG = 1;

static double now() {
  using namespace std::chrono;
  return duration<double, std::nano>(steady_clock::now().time_since_epoch()).count();
}

template <typename F> static double median(double limit, F run) {
  std::vector<double> times;
  run();
  for (double start = now(); times.size() < 3 || now() - start < limit;) {
    double before = now();
    run();
    times.push_back(now() - before);
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  std::ifstream file(argv[1], std::ios::binary | std::ios::ate);
  std::vector<double> x(file.tellg() / sizeof(double));
  file.seekg(0).read(reinterpret_cast<char *>(x.data()), x.size() * sizeof(double));
  const double limit = 1e6 * atof(argv[2]);
  int sizes[8] = {0};
  for (int i = 3; i < argc && i < 11; i++) sizes[i - 3] = atoi(argv[i]);
  const int n = sizes[0];
  std::vector<double> gradients(n);
  std::vector<adouble> inputs(n);
  double value = 0;

  auto record = [&] {
    trace_on(TAG, 1);
    for (int i = 0; i < n; i++) inputs[i] <<= x[i];
    adouble y = evaluate(sizes, inputs.data(), x.data() + n);
    y >>= value;
    trace_off();
  };
  auto once = [&] {
    record();
    double one = 1;
    reverse(TAG, 1, n, 0, &one, gradients.data());
  };
  once();
  double sum = 0;
  for (double g : gradients) sum += g;
  printf("{\"value\":%.17g,\"sum\":%.17g", value, sum);
  if (limit == 0) {
    for (int i = 0; i < n; i++) printf("%s%.17g", i ? "," : ",\"gradient\":[", gradients[i]);
    puts("]}");
    return 0;
  }
  double whole = median(limit / 2, once);
  double replay = median(limit / 2, [&] { gradient(TAG, n, x.data(), gradients.data()); });
  printf(",\"ns\":%.17g,\"replay\":%.17g}\n", whole, replay);
}
