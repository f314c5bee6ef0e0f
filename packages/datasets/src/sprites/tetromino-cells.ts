/** The seven tetrominoes, each as the cells of its first orientation. */
const FREE: Readonly<Record<string, readonly (readonly [row: number, column: number])[]>> = {
  I: [[0, 0], [0, 1], [0, 2], [0, 3]],
  O: [[0, 0], [0, 1], [1, 0], [1, 1]],
  T: [[0, 0], [0, 1], [0, 2], [1, 1]],
  S: [[0, 1], [0, 2], [1, 0], [1, 1]],
  Z: [[0, 0], [0, 1], [1, 1], [1, 2]],
  J: [[0, 0], [1, 0], [1, 1], [1, 2]],
  L: [[0, 2], [1, 0], [1, 1], [1, 2]],
}; // prettier-ignore

/** A tetromino in one orientation. */
export interface Tetromino {
  /** Its letter and its quarter turns clockwise, such as `T1`. */
  readonly name: string;
  /** Rows and columns that it spans, in cells. */
  readonly height: number;
  readonly width: number;
  /** Its four cells. */
  readonly cells: readonly (readonly [row: number, column: number])[];
}

/** The 19 tetrominoes that differ by more than a shift: each of the seven in its one, two or four orientations. */
export const TETROMINOES: readonly Tetromino[] = /* @__PURE__ */ allOrientations();

function allOrientations(): Tetromino[] {
  return Object.entries(FREE).flatMap(([letter, first]) => {
    const orientations = new Map<string, Tetromino>();
    let cells = first;
    for (let turns = 0; turns < 4; turns++) {
      const height = 1 + Math.max(...cells.map(([row]) => row));
      const width = 1 + Math.max(...cells.map(([, column]) => column));
      const key = cells.map(String).sort().join(' ');
      if (!orientations.has(key)) orientations.set(key, { name: `${letter}${turns}`, height, width, cells });
      // A quarter turn clockwise: the lowest row becomes the first column.
      cells = cells.map(([row, column]) => [column, height - 1 - row] as const);
    }
    return [...orientations.values()];
  });
}
