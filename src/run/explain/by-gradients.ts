import { isComplete, ofWords, type AttributionMethod, type Contribution } from "../../insight/attribution.ts";
import { gaussLegendre } from "../../insight/integration.ts";
import { baselineToken } from "../../tokenize/special-tokens.ts";
import type { ExplainedRow } from "./explained-rows.ts";
import type { Found, Passes, Work } from "./passes.ts";

/** Points of gradients on the whole path at first, and on each half of a piece that was not exact enough. */
const FIRST_STEPS = 16;
const STEPS_OF_HALF = 8;
const MOST_STEPS = 2048;

/** Integrated gradients from padding, or gradient × input. */
export async function byGradients(
  { passes, rows, output, asked, onProgress }: Work,
  method: Exclude<AttributionMethod, "leave-one-out">,
  firstSteps = FIRST_STEPS,
): Promise<Found> {
  const padding = baselineToken(asked.tokenizer);
  const path = await Path.of(passes, rows, output, padding);
  const [baseline, whole] = [await path.outputAt(0), await path.outputAt(1)];
  const difference = whole - baseline;
  const { sums, steps } =
    method === "gradient-input"
      ? { sums: await path.gradientInput(), steps: 1 }
      : await integrated(path, { baseline, whole, firstSteps, onProgress });
  const tokens = contributions(rows, sums);
  const sum = tokens.reduce((total, { score }) => total + score, 0);
  const words = ofWords(asked.texts, tokens);
  const complete = isComplete(sum, difference, whole);
  return { tokens, words, output: whole, baseline, difference, sum, steps, isComplete: complete };
}

/** Scores of each token of each row. */
type Sums = Float64Array[];

/** A point of the path, by its share of the way from padding, with the output there. */
interface Point {
  share: number;
  output: number;
}

/** The integral over a piece of the path, and how far its sum is from the exact change of the output. */
interface Piece {
  from: Point;
  to: Point;
  sums: Sums;
  error: number;
}

/** Shares of the tolerance that even the shortest pieces have, so that those near padding can end. */
const LEAST_SHARE = 1 / 64;

/**
 * The integral over the whole path. A piece is replaced by its halves until these give every token the same as the whole
 * did, and their sums are the exact changes of the output: where padding has a zero vector, a norm of the embeddings
 * changes within a small part of the path, which equal steps would miss.
 */
async function integrated(
  path: Path,
  {
    baseline,
    whole,
    firstSteps,
    onProgress,
  }: { baseline: number; whole: number; firstSteps: number } & Pick<Work, "onProgress">,
): Promise<{ sums: Sums; steps: number }> {
  const [start, end] = [
    { share: 0, output: baseline },
    { share: 1, output: whole },
  ];
  const noise = 1e-6 * Math.max(1, Math.abs(whole));
  const first = await pieceOf(path, start, end, firstSteps);
  const scale = Math.max(Math.abs(whole - baseline), path.largest(first.sums));
  let steps = firstSteps;
  const done: Sums[] = [];
  let waiting = [first];
  while (waiting.length > 0) {
    const halved: Piece[] = [];
    for (const piece of waiting) {
      if (steps >= MOST_STEPS) {
        done.push(piece.sums);
        continue;
      }
      const share = (piece.from.share + piece.to.share) / 2;
      const middle = { share, output: await path.outputAt(share) };
      const [left, right] = [
        await pieceOf(path, piece.from, middle, STEPS_OF_HALF),
        await pieceOf(path, middle, piece.to, STEPS_OF_HALF),
      ];
      steps += 2 * STEPS_OF_HALF;
      const both = added([left.sums, right.sums]);
      const part = 0.006 * Math.max(piece.to.share - piece.from.share, LEAST_SHARE);
      const isExact = Math.abs(left.error) + Math.abs(right.error) <= part * Math.abs(whole - baseline) + noise;
      if (isExact && path.largest(differences(both, piece.sums)) <= part * scale + noise) done.push(both);
      else halved.push(left, right);
    }
    waiting = halved;
    onProgress(steps, MOST_STEPS);
  }
  return { sums: added(done), steps };
}

async function pieceOf(path: Path, from: Point, to: Point, count: number): Promise<Piece> {
  const { points, weights } = gaussLegendre(count);
  const length = to.share - from.share;
  const sums = await path.integral(
    Array.from(points, (point, i) => ({ share: from.share + length * point, weight: length * (weights[i] ?? 0) })),
  );
  const total = sums.reduce((all, own, row) => all + path.shareOf(row) * own.reduce((a, b) => a + b, 0), 0);
  return { from, to, sums, error: total - (to.output - from.output) };
}

