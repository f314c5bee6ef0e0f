// Bit-flip noise: the assignment likelihood, the modeling error and the denoising cost, and their gradients.
//
// scale is 1 - 2 beta (or 1 - 2 epsilon), flip is beta (or epsilon).

#pragma once

#include "groups.h"

namespace taggerjs {

/** The attributes of all operations. */
struct Flip {
  float scale;
  float flip;

  explicit Flip(Attributes &attributes) : scale(attributes.Float()), flip(attributes.Float()) {}

  /** xi: the predicted mean after the noise. */
  Floats Through(Floats z) const { return z * scale + flip; }
  /** z~ = scale (z (2 x - 1) + 1 - x) + flip. */
  Floats Unnormalized(Floats x, Floats z) const { return (z * (x + x - 1.0f) + (1.0f - x)) * scale + flip; }
};

/** Construction of all operations. */
class Bitflip {
 public:
  explicit Bitflip(Attributes &attributes) : flip_(attributes) {}

 protected:
  Flip flip_;

  /** D = sum of xi m - 1 + x. */
  template <class Count>
  Floats Denominator(const Extent &e, Floats x, const float *z, const float *m, int64_t i, Count n) const {
    Floats mixture = {};
    for (const int64_t at : e.GroupsAt(i)) mixture += flip_.Through(Load(z + at, n)) * Load(m + at, n);
    return mixture + (x - 1.0f);
  }
};

/** L = z~ / sum of z~. Inputs: x, z. */
class BitflipLikelihood : Bitflip {
 public:
  using Bitflip::Bitflip;
  void Compute(Call &call) const {
    const float *x = call.input(0).values;
    const Input &z = call.input(1);
    const Extent e(z);
    float *likelihood = call.Output(0, z.shape);
    ForPositions(e.size, [&](int64_t i, auto n) {
      const Floats input = Load(x + i, n);
      Floats total = {};
      for (const int64_t at : e.GroupsAt(i)) {
        const Floats value = flip_.Unnormalized(input, Load(z.values + at, n));
        total += value;
        Store(likelihood + at, value, n);
      }
      for (const int64_t at : e.GroupsAt(i)) {
        Store(likelihood + at, Load(likelihood + at, n) / total, n);
      }
    });
  }
};

/** d z~_k = (dL_k - sum of dL L) / sum of z~, and d z~ / dz = (2 x - 1) scale. Inputs: dy, x, z, L. */
class BitflipLikelihoodGradient : Bitflip {
 public:
  using Bitflip::Bitflip;
  void Compute(Call &call) const {
    const float *dy = call.input(0).values;
    const float *x = call.input(1).values;
    const Input &z = call.input(2);
    const float *likelihood = call.input(3).values;
    const Extent e(z);
    float *dz = call.Output(0, z.shape);
    ForPositions(e.size, [&](int64_t i, auto n) {
      const Floats input = Load(x + i, n);
      Floats total = {};
      Floats sum = {};
      for (const int64_t at : e.GroupsAt(i)) {
        total += flip_.Unnormalized(input, Load(z.values + at, n));
        sum += Load(dy + at, n) * Load(likelihood + at, n);
      }
      const Floats factor = (input + input - 1.0f) * flip_.scale / total;
      for (const int64_t at : e.GroupsAt(i)) Store(dz + at, (Load(dy + at, n) - sum) * factor, n);
    });
  }
};

/** m / D. Inputs: x, z, m. */
class BitflipModelingError : Bitflip {
 public:
  using Bitflip::Bitflip;
  void Compute(Call &call) const {
    const float *x = call.input(0).values;
    const Input &z = call.input(1);
    const float *m = call.input(2).values;
    const Extent e(z);
    float *error = call.Output(0, z.shape);
    ForPositions(e.size, [&](int64_t i, auto n) {
      const Floats denominator = Denominator(e, Load(x + i, n), z.values, m, i, n);
      for (const int64_t at : e.GroupsAt(i)) Store(error + at, Load(m + at, n) / denominator, n);
    });
  }
};

/** dD = -(sum of dy error) / D, dz = scale m dD, dm = dy / D + xi dD. Inputs: dy, x, z, m, error. */
class BitflipModelingErrorGradient : Bitflip {
 public:
  using Bitflip::Bitflip;
  void Compute(Call &call) const {
    const float *dy = call.input(0).values;
    const float *x = call.input(1).values;
    const Input &z = call.input(2);
    const float *m = call.input(3).values;
    const float *error = call.input(4).values;
    const Extent e(z);
    float *dz = call.Output(0, z.shape);
    float *dm = call.Output(1, z.shape);
    ForPositions(e.size, [&](int64_t i, auto n) {
      const Floats denominator = Denominator(e, Load(x + i, n), z.values, m, i, n);
      Floats sum = {};
      for (const int64_t at : e.GroupsAt(i)) sum += Load(dy + at, n) * Load(error + at, n);
      const Floats d_denominator = -(sum / denominator);
      for (const int64_t at : e.GroupsAt(i)) {
        Store(dz + at, Load(m + at, n) * (d_denominator * flip_.scale), n);
        const Floats seen = flip_.Through(Load(z.values + at, n));
        Store(dm + at, Load(dy + at, n) / denominator + seen * d_denominator, n);
      }
    });
  }
};

/** q = sum of m z. */
template <class Count>
inline Floats Mixture(const Extent &e, const float *z, const float *m, int64_t i, Count n) {
  Floats q = {};
  for (const int64_t at : e.GroupsAt(i)) q += Load(m + at, n) * Load(z + at, n);
  return q;
}

/** -mean( x log q' + (1 - x) log(1 - q') ), q' = scale q + flip. Inputs: x, z, m. */
class BitflipCost : Bitflip {
 public:
  using Bitflip::Bitflip;
  void Compute(Call &call) const {
    const float *x = call.input(0).values;
    const Input &z = call.input(1);
    const float *m = call.input(2).values;
    const Extent e(z);
    const double sum = SumPositions(e.size, [&](int64_t i, auto n) {
      const Floats q = Mixture(e, z.values, m, i, n);
      const Floats input = Load(x + i, n);
      return input * Log(flip_.Through(q)) + (1.0f - input) * Log(flip_.Through(1.0f - q));
    });
    call.Output(0, {})[0] = static_cast<float>(-sum / static_cast<double>(e.size));
  }
};

/** dq = -dy scale (x / q' - (1 - x) / (1 - q')) / size, dz = m dq, dm = z dq. Inputs: dy, x, z, m. */
class BitflipCostGradient : Bitflip {
 public:
  using Bitflip::Bitflip;
  void Compute(Call &call) const {
    const float *x = call.input(1).values;
    const Input &z = call.input(2);
    const float *m = call.input(3).values;
    const Extent e(z);
    const float share = -call.input(0).values[0] * flip_.scale / static_cast<float>(e.size);
    float *dz = call.Output(0, z.shape);
    float *dm = call.Output(1, z.shape);
    ForPositions(e.size, [&](int64_t i, auto n) {
      const Floats q = Mixture(e, z.values, m, i, n);
      const Floats input = Load(x + i, n);
      const Floats slope = input / flip_.Through(q) - (1.0f - input) / flip_.Through(1.0f - q);
      const Floats dq = slope * share;
      for (const int64_t at : e.GroupsAt(i)) {
        Store(dz + at, Load(m + at, n) * dq, n);
        Store(dm + at, Load(z.values + at, n) * dq, n);
      }
    });
  }
};

}  // namespace taggerjs
