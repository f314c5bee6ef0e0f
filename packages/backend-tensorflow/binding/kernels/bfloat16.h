// Instructions that multiply bfloat16 numbers, and software for the same results.
//
// A bfloat16 number is the upper half of a float32. A unit is two of them, of consecutive k, in 32 bits: the first in the lower
// half.

#pragma once

#if defined(__x86_64__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include "lanes.h"

namespace taggerjs {

inline Ints BitsOf(Floats v) { return (Ints)v; }

/** The bits of the nearest bfloat16 in the upper half (ties to even); the lower half is undefined. NaN stays NaN. */
inline Ints RoundToUpper(Floats v) {
  const Ints bits = BitsOf(v);
  const Ints rounded = bits + 0x7fff + ((bits >> 16) & 1);
  return v == v ? rounded : bits | 0x400000;
}

/** Units of the numbers `first` and `second`. */
inline Ints Unite(Floats first, Floats second) {
  constexpr int32_t kUpper = static_cast<int32_t>(0xffff0000);
  return ((RoundToUpper(first) >> 16) & 0xffff) | (RoundToUpper(second) & kUpper);
}

inline Floats FirstOf(Ints units) { return (Floats)(units << 16); }
inline Floats SecondOf(Ints units) { return (Floats)(units & static_cast<int32_t>(0xffff0000)); }

/** What a processor can multiply bfloat16 numbers with. */
enum class Bfloat16 { kNone, kVectors, kTiles };

#if defined(__x86_64__)
/** Whether the processor and the system have AVX512-BF16, or AMX's tiles, for which the process must ask. */
inline Bfloat16 DetectBfloat16() {
  unsigned a, b, c, d;
  if (!__builtin_cpu_supports("avx512f") || !__get_cpuid_count(7, 0, &a, &b, &c, &d)) return Bfloat16::kNone;
  const bool tiles = (d >> 22 & 1) != 0 && (d >> 24 & 1) != 0;  // AMX-BF16, AMX-TILE
  constexpr int kRequestPermission = 0x1023;                     // ARCH_REQ_XCOMP_PERM
  constexpr int kTileData = 18;
  if (tiles && syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0) return Bfloat16::kTiles;
  const bool vectors = __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a >> 5 & 1) != 0;  // AVX512-BF16
  return vectors ? Bfloat16::kVectors : Bfloat16::kNone;
}
#else
inline Bfloat16 DetectBfloat16() { return Bfloat16::kNone; }
#endif

/** sum += the products of both pairs of numbers, in float32. */
struct SoftwareDot {
  static Floats Add(Floats sum, Ints a, Ints b) {
    return sum + FirstOf(a) * FirstOf(b) + SecondOf(a) * SecondOf(b);
  }
};

#if defined(__AVX512F__)
/** AVX512-BF16. In assembly, because this file is compiled for processors without it. */
struct HardwareDot {
  static Floats Add(Floats sum, Ints a, Ints b) {
    asm("vdpbf16ps %2, %1, %0" : "+v"(sum) : "v"(a), "v"(b));
    return sum;
  }
};
#endif

/** The size of a tile: 16 rows of 16 units or float32 sums. */
constexpr int kTile = 16;

/** Tiles 0 to 7, as AMX has them. */
class SoftwareTiles {
 public:
  template <int tile>
  void Zero() {
    memset(tiles_[tile], 0, sizeof tiles_[tile]);
  }
  /** `stride`: bytes from row to row. */
  template <int tile>
  void Load(const void *from, int64_t stride) {
    for (int i = 0; i < kTile; ++i) memcpy(tiles_[tile][i], static_cast<const char *>(from) + i * stride, 64);
  }
  template <int tile>
  void Store(void *to, int64_t stride) const {
    for (int i = 0; i < kTile; ++i) memcpy(static_cast<char *>(to) + i * stride, tiles_[tile][i], 64);
  }
  /** sums[i][j] += the sum over u of the products of the units a[i][u] and b[u][j] (TDPBF16PS). */
  template <int sums, int a, int b>
  void Multiply() {
    for (int i = 0; i < kTile; ++i) {
      for (int u = 0; u < kTile; ++u) {
        for (int j = 0; j < kTile; ++j) {
          const uint32_t x = tiles_[a][i][u];
          const uint32_t y = tiles_[b][u][j];
          float sum = Float(tiles_[sums][i][j]);
          sum += Float(x << 16) * Float(y << 16);
          sum += Float(x & 0xffff0000) * Float(y & 0xffff0000);
          memcpy(&tiles_[sums][i][j], &sum, sizeof sum);
        }
      }
    }
  }

 private:
  static float Float(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
  }
  uint32_t tiles_[8][kTile][kTile];
};

#if defined(__AVX512F__)
/** AMX. One object at a time for each thread. */
class HardwareTiles {
 public:
  HardwareTiles() {
    struct alignas(64) {
      uint8_t palette = 1, start = 0, reserved[14] = {};
      uint16_t bytes_per_row[16] = {64, 64, 64, 64, 64, 64, 64, 64};
      uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
    } shape;
    asm volatile("ldtilecfg %0" ::"m"(shape));
  }
  HardwareTiles(const HardwareTiles &) = delete;
  ~HardwareTiles() { asm volatile("tilerelease"); }

  template <int tile>
  void Zero() {
    asm volatile("tilezero %%tmm%c0" ::"i"(tile));
  }
  template <int tile>
  void Load(const void *from, int64_t stride) {
    asm volatile("tileloadd (%0,%1,1), %%tmm%c2" ::"r"(from), "r"(stride), "i"(tile) : "memory");
  }
  template <int tile>
  void Store(void *to, int64_t stride) const {
    asm volatile("tilestored %%tmm%c2, (%0,%1,1)" ::"r"(to), "r"(stride), "i"(tile) : "memory");
  }
  template <int sums, int a, int b>
  void Multiply() {
    asm volatile("tdpbf16ps %%tmm%c2, %%tmm%c1, %%tmm%c0" ::"i"(sums), "i"(a), "i"(b));
  }
};
#endif

}  // namespace taggerjs
