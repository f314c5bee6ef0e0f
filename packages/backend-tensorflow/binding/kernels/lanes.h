// Vectors of floats as wide as the processor's (-march), and functions on them.
//
// Comparisons are written so that NaN stays NaN.

#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

namespace taggerjs {

#if defined(__AVX512F__)
constexpr int kLanes = 16;
#elif defined(__AVX__)
constexpr int kLanes = 8;
#else
constexpr int kLanes = 4;
#endif

typedef float Floats __attribute__((vector_size(4 * kLanes)));
typedef int32_t Ints __attribute__((vector_size(4 * kLanes)));

/** The active lanes of a vector: all, */
struct All {
  static constexpr int number = kLanes;
};
/** or the first of them, where a row ends. */
struct First {
  int number;
};

inline Floats Splat(float value) { return value - Floats{}; }

inline Floats Load(const float *at, All) {
  Floats v;
  memcpy(&v, at, sizeof v);
  return v;
}

/** Inactive lanes are set to `otherwise`. */
inline Floats Load(const float *at, First count, float otherwise = 0) {
  Floats v = Splat(otherwise);
  memcpy(&v, at, count.number * sizeof(float));
  return v;
}

inline Floats Load(const float *at, All count, float) { return Load(at, count); }

inline void Store(float *at, Floats v, All) { memcpy(at, &v, sizeof v); }

inline void Store(float *at, Floats v, First count) { memcpy(at, &v, count.number * sizeof(float)); }

/** Inactive lanes are set to zero, for sums over lanes. */
inline Floats Keep(Floats v, All) { return v; }

inline Floats Keep(Floats v, First count) {
  Floats kept = {};
  memcpy(&kept, &v, count.number * sizeof(float));
  return kept;
}

/** f(i, count) for i = 0, kLanes, 2 kLanes, .. below n. */
template <class F>
inline void ForLanes(int64_t n, F f) {
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) f(i, All{});
  if (i < n) f(i, First{static_cast<int>(n - i)});
}

/** Forces v to be rounded: prevents fusing the product v into later additions. */
inline Floats Rounded(Floats v) {
#if defined(__x86_64__)
  asm("" : "+x"(v));
#elif defined(__aarch64__)
  asm("" : "+w"(v));
#endif
  return v;
}

inline float Sum(Floats v) {
  float sum = 0;
  for (int i = 0; i < kLanes; ++i) sum += v[i];
  return sum;
}

/** max(0, y); NaN stays NaN. */
inline Floats Relu(Floats y) { return y <= Floats{} ? Floats{} : y; }

/** dy if the rectifier's output y is positive, else 0; NaN if either is NaN. */
inline Floats ReluGradient(Floats dy, Floats y) {
  const Floats dx = y > Floats{} ? dy : dy * Floats{};
  return y == y ? dx : y;
}

/** exp(x), with x clamped to at most 88.3; 0 below -87.3. Relative error about 2e-7 (Cephes's polynomial). */
inline Floats Exp(Floats x) {
  const Floats low = Splat(-87.33f);
  const Floats high = Splat(88.37f);
  Floats c = x > high ? high : x;
  c = c < low ? low : c;
  // x = n log 2 + r. Adding 1.5 2^23 puts n into the last bits.
  const Floats shift = Splat(12582912.0f);
  const Floats shifted = c * 1.44269504f + shift;
  const Floats n = shifted - shift;
  const Floats r = (c - n * 0.693359375f) - n * -2.12194440e-4f;
  Floats p = r * 1.9875691500e-4f + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * (r * r) + r + 1.0f;
  const Ints scale = ((Ints)shifted - (0x4B400000 - 127)) << 23;
  const Floats result = p * (Floats)scale;  // NaN stays NaN, whatever its scale
  return x < low ? Floats{} : result;
}

inline Floats Sigmoid(Floats x) { return 1.0f / (1.0f + Exp(-x)); }

inline Floats Sqrt(Floats x) {
  Floats root = {};
  for (int i = 0; i < kLanes; ++i) root[i] = std::sqrt(x[i]);
  return root;
}

/** Uses the C library, lane by lane: few values need it. */
inline Floats Log(Floats x) {
  Floats result = {};
  for (int i = 0; i < kLanes; ++i) result[i] = std::log(x[i]);
  return result;
}

}  // namespace taggerjs
