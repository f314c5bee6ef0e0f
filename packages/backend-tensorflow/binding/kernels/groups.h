// Loops over groups, for softmax and the two noise models. Tensors of groups are [K, B, N], viewed as [K, size]; each task
// handles a range of positions, with all of their groups.

#pragma once

#include "columns.h"
#include "operation.h"

namespace taggerjs {

/** Positions per task. */
constexpr int64_t kPositions = 1024;

/** A strided range to iterate over with `for`. */
struct Strided {
  struct Iterator {
    int64_t at;
    int64_t stride;
    int64_t operator*() const { return at; }
    void operator++() { at += stride; }
    bool operator!=(const Iterator &other) const { return at != other.at; }
  };
  int64_t first;
  int64_t stride;
  int64_t count;
  Iterator begin() const { return {first, stride}; }
  Iterator end() const { return {first + count * stride, stride}; }
};

/** K, and the number of positions B N. */
struct Extent {
  int64_t groups;
  int64_t size;

  explicit Extent(const Input &of) : groups(of.shape[0]), size(of.shape[1] * of.shape[2]) {}
  /** The offsets of a position in all groups. */
  Strided GroupsAt(int64_t position) const { return {position, size, groups}; }
};

/** f(position, count) for all positions, on all threads. */
template <class F>
inline void ForPositions(int64_t size, const F &f) {
  ParallelParts(size, kPositions, [&](int64_t first, int64_t part) {
    ForLanes(part, [&](int64_t i, auto n) { f(first + i, n); });
  });
}

/** The sum of f(position, count) over all positions; the partial sums are added in float64. */
template <class F>
inline double SumPositions(int64_t size, const F &f) {
  std::vector<double> parts(TasksOf(size, kPositions));
  ParallelParts(size, kPositions, [&](int64_t first, int64_t part) {
    Floats sum = {};
    ForLanes(part, [&](int64_t i, auto n) { sum += Keep(f(first + i, n), n); });
    parts[first / kPositions] = Sum(sum);
  });
  double sum = 0;
  for (double part : parts) sum += part;
  return sum;
}

/**
 * Writes the weights exp(logit - largest logit) of a position's groups to `to`, unless that is null. Returns their sum, and
 * sets `largest` to the largest logit. logit(k) is the logit of group k. If a logit is NaN, so is a weight.
 */
template <class Logit, class Count>
inline Floats Weigh(const Extent &e, float *to, int64_t i, Count n, Floats *largest, const Logit &logit) {
  *largest = logit(0);
  for (int64_t k = 1; k < e.groups; ++k) {
    const Floats other = logit(k);
    *largest = *largest < other ? other : *largest;
  }
  Floats total = {};
  for (int64_t k = 0; k < e.groups; ++k) {
    const Floats weight = Exp(logit(k) - *largest);
    if (to != nullptr) Store(to + k * e.size + i, weight, n);
    total += weight;
  }
  return total;
}

/** m and, unless it is null, log m from logits. */
inline void SoftmaxOfGroups(const Extent &e, const float *x, float *m, float *log_m) {
  if (e.groups == 0) return;
  ForPositions(e.size, [&](int64_t i, auto n) {
    Floats largest;
    const auto logit = [&](int64_t k) { return Load(x + k * e.size + i, n); };
    const Floats total = Weigh(e, m, i, n, &largest, logit);
    const Floats inverse = 1.0f / total;
    for (int64_t k = 0; k < e.groups; ++k) Store(m + k * e.size + i, Load(m + k * e.size + i, n) * inverse, n);
    if (log_m == nullptr) return;
    const Floats log_total = Log(total);
    for (int64_t k = 0; k < e.groups; ++k) Store(log_m + k * e.size + i, (logit(k) - largest) - log_total, n);
  });
}

/** dx from the gradients of m and, unless it is null, of log m. */
inline void SoftmaxOfGroupsGradient(const Extent &e, const float *dm, const float *d_log_m, const float *m, float *dx) {
  ForPositions(e.size, [&](int64_t i, auto n) {
    Floats total = {};
    for (const int64_t at : e.GroupsAt(i)) {
      total += Load(m + at, n) * Load(dm + at, n);
      if (d_log_m != nullptr) total += Load(d_log_m + at, n);
    }
    for (const int64_t at : e.GroupsAt(i)) {
      const Floats change = Load(m + at, n) * (Load(dm + at, n) - total);
      Store(dx + at, d_log_m == nullptr ? change : change + Load(d_log_m + at, n), n);
    }
  });
}

class GroupSoftmax {
 public:
  explicit GroupSoftmax(Attributes &) {}
  void Compute(Call &call) const {
    const Input &x = call.input(0);
    float *m = call.Output(0, x.shape);
    SoftmaxOfGroups(Extent(x), x.values, m, call.Output(1, x.shape));
  }
};

/** Inputs: dm, d_log_m, m. */
class GroupSoftmaxGradient {
 public:
  explicit GroupSoftmaxGradient(Attributes &) {}
  void Compute(Call &call) const {
    const Input &m = call.input(2);
    float *dx = call.Output(0, m.shape);
    SoftmaxOfGroupsGradient(Extent(m), call.input(0).values, call.input(1).values, m.values, dx);
  }
};

/** A tensor viewed around one of its axes: [outer, size, inner]. */
struct Around {
  int64_t outer = 1, size, inner = 1;

