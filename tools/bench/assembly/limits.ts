// Loops that do a single thing, to measure the peak rates of a core.

/**
 * Multiply-adds in registers: `count` times twelve vectors of four numbers. Twelve independent sums keep every unit busy;
 * with the two factors they fill the registers.
 */
export function multiplyAdds(count: u32, factor: f32, summand: f32): f32 {
  const f = f32x4.splat(factor);
  const s = f32x4.splat(summand);
  let a0 = s,
    a1 = s,
    a2 = s,
    a3 = s,
    a4 = s,
    a5 = s,
    a6 = s,
    a7 = s,
    a8 = s,
    a9 = s,
    a10 = s,
    a11 = s;
  if (count)
    do {
      a0 = f32x4.relaxed_madd(f, s, a0);
      a1 = f32x4.relaxed_madd(f, s, a1);
      a2 = f32x4.relaxed_madd(f, s, a2);
      a3 = f32x4.relaxed_madd(f, s, a3);
      a4 = f32x4.relaxed_madd(f, s, a4);
      a5 = f32x4.relaxed_madd(f, s, a5);
      a6 = f32x4.relaxed_madd(f, s, a6);
      a7 = f32x4.relaxed_madd(f, s, a7);
      a8 = f32x4.relaxed_madd(f, s, a8);
      a9 = f32x4.relaxed_madd(f, s, a9);
      a10 = f32x4.relaxed_madd(f, s, a10);
      a11 = f32x4.relaxed_madd(f, s, a11);
    } while (--count);
  // Uses all sums, so that none is optimized away.
  const sums = f32x4.add(
    f32x4.add(f32x4.add(f32x4.add(a0, a1), f32x4.add(a2, a3)), f32x4.add(f32x4.add(a4, a5), f32x4.add(a6, a7))),
    f32x4.add(f32x4.add(a8, a9), f32x4.add(a10, a11)),
  );
  return f32x4.extract_lane(sums, 0);
}

/** Integer additions: `count` times eight independent ones. */
export function additions(count: u32, step: i64): i64 {
  let a0: i64 = 0,
    a1: i64 = 1,
    a2: i64 = 2,
    a3: i64 = 3,
    a4: i64 = 4,
    a5: i64 = 5,
    a6: i64 = 6,
    a7: i64 = 7;
  if (count)
    do {
      a0 += step;
      a1 += step;
      a2 += step;
      a3 += step;
      a4 += step;
      a5 += step;
      a6 += step;
      a7 += step;
    } while (--count);
  return a0 ^ a1 ^ a2 ^ a3 ^ a4 ^ a5 ^ a6 ^ a7;
}

/** Reads memory sequentially; `bytes` is a multiple of 256. */
export function readAll(start: usize, bytes: usize): i32 {
  let a = i32x4.splat(0),
    b = a,
    c = a,
    d = a;
  const end = start + bytes;
  for (let at = start; at < end; at += 256) {
    a = v128.xor(
      a,
      v128.xor(v128.xor(v128.load(at), v128.load(at, 64)), v128.xor(v128.load(at, 128), v128.load(at, 192))),
    );
    b = v128.xor(
      b,
      v128.xor(v128.xor(v128.load(at, 16), v128.load(at, 80)), v128.xor(v128.load(at, 144), v128.load(at, 208))),
    );
    c = v128.xor(
      c,
      v128.xor(v128.xor(v128.load(at, 32), v128.load(at, 96)), v128.xor(v128.load(at, 160), v128.load(at, 224))),
    );
    d = v128.xor(
      d,
      v128.xor(v128.xor(v128.load(at, 48), v128.load(at, 112)), v128.xor(v128.load(at, 176), v128.load(at, 240))),
    );
  }
  return i32x4.extract_lane(v128.xor(v128.xor(a, b), v128.xor(c, d)), 0);
}
