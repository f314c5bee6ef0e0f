/** Values and pictures of one step, for TensorBoard. */
export interface TrackedEvent {
  /** Seconds since 1970. */
  readonly wallTime: number;
  readonly step: number;
  /** Values by tag: `cost/iteration 1`. */
  readonly scalars?: Readonly<Record<string, number>>;
  /** PNG files by tag. */
  readonly images?: Readonly<
    Record<string, { readonly width: number; readonly height: number; readonly png: Uint8Array }>
  >;
}

/**
 * Encodes the first record of a TensorBoard event file, the format version. An event file consists of TFRecords, each a
 * protobuf message `tensorflow.Event` (event.proto, summary.proto).
 *
 * @param wallTime seconds since 1970
 */
export function encodeFileVersion(wallTime: number): Uint8Array {
  return record(concat(doubleField(1, wallTime), textField(3, 'brain.Event:2')));
}

/** Encodes events for a TensorBoard event file. */
export function encodeEvents(events: readonly TrackedEvent[]): Uint8Array {
  return concat(...events.map((event) => record(encodeEvent(event))));
}

/** Event { 1: wall_time, 2: step, 5: Summary { 1: Value { 1: tag, 2: simple_value, 4: Image } } } */
function encodeEvent({ wallTime, step, scalars = {}, images = {} }: TrackedEvent): Uint8Array {
  const values = [
    ...Object.entries(scalars).map(([tag, value]) => concat(textField(1, tag), floatField(2, value))),
    ...Object.entries(images).map(([tag, { width, height, png }]) => {
      // Image { 1: height, 2: width, 3: colorspace (4 is RGBA), 4: encoded_image_string }
      const image = concat(integerField(1, height), integerField(2, width), integerField(3, 4), bytesField(4, png));
      return concat(textField(1, tag), bytesField(4, image));
    }),
  ];
  const summary = concat(...values.map((value) => bytesField(1, value)));
  return concat(doubleField(1, wallTime), integerField(2, step), bytesField(5, summary));
}

/** A TFRecord: length, its masked checksum, the data, their masked checksum. */
function record(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + 16);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, masked(crc32c(bytes.subarray(0, 8))), true);
  bytes.set(data, 12);
  view.setUint32(12 + data.length, masked(crc32c(data)), true);
  return bytes;
}

function masked(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** CRC-32C (Castagnoli): polynomial 0x82f63b78, reflected, inverted at both ends. */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (TABLE[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8);
  return ~crc >>> 0;
}

const TABLE = /* @__PURE__ */ Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0x82f63b78 ^ (value >>> 1) : value >>> 1;
  return value;
});

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}

const integerField = (number: number, value: number) => Uint8Array.from([...varint(number * 8), ...varint(value)]);

const bytesField = (number: number, value: Uint8Array) =>
  concat(Uint8Array.from([...varint(number * 8 + 2), ...varint(value.length)]), value);

const textField = (number: number, value: string) => bytesField(number, new TextEncoder().encode(value));

function floatField(number: number, value: number): Uint8Array {
  const bytes = new Uint8Array(5);
  bytes[0] = number * 8 + 5;
  new DataView(bytes.buffer).setFloat32(1, value, true);
  return bytes;
}

function doubleField(number: number, value: number): Uint8Array {
  const bytes = new Uint8Array(9);
  bytes[0] = number * 8 + 1;
  new DataView(bytes.buffer).setFloat64(1, value, true);
  return bytes;
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
