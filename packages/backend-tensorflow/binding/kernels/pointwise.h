// Element-wise operations, with or without a vector for the columns: bias, gain, rectifier, sigmoid, and their gradients,
// some of which also sum over rows.

#pragma once

#include "columns.h"
#include "operation.h"

namespace taggerjs {

/** Values per task: 64 kilobytes of each tensor. */
constexpr int64_t kValues = 1 << 14;

/** f(i, count) for the values from i, on all threads. */
template <class F>
inline void ForValues(int64_t size, const F &f) {
  ParallelParts(size, kValues, [&](int64_t first, int64_t part) {
    ForLanes(part, [&](int64_t i, auto n) { f(first + i, n); });
  });
}

/** y = relu(x) or sigmoid(x). */
template <Floats (*kFunction)(Floats)>
class OfX {
 public:
  explicit OfX(Attributes &) {}
  void Compute(Call &call) const {
    const Input &x = call.input(0);
    float *y = call.Output(0, x.shape);
    ForValues(x.size(), [&](int64_t i, auto n) { Store(y + i, kFunction(Load(x.values + i, n)), n); });
  }
};

inline Floats SigmoidGradient(Floats dy, Floats y) { return dy * (y * (1.0f - y)); }

/** dx from dy and the output y. */
template <Floats (*kFunction)(Floats, Floats)>
class OfDyAndY {
 public:
  explicit OfDyAndY(Attributes &) {}
  void Compute(Call &call) const {
    const float *dy = call.input(0).values;
    const Input &y = call.input(1);
    float *dx = call.Output(0, y.shape);
    ForValues(y.size(), [&](int64_t i, auto n) { Store(dx + i, kFunction(Load(dy + i, n), Load(y.values + i, n)), n); });
  }
};

/** y = activation(x + bias). */
class AddBias {
 public:
  explicit AddBias(Attributes &attributes) : relu_(attributes.Bool()) {}
  void Compute(Call &call) const {
    const Input &x = call.input(0);
    const float *bias = call.input(1).values;
    const int64_t columns = x.shape[1];
    float *y = call.Output(0, x.shape);
    ForRows(x.shape[0], [&](int64_t row) {
      ForLanes(columns, [&](int64_t i, auto n) {
        const Floats sum = Load(x.values + row * columns + i, n) + Load(bias + i, n);
        Store(y + row * columns + i, relu_ ? Relu(sum) : sum, n);
      });
    });
  }

 private:
  bool relu_;
};

/** dx, and the sum of each of its columns, from dy and the rectifier's output y. */
class AddBiasGradient {
 public:
  explicit AddBiasGradient(Attributes &) {}
  void Compute(Call &call) const {
    const float *dy = call.input(0).values;
    const Input &y = call.input(1);
    const int64_t columns = y.shape[1];
    float *dx = call.Output(0, y.shape);
    float *d_bias = call.Output(1, {columns});
    SumColumns<1>(y.shape[0], columns, &d_bias, [&](int64_t row, int64_t i, auto n, Floats *terms) {
      const int64_t at = row * columns + i;
      terms[0] = ReluGradient(Load(dy + at, n), Load(y.values + at, n));
      Store(dx + at, terms[0], n);
    });
  }
};

/** y = gain (x + bias). */
class BiasScale {
 public:
  explicit BiasScale(Attributes &) {}
  void Compute(Call &call) const {
    const Input &x = call.input(0);
    const float *bias = call.input(1).values;
    const float *gain = call.input(2).values;
    const int64_t columns = x.shape[1];
    float *y = call.Output(0, x.shape);
    ForRows(x.shape[0], [&](int64_t row) {
      ForLanes(columns, [&](int64_t i, auto n) {
        const Floats sum = Load(x.values + row * columns + i, n) + Load(bias + i, n);
        Store(y + row * columns + i, sum * Load(gain + i, n), n);
      });
    });
  }
};

/** dx = gain dy, d_bias = gain (sum of dy), d_gain = sum of dy (x + bias). */
class BiasScaleGradient {
 public:
  explicit BiasScaleGradient(Attributes &) {}
  void Compute(Call &call) const {
    const float *dy = call.input(0).values;
    const Input &x = call.input(1);
    const float *bias = call.input(2).values;
    const float *gain = call.input(3).values;
    const int64_t columns = x.shape[1];
    float *dx = call.Output(0, x.shape);
    float *const sums[2] = {call.Output(1, {columns}), call.Output(2, {columns})};
    SumColumns<2>(x.shape[0], columns, sums, [&](int64_t row, int64_t i, auto n, Floats *terms) {
      const int64_t at = row * columns + i;
      terms[0] = Load(dy + at, n);
      terms[1] = terms[0] * (Load(x.values + at, n) + Load(bias + i, n));
      Store(dx + at, terms[0] * Load(gain + i, n), n);
    });
    for (int64_t i = 0; i < columns; ++i) sums[0][i] *= gain[i];
  }
};

/** The sum of each column. */
class ColumnSum {
 public:
  explicit ColumnSum(Attributes &) {}
  void Compute(Call &call) const {
    const Input &x = call.input(0);
    const int64_t columns = x.shape[1];
    float *sum = call.Output(0, {columns});
    SumColumns<1>(x.shape[0], columns, &sum, [&](int64_t row, int64_t i, auto n, Floats *terms) {
      terms[0] = Load(x.values + row * columns + i, n);
    });
  }
};

/** The factors of an Adam step, computed in float64. */
struct AdamFactors {
  float beta1, rest1, beta2, rest2, correction, epsilon, rate;

