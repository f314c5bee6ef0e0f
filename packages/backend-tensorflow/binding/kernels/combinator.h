// The Ladder's combinator of the lateral s and the vertical u, and its gradient:
//
//     out     = (s - mu(u)) gate(u) + mu(u)
//     mu(u)   = a1 sigmoid(a2 u + a3) + a4 u + a5
//     gate(u) = sigmoid( a6 sigmoid(a7 u + a8) + a9 u + a10 )      or without the outer sigmoid

#pragma once

#include "columns.h"
#include "operation.h"

namespace taggerjs {

/** The parts of the formula that forward and backward share. */
struct CombinatorParts {
  Floats inner1, mu, inner2, gated;

  /** `a`: the vectors a1 .. a10. */
  template <class Count>
  CombinatorParts(Floats u, const float *const *a, int64_t i, Count n, bool linear) {
    const auto at = [&](int number) { return Load(a[number - 1] + i, n); };
    inner1 = Sigmoid(at(2) * u + at(3));
    inner2 = Sigmoid(at(7) * u + at(8));
    mu = at(1) * inner1 + at(4) * u + at(5);
    gated = at(6) * inner2 + at(9) * u + at(10);
    if (!linear) gated = Sigmoid(gated);
  }
};

class Combinator {
 public:
  explicit Combinator(Attributes &attributes) : linear_(attributes.Bool()) {}

  /** Inputs: s, u, a1 .. a10. */
  void Compute(Call &call) const {
    const Input &s = call.input(0);
    const float *u = call.input(1).values;
    const int64_t columns = s.shape[1];
    const float *a[10];
    for (int i = 0; i < 10; ++i) a[i] = call.input(2 + i).values;
    float *out = call.Output(0, s.shape);
    ForRows(s.shape[0], [&](int64_t row) {
      ForLanes(columns, [&](int64_t i, auto n) {
        const int64_t at = row * columns + i;
        const CombinatorParts parts(Load(u + at, n), a, i, n, linear_);
        Store(out + at, (Load(s.values + at, n) - parts.mu) * parts.gated + parts.mu, n);
      });
    });
  }

 private:
  bool linear_;
};

class CombinatorGradient {
 public:
  explicit CombinatorGradient(Attributes &attributes) : linear_(attributes.Bool()) {}

  /** Inputs: dy, s, u, a1 .. a10; outputs: ds, du, d1 .. d10. */
  void Compute(Call &call) const {
    const float *dy = call.input(0).values;
    const Input &s = call.input(1);
    const float *u = call.input(2).values;
    const int64_t columns = s.shape[1];
    const float *a[10];
    float *sums[10];
    float *ds = call.Output(0, s.shape);
    float *du = call.Output(1, s.shape);
    for (int i = 0; i < 10; ++i) {
      a[i] = call.input(3 + i).values;
      sums[i] = call.Output(2 + i, {columns});
    }
    SumColumns<10>(s.shape[0], columns, sums, [&](int64_t row, int64_t i, auto n, Floats *terms) {
      const int64_t at = row * columns + i;
      const auto vector = [&](int number) { return Load(a[number - 1] + i, n); };
      const Floats of_u = Load(u + at, n);
      const CombinatorParts parts(of_u, a, i, n, linear_);
      const Floats g = Load(dy + at, n);
      const Floats of_s = g * parts.gated;
      const Floats d_mu = g - of_s;
      Floats d_linear = g * (Load(s.values + at, n) - parts.mu);
      if (!linear_) d_linear *= parts.gated * (1.0f - parts.gated);
      // Without the factors a1 and a6, which are the same for all rows: the sums are multiplied by them at the end.
      const Floats d1 = d_mu * (parts.inner1 * (1.0f - parts.inner1));
      const Floats d2 = d_linear * (parts.inner2 * (1.0f - parts.inner2));
      Store(ds + at, of_s, n);
      const Floats through_mu = d1 * (vector(1) * vector(2)) + d_mu * vector(4);
      const Floats through_gate = d2 * (vector(6) * vector(7)) + d_linear * vector(9);
      Store(du + at, through_mu + through_gate, n);
      terms[0] = d_mu * parts.inner1;
      terms[1] = d1 * of_u;
      terms[2] = d1;
      terms[3] = d_mu * of_u;
      terms[4] = d_mu;
      terms[5] = d_linear * parts.inner2;
      terms[6] = d2 * of_u;
      terms[7] = d2;
      terms[8] = d_linear * of_u;
      terms[9] = d_linear;
    });
    for (int64_t i = 0; i < columns; ++i) {
      sums[1][i] *= a[0][i];
      sums[2][i] *= a[0][i];
      sums[6][i] *= a[5][i];
      sums[7][i] *= a[5][i];
    }
  }

 private:
  bool linear_;
};

}  // namespace taggerjs
