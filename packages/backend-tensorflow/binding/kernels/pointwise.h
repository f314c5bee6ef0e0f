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
  explicit AddBias(Attributes &attributes) : relu_(attributes.Bool("relu")) {}
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

/** The sum of all squares; the partial sums are added in float64. */
class SumOfSquares {
 public:
  explicit SumOfSquares(Attributes &) {}
  void Compute(Call &call) const {
    const Input &x = call.input(0);
    std::vector<double> parts(TasksOf(x.size(), kValues));
    ParallelParts(x.size(), kValues, [&](int64_t first, int64_t part) {
      double sum = 0;
      for (int64_t from = first; from < first + part; from += 1024) {
        Floats squares = {};
        ForLanes(first + part - from < 1024 ? first + part - from : 1024, [&](int64_t i, auto n) {
          const Floats v = Load(x.values + from + i, n);
          squares += v * v;
        });
        sum += Sum(squares);
      }
      parts[first / kValues] = sum;
    });
    double sum = 0;
    for (double part : parts) sum += part;
    call.Output(0, {})[0] = static_cast<float>(sum);
  }
};

/** One Adam step in one pass. Inputs: parameter, gradient, m, v, settings; outputs: the new parameter, m and v. */
class AdamUpdate {
 public:
  explicit AdamUpdate(Attributes &) {}
  void Compute(Call &call) const {
    const Input &parameter = call.input(0);
    const float *gradient = call.input(1).values;
    const float *m = call.input(2).values;
    const float *v = call.input(3).values;
    // A tensor instead of attributes, because the values change at every step, and TensorFlow would create and cache a kernel
    // for each set of attributes: beta1, 1 - beta1, beta2, 1 - beta2, 1 / sqrt(1 - beta2^t), epsilon, learning rate / (1 -
    // beta1^t).
    const float *s = call.input(4).values;
    float *new_parameter = call.Output(0, parameter.shape);
    float *new_m = call.Output(1, parameter.shape);
    float *new_v = call.Output(2, parameter.shape);
    ForValues(parameter.size(), [&](int64_t i, auto n) {
      const Floats g = Load(gradient + i, n);
      const Floats mean = s[0] * Load(m + i, n) + s[1] * g;
      const Floats square = s[2] * Load(v + i, n) + s[3] * (g * g);
      Store(new_m + i, mean, n);
      Store(new_v + i, square, n);
      Store(new_parameter + i, Load(parameter.values + i, n) - s[6] * (mean / (Sqrt(square) * s[4] + s[5])), n);
    });
  }
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
      : count_(attributes.Int("count")),
        groups_(attributes.Int("groups")),
        batch_(attributes.Int("batch")),
        size_(attributes.Int("size")) {}
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