  /** Attributes: learning rate, beta1, beta2, epsilon, step. */
  explicit AdamFactors(Attributes &attributes) {
    const double learning_rate = attributes.Double();
    const double decay1 = attributes.Double();
    const double decay2 = attributes.Double();
    epsilon = attributes.Float();
    const double step = attributes.Double();
    beta1 = static_cast<float>(decay1);
    rest1 = static_cast<float>(1 - decay1);
    beta2 = static_cast<float>(decay2);
    rest2 = static_cast<float>(1 - decay2);
    correction = static_cast<float>(1 / std::sqrt(1 - std::pow(decay2, step)));
    rate = static_cast<float>(learning_rate / (1 - std::pow(decay1, step)));
  }

  /** Sets mean, square and parameter to their values after the step. */
  void Update(Floats g, Floats &mean, Floats &square, Floats &parameter) const {
    mean = beta1 * mean + rest1 * g;
    square = beta2 * square + rest2 * (g * g);
    parameter = parameter - rate * (mean / (Sqrt(square) * correction + epsilon));
  }
};

/** Values `first` to `first + size` of tensor `tensor`. */
struct Part {
  int tensor;
  int64_t first, size;
};

/** Parts of several tensors, for all threads; they depend on the sizes alone. */
class Parts {
 public:
  void Add(int tensor, int64_t size) {
    for (int64_t first = 0; first < size; first += kValues) {
      parts_.push_back({tensor, first, size - first < kValues ? size - first : kValues});
    }
  }
  int64_t count() const { return static_cast<int64_t>(parts_.size()); }
  /** f(number, part) for all parts, on all threads. */
  template <class F>
  void For(const F &f) const {
    Parallel(count(), [&](int64_t i) { f(i, parts_[i]); });
  }

 private:
  std::vector<Part> parts_;
};

/** The sum of the squares of all inputs, in float64; a thousand squares at a time are added up in float32. */
inline double SquaresOf(const Call &call) {
  Parts parts;
  for (int i = 0; i < call.count(); ++i) parts.Add(i, call.input(i).size());
  std::vector<double> sums(parts.count());
  parts.For([&](int64_t number, const Part &part) {
    const float *values = call.input(part.tensor).values + part.first;
    double sum = 0;
    for (int64_t from = 0; from < part.size; from += 1024) {
      Floats squares = {};
      ForLanes(part.size - from < 1024 ? part.size - from : 1024, [&](int64_t i, auto n) {
        const Floats v = Load(values + from + i, n);
        squares += v * v;
      });
      sum += Sum(squares);
    }
    sums[number] = sum;
  });
  double sum = 0;
  for (double part : sums) sum += part;
  return sum;
}

/** The sum of all squares. */
class SumOfSquares {
 public:
  explicit SumOfSquares(Attributes &) {}
  void Compute(Call &call) const { call.Output(0, {})[0] = static_cast<float>(SquaresOf(call)); }
};

/** The root of the sum of the squares of all inputs. */
class GlobalNorm {
 public:
  explicit GlobalNorm(Attributes &) {}
  void Compute(Call &call) const { call.Output(0, {})[0] = static_cast<float>(std::sqrt(SquaresOf(call))); }
};

/** A step of Adam of several parameters, and of their averages. */
struct AdamStep {
  AdamFactors factors;
  float scale;
  float decay, rest;