function differences(some: Sums, others: Sums): Sums {
  return some.map((own, row) => own.map((value, token) => value - (others[row]?.[token] ?? 0)));
}

function added(parts: readonly Sums[]): Sums {
  const [first = [], ...others] = parts;
  return first.map((own, row) =>
    own.map((value, token) => others.reduce((sum, part) => sum + (part[row]?.[token] ?? 0), value)),
  );
}

/** The line from padding, share 0, to the text, share 1, in all rows of a text at once. */
class Path {
  private constructor(
    private readonly passes: Passes,
    private readonly rows: readonly ExplainedRow[],
    private readonly output: number,
    private readonly ends: readonly { from: Float32Array; to: Float32Array }[],
  ) {}

  static async of(passes: Passes, rows: readonly ExplainedRow[], output: number, padding: number): Promise<Path> {
    const ends: { from: Float32Array; to: Float32Array }[] = [];
    for (const { ids, spans } of rows) {
      const empty = ids.map((id, token) => (spans[token] ? padding : id));
      ends.push({ from: await passes.vectorsOf(empty), to: await passes.vectorsOf(ids) });
    }
    return new Path(passes, rows, output, ends);
  }

  /** What a row counts in the output of the text. */
  shareOf(row: number): number {
    return this.rows[row]?.share ?? 0;
  }

  /** The largest contribution, whatever its sign. */
  largest(sums: Sums): number {
    return Math.max(...sums.flatMap((own, row) => Array.from(own, (value) => this.shareOf(row) * Math.abs(value))));
  }

  async outputAt(share: number): Promise<number> {
    const outputs = await this.passes.outputs(this.rows, (row) => this.vectorsAt(row, share));
    return this.passes.mean(this.rows, outputs, this.output);
  }

  /** Gradients at the text itself, times the vectors. */
  gradientInput(): Promise<Sums> {
    return this.summed([{ share: 1, weight: 1 }], (row, k) => this.ends[row]?.to[k] ?? 0);
  }

  /** Gradients at these points, weighted, times the way from padding to the text. */
  integral(points: readonly { share: number; weight: number }[]): Promise<Sums> {
    return this.summed(points, (row, k) => (this.ends[row]?.to[k] ?? 0) - (this.ends[row]?.from[k] ?? 0));
  }

  private async summed(
    points: readonly { share: number; weight: number }[],
    factor: (row: number, k: number) => number,
  ): Promise<Sums> {
    const { passes, rows } = this;
    const sums = rows.map(({ ids }) => new Float64Array(ids.length));
    const visits = points.flatMap((point) => rows.map((row, place) => ({ ...point, row, place })));
    await passes.gradients(
      visits.map(({ row }) => row),
      this.output,
      (i) => this.vectorsAt(visits[i]?.place ?? 0, visits[i]?.share ?? 0),
      (i, gradient) => {
        const { row, place = 0, weight = 0 } = visits[i] ?? {};
        for (let token = 0; token < (row?.ids.length ?? 0); token++) {
          // Special tokens stay as they are, whatever their gradient.
          if (!row?.spans[token]) continue;
          let product = 0;
          for (let k = token * passes.width; k < (token + 1) * passes.width; k++) {
            product += factor(place, k) * (gradient[k] ?? 0);
          }
          const own = sums[place];
          if (own) own[token] = (own[token] ?? 0) + weight * product;
        }
      },
    );
    return sums;
  }

  private vectorsAt(row: number, share: number): Float32Array {
    const { from = new Float32Array(0), to = from } = this.ends[row] ?? {};
    return to.map((value, i) => (from[i] ?? 0) + share * (value - (from[i] ?? 0)));
  }
}

/** Scores of tokens in the order of the text; a token of several windows has the sum of theirs. */
function contributions(rows: readonly ExplainedRow[], sums: Sums): Contribution[] {
  const found = new Map<string, Contribution>();
  for (const [i, { spans, share }] of rows.entries()) {
    const seen = new Map<string, number>();
    for (const [token, span] of spans.entries()) {
      if (!span) continue;
      // Several tokens may stand for the same characters, such as the bytes of one.
      const stretch = `${span.of} ${span.start} ${span.end}`;
      const repeats = seen.get(stretch) ?? 0;
      seen.set(stretch, repeats + 1);
      const key = `${stretch} ${repeats}`;
      const score = share * (sums[i]?.[token] ?? 0);
      const known = found.get(key);
      if (known) known.score += score;
      else found.set(key, { ...span, score });
    }
  }
  return [...found.values()].sort((a, b) => a.of - b.of || a.start - b.start);
}