  Around(const std::vector<int64_t> &shape, int64_t axis) : size(shape[axis]) {
    for (int64_t i = 0; i < axis; ++i) outer *= shape[i];
    for (size_t i = axis + 1; i < shape.size(); ++i) inner *= shape[i];
  }
  Extent Groups() const {
    Input seen{nullptr, {size, inner, 1}};
    return Extent(seen);
  }
};

class Softmax {
 public:
  explicit Softmax(Attributes &attributes) : axis_(attributes.Int()) {}
  void Compute(Call &call) const {
    const Input &x = call.input(0);
    const Around a(x.shape, axis_);
    float *y = call.Output(0, x.shape);
    if (a.size == 0) return;
    if (a.inner == 1) {
      ForRows(a.outer, [&](int64_t row) { OfRow(x.values + row * a.size, a.size, y + row * a.size); });
      return;
    }
    for (int64_t i = 0; i < a.outer; ++i) {
      SoftmaxOfGroups(a.Groups(), x.values + i * a.size * a.inner, y + i * a.size * a.inner, nullptr);
    }
  }

 private:
  static void OfRow(const float *x, int64_t size, float *y) {
    Floats most = Splat(x[0]);
    ForLanes(size, [&](int64_t i, auto n) {
      const Floats other = Load(x + i, n, x[0]);
      most = most < other ? other : most;
    });
    float largest = most[0];
    for (int i = 1; i < kLanes; ++i) largest = largest < most[i] ? most[i] : largest;
    Floats sum = {};
    ForLanes(size, [&](int64_t i, auto n) {
      const Floats weight = Keep(Exp(Load(x + i, n) - largest), n);
      Store(y + i, weight, n);
      sum += weight;
    });
    const float inverse = 1 / Sum(sum);
    ForLanes(size, [&](int64_t i, auto n) { Store(y + i, Load(y + i, n) * inverse, n); });
  }

  int64_t axis_;
};

/** Inputs: dy, y. */
class SoftmaxGradient {
 public:
  explicit SoftmaxGradient(Attributes &attributes) : axis_(attributes.Int()) {}
  void Compute(Call &call) const {
    const float *dy = call.input(0).values;
    const Input &y = call.input(1);
    const Around a(y.shape, axis_);
    float *dx = call.Output(0, y.shape);
    if (a.inner == 1) {
      ForRows(a.outer, [&](int64_t row) {
        const int64_t at = row * a.size;
        Floats sum = {};
        ForLanes(a.size, [&](int64_t i, auto n) { sum += Load(dy + at + i, n) * Load(y.values + at + i, n); });
        const float total = Sum(sum);
        ForLanes(a.size, [&](int64_t i, auto n) {
          Store(dx + at + i, Load(y.values + at + i, n) * (Load(dy + at + i, n) - total), n);
        });
      });
      return;
    }
    for (int64_t i = 0; i < a.outer; ++i) {
      const int64_t at = i * a.size * a.inner;
      SoftmaxOfGroupsGradient(a.Groups(), dy + at, nullptr, y.values + at, dx + at);
    }
  }

 private:
  int64_t axis_;
};

}  // namespace taggerjs
