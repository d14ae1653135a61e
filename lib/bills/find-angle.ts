/** A small grey picture, a byte for each point. */
export type Grey = { data: Uint8Array; width: number; height: number };

type Point = { x: number; y: number };

const INK = 170;
/** Of a word in a small picture, which is lighter than its letters. */
const SMUDGE = 218;
const LONGEST_WORD = 40;
const MOST_DEGREES = 9;
const COARSE = 0.75;
const FINE = 0.125;

/**
 * Whether lines of text run from top to bottom, in a picture so small that the letters of a word are one: words are
 * longer than high.
 */
export function isSideways({ data, width, height }: Grey): boolean {
  const along = meanRun(data, height, width, width, 1);
  const across = meanRun(data, width, height, 1, width);
  return across > along * 1.1;
}

/** How long the ink is on average in one direction; longer runs are a table's rules. */
function meanRun(data: Uint8Array, lines: number, length: number, toLine: number, toNext: number): number {
  let ink = 0;
  let runs = 0;
  for (let line = 0; line < lines; line++) {
    for (let i = 0, run = 0; i <= length; i++) {
      if (i < length && (data[line * toLine + i * toNext] ?? 255) < SMUDGE) run++;
      else {
        if (run > 0 && run <= LONGEST_WORD) {
          ink += run;
          runs++;
        }
        run = 0;
      }
    }
  }
  return runs === 0 ? 0 : ink / runs;
}

/** How many degrees the lines fall to the right; 0 if there are none. */
export function findAngle(picture: Grey): number {
  const points = inkOf(picture);
  const best = (angles: number[]) =>
    angles.reduce(
      (most, angle) => {
        const value = stripes(points, angle, picture);
        return value > most.value * 1.0001 ? { angle, value } : most;
      },
      { angle: 0, value: stripes(points, 0, picture) },
    ).angle;
  const coarse = best(steps(-MOST_DEGREES, MOST_DEGREES, COARSE));
  return best(steps(coarse - COARSE, coarse + COARSE, FINE));
}

const steps = (from: number, to: number, by: number) =>
  Array.from({ length: Math.round((to - from) / by) + 1 }, (_, i) => from + i * by);

/** Dark points that have a light one above them: the upper edges of letters, not a dark table. */
function inkOf({ data, width, height }: Grey): Point[] {
  const points: Point[] = [];
  for (let y = 1; y < height; y++)
    for (let x = 1; x < width; x++) {
      const at = y * width + x;
      if ((data[at] ?? 255) < INK && ((data[at - width] ?? 0) >= INK || (data[at - 1] ?? 0) >= INK))
        points.push({ x, y });
    }
  return points;
}

/** How unevenly the ink is spread over lines at an angle: the sum of the squares of neighbours' differences. */
function stripes(points: readonly Point[], degrees: number, picture: Grey): number {
  const rows = profile(points, degrees, false, picture);
  return rows.reduce((sum, count, i) => sum + (i === 0 ? 0 : (count - (rows[i - 1] ?? 0)) ** 2), 0);
}

/** How much ink is on each line at an angle. */
function profile(points: readonly Point[], degrees: number, turned: boolean, { width, height }: Grey): Float64Array {
  const slope = Math.tan((degrees * Math.PI) / 180);
  const rows = new Float64Array(2 * (width + height));
  for (const { x, y } of points) {
    const row = Math.round((turned ? x + slope * y : y - slope * x) + (width + height) / 2);
    rows[row] = (rows[row] ?? 0) + 1;
  }
  return rows;
}
