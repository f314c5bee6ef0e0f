import { createHash } from 'node:crypto';

import { decodeSafetensors } from '@taggerjs/weights';
import { withCode } from '@taggerjs-tools/testing';

import { decodeCheckpoint, encodeCheckpoint } from './checkpoint';
import type { TrainingState } from './training-state';

const tensor = (...values: number[]) => ({ shape: [values.length], data: Float32Array.from(values) });

const state: TrainingState = {
  step: 12,
  seconds: 3.25,
  skipped: 1,
  evaluated: { step: 10, seconds: 3 },
  seed: 'seven',
  batchSize: 20,
  labeled: null,
  examples: 100,
  // Includes values that a round trip through decimals might change.
  parameters: { W_h: { shape: [2, 2], data: Float32Array.of(0.1, -0, 1e-45, 3.4e38) }, __proto__x: tensor(1) },
  modelState: { 'projected/mean': tensor(0.3) },
  optimizer: { step: 11, moments: { 'W_h/m': tensor(1, 2, 3, 4), 'W_h/v': tensor(5, 6, 7, 8) } },
  ema: { updates: 11, weights: { W_h: { shape: [2, 2], data: Float32Array.of(4, 3, 2, 1) } } },
};
const info = { recipe: { name: 'mine' }, records: 14, best: null };

/** Fixes the checksum, so that the checks after it are reached. */
function resign(bytes: Uint8Array): Uint8Array {
  if (bytes.length < 32) return bytes;
  const end = bytes.length - 32;
  bytes.set(createHash('sha256').update(bytes.subarray(0, end)).digest(), end);
  return bytes;
}

const withText = async (from: string, to: string) => {
  const text = Buffer.from(await encodeCheckpoint({ state, info })).toString('latin1');
  expect(text).toContain(from);
  return resign(Uint8Array.from(Buffer.from(text.replace(from, to.padEnd(from.length)), 'latin1')));
};

describe('a checkpoint', () => {
  it('restores its contents bit for bit', async () => {
    for (const each of [state, { ...state, ema: null, evaluated: null, modelState: {}, seed: -3 }]) {
      const decoded = await decodeCheckpoint(await encodeCheckpoint({ state: each, info }));
      expect(JSON.parse(JSON.stringify(decoded))).toEqual(JSON.parse(JSON.stringify({ state: each, info })));
      expect(Object.is(decoded.state.parameters['W_h']!.data[1], -0)).toBe(true);
    }
  });

  it('is a safetensors file that ends with the SHA-256 of all bytes before', async () => {
    const bytes = await encodeCheckpoint({ state, info });
    const { tensors, metadata } = decodeSafetensors(bytes);
    expect(Object.keys(tensors)).toEqual(expect.arrayContaining(['parameter:W_h', 'optimizer:W_h/m', 'average:W_h']));
    expect(metadata).toMatchObject({ format: 'taggerjs-checkpoint', version: '1' });
    const end = bytes.length - 32;
    expect(Buffer.from(bytes.subarray(end))).toEqual(createHash('sha256').update(bytes.subarray(0, end)).digest());
  });

  it('is refused as damaged wherever a bit is flipped, and wherever it is cut', async () => {
    const whole = await encodeCheckpoint({ state, info });
    for (let at = 0; at < whole.length; at++) {
      const flipped = whole.slice();
      flipped[at]! ^= 1 << (at % 8);
      await expect(decodeCheckpoint(flipped)).rejects.toMatchObject({ code: 'INVALID_FILE' });
      await expect(decodeCheckpoint(whole.slice(0, at))).rejects.toMatchObject({ code: 'INVALID_FILE' });
    }
  });

  it.each([
    ['taggerjs-checkpoint', 'taggerjs-chickpoint', 'format'],
    ['\\"step\\":12', '\\"step\\":-2', 'step'],
    ['\\"skipped\\":1', '\\"slipped\\":1', 'skipped'],
    ['\\"seed\\":\\"seven\\"', '\\"seed\\":null', 'seed'],
    ['\\"averageUpdates\\":11', '\\"averageUpdates\\":[]', 'averageUpdates'],
    ['"parameter:W_h"', '"paramater:W_h"', 'paramater:W_h'],
    ['"info":"{', '"info":"[', "'info'"],
  ])('is refused with %s replaced by %s', async (from, to, name) => {
    await expect(decodeCheckpoint(await withText(from, to))).rejects.toThrow(withCode('INVALID_FILE', name));
  });

  it('is refused if it has another version', async () => {
    await expect(decodeCheckpoint(await withText('"version":"1"', '"version":"2"'))).rejects.toThrow(
      withCode('UNSUPPORTED_VERSION'),
    );
  });

  it('is refused if it is not a Uint8Array', async () => {
    await expect(decodeCheckpoint('x' as never)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  it('refuses info that is not JSON', async () => {
    await expect(encodeCheckpoint({ state, info: { big: 1n } })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  it('is either read correctly or refused with a code, in 100,000 mutations', async () => {
    const whole = await encodeCheckpoint({ state, info });
    let seed = 20160622;
    const random = (bound: number) => {
      seed ^= seed << 13;
      seed ^= seed >>> 17;
      seed ^= seed << 5;
      return (seed >>> 0) % bound;
    };
    const pieces = ['0', '9', '-1', '1e99', '""', '{}', '[]', 'null', '\\"', 'F16', 'state:', '"', ',', '\u00ff'];
    const outcomes = { read: 0, damaged: 0, refused: 0 };
    for (let i = 0; i < 100_000; i++) {
      let bytes: Uint8Array = whole.slice();
      for (let count = 1 + random(3); count > 0; count--) {
        // Mostly in the header: data may be anything.
        const at = random(8) ? random(Math.min(1200, bytes.length)) : random(bytes.length);
        const piece = Buffer.from(pieces[random(pieces.length)]!, 'latin1');
        switch (random(5)) {
          case 0:
            bytes[at]! ^= 1 << random(8);
            break;
          case 1:
            bytes.set(piece.subarray(0, bytes.length - at), at);
            break;
          case 2:
            bytes = bytes.slice(0, Math.max(33, at));
            break;
          case 3:
            bytes = Uint8Array.from(Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]));
            break;
          default:
            bytes[at] = 0x30 + random(10);
        }
      }
      // Most get a new checksum, or only the checksum would be tested.
      const signed = random(10) > 0;
      try {
        const { state: read } = await decodeCheckpoint(signed ? resign(bytes) : bytes);
        if (!Number.isSafeInteger(read.step) || read.step < 0) throw new Error(`step ${read.step}`);
        outcomes.read++;
      } catch (error) {
        if (!['INVALID_FILE', 'UNSUPPORTED_VERSION'].includes((error as { code: string }).code)) throw error;
        outcomes[/damaged/.test((error as Error).message) ? 'damaged' : 'refused']++;
      }
    }
    for (const count of Object.values(outcomes)) expect(count).toBeGreaterThan(1000);
  });
});
