/** Advance widths of Inter Regular for U+0020 .. U+007E, in hundredths of the font size. */
const ADVANCES = [
  28, 29, 47, 63, 64, 98, 64, 30, 36, 36, 50, 66, 29, 46, 29, 36, 63, 41, 61, 62, 65, 59, 62, 57, 62, 62, 29, 30, 66,
  66, 66, 51, 97, 69, 65, 73, 72, 60, 59, 75, 74, 27, 57, 67, 57, 90, 75, 76, 64, 76, 64, 64, 65, 74, 69, 99, 68, 68,
  63, 36, 36, 36, 47, 46, 32, 56, 61, 57, 61, 58, 37, 61, 59, 24, 24, 55, 24, 88, 59, 60, 61, 61, 38, 53, 33, 59, 56,
  82, 55, 56, 55, 43, 33, 43, 66,
];

// Estimates for characters beyond ASCII, and for wide ones (Chinese, Japanese, Korean, emoji).
const OTHER = 66;
const WIDE = 100;

/**
 * Estimates the width of a line of text. It is exact for ASCII in Inter, except for kerning. System fonts differ by a few
 * percent.
 *
 * @param text the line
 * @param size font size
 * @param bold whether the text is semi-bold
 */
export function textWidth(text: string, size: number, bold = false): number {
  let hundredths = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    hundredths += ADVANCES[code - 32] ?? (code >= 0x2e80 ? WIDE : OTHER);
  }
  return (hundredths / 100) * size * (bold ? 1.03 : 1);
}

/** Wraps text at spaces to lines no wider than `width`, and keeps newlines. A wider word gets its own line. */
export function wrapText(text: string, size: number, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [];
    let line = '';
    for (const word of paragraph.split(/\s+/).filter(Boolean)) {
      const longer = line === '' ? word : `${line} ${word}`;
      if (line !== '' && textWidth(longer, size) > width) {
        lines.push(line);
        line = word;
      } else {
        line = longer;
      }
    }
    lines.push(line);
    return lines;
  });
}
