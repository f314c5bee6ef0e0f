// im2col: gathers every pixel with its eight neighbors, [P, C] to [P, 9C], with zeros beyond the edge of the image; and its
// gradient.

import { copyFloats, load4, store4 } from "./vector";
import { loadFirst, storeFirst } from "./lanes";
import { rowsPerTask, tasksOf } from "./partition";
import { JOB, IM2COL, IM2COL_GRADIENT } from "./job";
import { runJob } from "./pool";

const PIXELS: usize = 4;
const TASK_PIXELS: usize = 8;
const ROWS: usize = 12;
const COLUMNS: usize = 16;
const BYTES: usize = 20; // bytes per pixel: all of its channels
const FROM: usize = 24;
const TO: usize = 28;

function run(
  control: usize, operation: u32, pixels: u32, rows: u32, columns: u32, channels: u32, from: usize, to: usize,
): void {
  const job = control + JOB;
  const taskPixels = rowsPerTask(pixels, 9 * channels);
  store<u32>(job, operation);
  store<u32>(job, pixels, PIXELS);
  store<u32>(job, taskPixels, TASK_PIXELS);
  store<u32>(job, rows, ROWS);
  store<u32>(job, columns, COLUMNS);
  store<u32>(job, channels << 2, BYTES);
  store<usize>(job, from, FROM);
  store<usize>(job, to, TO);
  runJob(control, tasksOf(pixels, taskPixels));
}

/** y from x, which has `pixels` pixels in images of `rows` x `columns`. */
export function im2col(
  control: usize, pixels: u32, rows: u32, columns: u32, channels: u32, x: usize, y: usize,
): void {
  run(control, IM2COL, pixels, rows, columns, channels, x, y);
}

export function im2colTask(job: usize, task: u32): void {
  const first = task * load<u32>(job, TASK_PIXELS);
  const end = min(first + load<u32>(job, TASK_PIXELS), load<u32>(job, PIXELS));
  const rows = load<u32>(job, ROWS), columns = load<u32>(job, COLUMNS);
  const bytes = <usize>load<u32>(job, BYTES);
  const rowBytes = bytes * columns;
  const x = load<usize>(job, FROM);
  let to = load<usize>(job, TO) + <usize>first * 9 * bytes;
  let row = (first / columns) % rows, column = first % columns;
  for (let pixel = first; pixel < end; pixel++) {
    const at = x + <usize>pixel * bytes;
    // The pixels of a row are contiguous, so all three are copied at once, except those beyond the edge.
    const left = bytes * usize(column == 0), right = bytes * usize(column == columns - 1);
    for (let down: usize = 0; down < 3; down++) {
      if (row + <u32>down == 0 || row + <u32>down > rows) {
        memory.fill(to, 0, 3 * bytes);
      } else {
        const from = at + down * rowBytes - rowBytes - bytes;
        if (left) memory.fill(to, 0, bytes);
        copyFloats(to + left, from + left, 3 * bytes - left - right);
        if (right) memory.fill(to + 2 * bytes, 0, bytes);
      }
      to += 3 * bytes;
    }
    if (++column == columns) {
      column = 0;
      if (++row == rows) row = 0;
    }
  }
}

/** dx from dy: each pixel sums over the neighborhoods that contain it, starting with the one whose upper left corner it is. */
export function im2colGradient(
  control: usize, pixels: u32, rows: u32, columns: u32, channels: u32, dy: usize, dx: usize,
): void {
  run(control, IM2COL_GRADIENT, pixels, rows, columns, channels, dy, dx);
}

export function im2colGradientTask(job: usize, task: u32): void {
  const first = task * load<u32>(job, TASK_PIXELS);
  const end = min(first + load<u32>(job, TASK_PIXELS), load<u32>(job, PIXELS));
  const rows = load<u32>(job, ROWS), columns = load<u32>(job, COLUMNS);
  const bytes = <usize>load<u32>(job, BYTES);
  const whole = bytes & ~15;
  const rest = <u32>(bytes - whole) >> 2;
  let dy = load<usize>(job, FROM) + <usize>first * 9 * bytes;
  let dx = load<usize>(job, TO) + <usize>first * bytes;
  let row = (first / columns) % rows, column = first % columns;
  for (let pixel = first; pixel < end; pixel++) {
    const fromDown = usize(row + 1 == rows), toDown: usize = row == 0 ? 2 : 3;
    const fromRight = usize(column + 1 == columns), toRight: usize = column == 0 ? 2 : 3;
    for (let o: usize = 0; o <= whole; o += 16) {
      const count: u32 = o == whole ? rest : 4;
      if (count == 0) break;
      let sum = f32x4.splat(0);
      for (let down = fromDown; down < toDown; down++) {
        // This pixel is neighbor (down, right) of the pixel 1 - down rows and 1 - right columns further on.
        const line = dy + <usize>columns * 9 * bytes * (1 - down) + down * 3 * bytes + o;
        for (let right = fromRight; right < toRight; right++) {
          const at = line + 9 * bytes * (1 - right) + right * bytes;
          sum = f32x4.add(sum, count == 4 ? load4(at) : loadFirst(at, count));
        }
      }
      if (count == 4) store4(dx + o, sum);
      else storeFirst(dx + o, sum, count);
    }
    dy += 9 * bytes;
    dx += bytes;
    if (++column == columns) {
      column = 0;
      if (++row == rows) row = 0;
    }
  }
}
