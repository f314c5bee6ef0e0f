import { palette } from '../palette';
import { terminalPreview, type TerminalPreviewOptions } from './terminal-preview';

// 4 x 4: a bar across the top in group 1, a block below in group 2, soft at the corner.
const SIZE = 16;
const bar = [1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
const block = [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0];
const options: TerminalPreviewOptions = {
  inputShape: [4, 4],
  example: {
    input: bar.map((value, n) => value + (block[n] as number)),
    corrupted: bar.map((value, n) => (n % 5 === 0 ? 1 - value : value)),
    iterations: [
      { prediction: [...bar, ...block], assignment: new Array(2 * SIZE).fill(0.5), ami: -0.004 },
      { prediction: [...bar, ...block], assignment: [...bar, ...bar.map((m) => 1 - m)], ami: 0.876 },
    ],
  },
};

describe('terminalPreview', () => {
  it.each(['truecolor', '256', 'none'] as const)('draws in %s', (color) => {
    expect(terminalPreview({ ...options, color, width: 30 })).toMatchSnapshot();
  });

  it('shows two elements per character, each in its color', () => {
    const lines = terminalPreview(options).split('\n');
    // Line 1: rows 0 and 1; the last panel is the overlay of iteration 2: the bar in the color of group 1 over black.
    expect(palette[0]).toBe('#56b4e9');
    expect(lines[1]?.endsWith('\u001b[38;2;86;180;233;48;2;0;0;0m\u2580\u2580\u2580\u2580\u001b[0m')).toBe(true);
  });

  it('shows the colors of the input, and the groups in theirs', () => {
    const [red, one, two] = ['255;0;0', '86;180;233', '213;94;0'];
    const example = {
      input: [1, 0, 0, 0, 0, 1],
      iterations: [{ prediction: [1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1], assignment: [1, 0, 0, 1] }],
    };
    const [, line] = terminalPreview({ inputShape: [2, 1, 3], example }).split('\n');
    expect(line?.startsWith(`\u001b[38;2;${red};48;2;0;0;255m`)).toBe(true);
    expect(line).toContain(`\u001b[38;2;${one};48;2;${two}m`);
    expect(terminalPreview({ inputShape: [2, 1, 3], example, color: 'none' }).split('\n')[1]).toMatch(/1$/);
  });

  it('shows the winning group of each element', () => {
    const lines = terminalPreview({ ...options, view: 'winner', width: 80 }).split('\n');
    // Line 1: rows 0 and 1 of the last iteration: the bar of group 1 over group 2.
    const [one, two] = ['86;180;233', '213;94;0'];
    expect(lines[1]?.endsWith(`\u001b[38;2;${one};48;2;${two}m\u2580\u2580\u2580\u2580\u001b[0m`)).toBe(true);
    const plain = terminalPreview({ ...options, view: 'winner', color: 'none', width: 80 }).split('\n');
    expect([plain[1]?.slice(-4), plain[2]?.slice(-4)]).toEqual(['1111', '2222']);
  });

  it('is plain ASCII without color', () => {
    expect(terminalPreview({ ...options, color: 'none' })).toMatch(/^[\n -~]*$/);
  });

  it.each([1, 2, 3, 4, 7, 10, 40])('fits %i columns', (width) => {
    const text = terminalPreview({ ...options, width, color: 'none' });
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
  });

  it.each([
    [11, 'iteration 1', 'AMI 0.88'],
    [7, 'iter 1', '0.88'],
    [4, '1', '0.88'],
  ])('writes what fits over and under panels of %i columns', (width, heading, note) => {
    const values = new Float32Array(width).fill(1);
    const iterations = [{ prediction: values, assignment: values, ami: 0.876 }];
    const example = { input: values, iterations };
    const lines = terminalPreview({ inputShape: [1, width], example, width, color: 'none' }).split('\n');
    expect([lines[3], lines[5]]).toEqual([heading, note]);
  });

  it('averages elements to shrink panels', () => {
    // A 4 x 4 checkerboard of 2 x 2 blocks, shrunk to one character: mean 0.5.
    const input = Array.from({ length: SIZE }, (_, n) => ((n % 4) + Math.floor(n / 4)) % 2);
    const text = terminalPreview({ inputShape: [4, 4], example: { input, iterations: [] }, width: 2 });
    expect(text).toContain('\u001b[38;2;128;128;128;48;2;128;128;128m\u2580\u2580\u001b[0m');
  });

  it('draws an odd last row', () => {
    const text = terminalPreview({ inputShape: [3, 1], example: { input: [1, 1, 1], iterations: [] }, color: 'none' });
    expect(text).toBe('i\n@\n@\n');
  });

  it.each([
    ['INVALID_SHAPE', { inputShape: [5, 4] }],
    ['INVALID_OPTION', { inputShape: [16] }],
    ['INVALID_OPTION', { width: 0 }],
    ['INVALID_OPTION', { color: 'pink' as never }],
    ['INVALID_OPTION', { iterationLabels: ['one'] }],
    ['INVALID_OPTION', { range: [1, 1] as const }],
  ])('throws %s for %j', (code, wrong) => {
    expect(() => terminalPreview({ ...options, ...wrong })).toThrow(
      expect.objectContaining({ name: 'VizError', code }),
    );
  });
});