  /** For each parameter: parameter, gradient, m, v and, if `has_average`, average; outputs without the gradient. */
  void Compute(Call &call, int count, bool has_average) const {
    const int inputs = has_average ? 5 : 4;
    const int outputs = has_average ? 4 : 3;
    std::vector<float *> to(static_cast<size_t>(count) * outputs);
    Parts parts;
    for (int i = 0; i < count; ++i) {
      const Input &parameter = call.input(i * inputs);
      for (int j = 0; j < outputs; ++j) to[i * outputs + j] = call.Output(i * outputs + j, parameter.shape);
      parts.Add(i, parameter.size());
    }
    parts.For([&](int64_t, const Part &part) {
      const float *from[5];
      float *const *into = to.data() + part.tensor * outputs;
      for (int j = 0; j < inputs; ++j) from[j] = call.input(part.tensor * inputs + j).values + part.first;
      ForLanes(part.size, [&](int64_t i, auto n) {
        Floats parameter = Load(from[0] + i, n);
        Floats mean = Load(from[2] + i, n);
        Floats square = Load(from[3] + i, n);
        factors.Update(Load(from[1] + i, n) * scale, mean, square, parameter);
        const int64_t at = part.first + i;
        Store(into[0] + at, parameter, n);
        Store(into[1] + at, mean, n);
        Store(into[2] + at, square, n);
        if (has_average) Store(into[3] + at, decay * Load(from[4] + i, n) + rest * parameter, n);
      });
    });
  }
};

/** One Adam step in one pass. Inputs: parameter, gradient, m, v; outputs: the new parameter, m and v. */
class AdamUpdate {
 public:
  explicit AdamUpdate(Attributes &attributes) : step_{AdamFactors(attributes), 1, 0, 0} {}
  void Compute(Call &call) const { step_.Compute(call, 1, false); }

 private:
  AdamStep step_;
};

/** The same for all parameters, with the averages' update. The last input is the factor of the gradients, if there is one. */
class AdamUpdates {
 public:
  explicit AdamUpdates(Attributes &attributes)
      : factors_(attributes),
        count_(static_cast<int>(attributes.Int())),
        has_scale_(attributes.Bool()),
        has_average_(attributes.Bool()),
        decay_(attributes.Double()) {}
  void Compute(Call &call) const {
    const float scale = has_scale_ ? call.input(call.count() - 1).values[0] : 1;
    const AdamStep step{factors_, scale, static_cast<float>(decay_), static_cast<float>(1 - decay_)};
    step.Compute(call, count_, has_average_);
  }

 private:
  AdamFactors factors_;
  int count_;
  bool has_scale_, has_average_;
  double decay_;
};

/** a + b. */
class Add {
 public:
  explicit Add(Attributes &) {}
  void Compute(Call &call) const {
    const Input &a = call.input(0);
    const float *b = call.input(1).values;
    float *sum = call.Output(0, a.shape);
    ForValues(a.size(), [&](int64_t i, auto n) { Store(sum + i, Load(a.values + i, n) + Load(b + i, n), n); });
  }
};

/** The sum of scalars, each times an attribute. */
class WeightedSum {
 public:
  explicit WeightedSum(Attributes &attributes) : weights_(attributes) {}
  void Compute(Call &call) const {
    Attributes weights = weights_;
    float sum = 0;
    for (int i = 0; i < call.count(); ++i) sum += call.input(i).values[0] * weights.Float();
    call.Output(0, {})[0] = sum;
  }

 private:
  Attributes weights_;
};

/** Copies [rows, columns] between matrices with different row lengths. */
inline void CopyRows(int64_t rows, int64_t columns, const float *from, int64_t from_length, float *to, int64_t to_length) {
  ForRows(rows, [&](int64_t row) { memcpy(to + row * to_length, from + row * from_length, columns * sizeof(float)); });
}

/** Concatenates features [groups, batch, size]: [groups * batch, features * size]. */
class StackFeatures {
 public:
  explicit StackFeatures(Attributes &) {}
  void Compute(Call &call) const {
    const std::vector<int64_t> &shape = call.input(0).shape;
    const int64_t rows = shape[0] * shape[1];
    const int64_t size = shape[2];
    const int64_t all = call.count() * size;
    float *stacked = call.Output(0, {rows, all});
    for (int i = 0; i < call.count(); ++i) CopyRows(rows, size, call.input(i).values, size, stacked + i * size, all);
  }
};

class StackFeaturesGradient {
 public:
  explicit StackFeaturesGradient(Attributes &attributes)
      : count_(attributes.Int()),
        groups_(attributes.Int()),
        batch_(attributes.Int()),
        size_(attributes.Int()) {}
  void Compute(Call &call) const {
    const float *dy = call.input(0).values;
    for (int i = 0; i < count_; ++i) {
      float *feature = call.Output(i, {groups_, batch_, size_});
      CopyRows(groups_ * batch_, size_, dy + i * size_, count_ * size_, feature, size_);
    }
  }

 private:
  int64_t count_, groups_, batch_, size_;
};

}  // namespace taggerjs
