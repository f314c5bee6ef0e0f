import { crc32c, encodeEvents, encodeFileVersion } from './event-file';
import { metricRows, metricsCsv } from './metric-rows';

const RECORDS = [
  { type: 'start', step: 0 },
  { type: 'evaluation', step: 0, seconds: 1, iterations: [{ iteration: 1, cost: 0.5, ami: 0.25 }] },
  { type: 'step', step: 1, seconds: 2, cost: 0.4, costs: [0.3, 0.5], learningRate: 0.001, gradientNorm: 2 },
];

it('metricsCsv has a row for each step and evaluation, and a column for each metric', () => {
  expect(metricsCsv(metricRows(RECORDS)).split('\n')).toEqual([
    'step,seconds,evaluation/cost/1,evaluation/ami/1,training/cost,training/learningRate,training/gradientNorm,training/cost/1,training/cost/2',
    '0,1,0.5,0.25,,,,,',
    '1,2,,,0.4,0.001,2,0.3,0.5',
  ]);
});

it('crc32c matches its published check value', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
});

it('encodeEvents writes what tensorboard 2.x reads as step 300, tag "a", value 0.5', () => {
  // Bytes assembled by hand from event.proto and summary.proto.
  const summary = [0x0a, 0x08, 0x0a, 0x01, 0x61, 0x15, 0x00, 0x00, 0x00, 0x3f];
  const event = [0x09, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0x10, 0xac, 0x02, 0x2a, summary.length, ...summary];
  const bytes = encodeEvents([{ wallTime: 1, step: 300, scalars: { a: 0.5 } }]);
  expect([...bytes.subarray(12, bytes.length - 4)]).toEqual(event);
  expect([...bytes.subarray(0, 8)]).toEqual([event.length, 0, 0, 0, 0, 0, 0, 0]);
  expect(Buffer.from(encodeFileVersion(1)).includes('brain.Event:2')).toBe(true);
});
