// Reads TensorBoard event files for tests, independently of the code that writes them.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { crc32c } from '../tracking/event-file';

/** A scalar or a picture of an event file. */
export interface ReadEvent {
  readonly tag: string;
  readonly step: number;
  readonly wallTime: number;
  /** The value of a scalar. */
  readonly value?: number;
  /** The PNG file of a picture. */
  readonly png?: Buffer;
}

/** Reads the only event file in a folder, ignoring an incomplete last record. */
export function readEvents(folder: string): ReadEvent[] {
  const [name, ...others] = readdirSync(folder);
  if (name === undefined || others.length > 0) throw new Error(`one file expected in ${folder}`);
  const bytes = readFileSync(join(folder, name));
  const events: ReadEvent[] = [];
  for (let at = 0; at + 12 <= bytes.length;) {
    const length = Number(bytes.readBigUInt64LE(at));
    const data = bytes.subarray(at + 12, at + 12 + length);
    if (at + 16 + length > bytes.length) break;
    for (const [checked, sum] of [
      [bytes.subarray(at, at + 8), bytes.readUInt32LE(at + 8)],
      [data, bytes.readUInt32LE(at + 12 + length)],
    ] as const) {
      const crc = crc32c(checked);
      if (((((crc >>> 15) | (crc << 17)) >>> 0) + 0xa282ead8) % 2 ** 32 !== sum) throw new Error(`checksum at ${at}`);
    }
    events.push(...valuesOf(data));
    at += 16 + length;
  }
  return events;
}

function valuesOf(data: Buffer): ReadEvent[] {
  const event = fieldsOf(data);
  const wallTime = (event.get(1)?.[0] as Buffer).readDoubleLE();
  const step = Number(event.get(2)?.[0] ?? 0);
  const summary = event.get(5)?.[0] as Buffer | undefined;
  return ((summary && fieldsOf(summary).get(1)) ?? []).map((field) => {
    const value = fieldsOf(field as Buffer);
    const tag = String(value.get(1)?.[0]);
    const scalar = value.get(2)?.[0] as Buffer | undefined;
    const image = value.get(4)?.[0] as Buffer | undefined;
    return {
      ...{ tag, step, wallTime },
      ...(scalar && { value: scalar.readFloatLE() }),
      ...(image && { png: fieldsOf(image).get(4)?.[0] as Buffer }),
    };
  });
}

/** The fields of a protobuf message: varints as numbers, all others as bytes. */
function fieldsOf(data: Buffer): Map<number, (number | Buffer)[]> {
  const fields = new Map<number, (number | Buffer)[]>();
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = data[at++] as number;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  const take = (size: number) => data.subarray(at, (at += size));
  while (at < data.length) {
    const key = varint();
    const wire = key % 8;
    const value = wire === 0 ? varint() : take(wire === 1 ? 8 : wire === 5 ? 4 : varint());
    const number = Math.floor(key / 8);
    fields.set(number, [...(fields.get(number) ?? []), value]);
  }
  return fields;
}
