import type { Attribution } from "../../insight/attribution.ts";
import type { TokenVectors } from "./token-vectors.ts";
import { batchOf, type ExplainedRow, type ExplainedText } from "./explained-rows.ts";

/** What the computation of contributions reads. */
export interface Work {
  passes: Passes;
  rows: readonly ExplainedRow[];
  output: number;
  asked: ExplainedText;
  onProgress: (done: number, total: number) => void;
}

export type Found = Omit<Attribution, "method" | "texts" | "label" | "at">;

/** Forward and backward passes over rows, a few at a time. */
export class Passes {
  private readonly known = new Map<number, Float32Array>();

  constructor(
    private readonly vectors: TokenVectors,
    private readonly classes: number,
    private readonly units: { scale: number; shift: number },
  ) {}

  get width(): number {
    return this.vectors.width;
  }

  /** Word vectors [T · width]; those that were read before are kept. */
  async vectorsOf(ids: Int32Array): Promise<Float32Array> {
    const { known, width } = this;
    const missing = Int32Array.from(new Set(ids.filter((id) => !known.has(id))));
    if (missing.length > 0) {
      const read = await this.vectors.vectorsOf(missing);
      missing.forEach((id, i) => known.set(id, read.subarray(i * width, (i + 1) * width)));
    }
    const found = new Float32Array(ids.length * width);
    ids.forEach((id, token) => found.set(known.get(id) ?? [], token * width));
    return found;
  }

  /** Outputs [rows · C] for the rows' own tokens. */
  async outputsAsTheyAre(rows: readonly ExplainedRow[]): Promise<Float32Array> {
    const vectors: Float32Array[] = [];
    for (const { ids } of rows) vectors.push(await this.vectorsOf(ids));
    return this.outputs(rows, (row) => vectors[row] ?? new Float32Array(0));
  }

  /** Outputs [rows · C], in the units of the task. */
  async outputs(rows: readonly ExplainedRow[], vectorsOf: (row: number) => Float32Array): Promise<Float32Array> {
    const found = new Float32Array(rows.length * this.classes);
    for (const { first, some } of this.cut(rows)) {
      const batch = batchOf(some);
      const values = await this.vectors.outputs(
        batch,
        this.laidOut(some, (i) => vectorsOf(first + i)),
      );
      found.set(values, first * this.classes);
    }
    return found.map((value) => value * this.units.scale + this.units.shift);
  }

  /** For each row the gradient [T · width] of its output by its tokens' vectors. */
  async gradients(
    rows: readonly ExplainedRow[],
    output: number,
    vectorsOf: (row: number) => Float32Array,
    take: (row: number, gradient: Float32Array) => void,
  ): Promise<void> {
    for (const { first, some } of this.cut(rows)) {
      const laidOut = this.laidOut(some, (i) => vectorsOf(first + i));
      const { gradients } = await this.vectors.gradients(batchOf(some), laidOut, output);
      let at = 0;
      for (const [i, { ids }] of some.entries()) {
        const size = ids.length * this.width;
        take(
          first + i,
          gradients.subarray(at, at + size).map((value) => value * this.units.scale),
        );
        at += size;
      }
    }
  }

  /** The output of the text: the mean over its windows. */
  mean(rows: readonly ExplainedRow[], outputs: Float32Array, output: number): number {
    return rows.reduce((sum, { share }, row) => sum + share * (outputs[row * this.classes + output] ?? NaN), 0);
  }

  private *cut(rows: readonly ExplainedRow[]): Generator<{ first: number; some: ExplainedRow[] }> {
    const { tokens: most, rows: mostRows } = this.vectors.capacity;
    let some: ExplainedRow[] = [];
    let [first, tokens] = [0, 0];
    for (const row of rows) {
      if (some.length > 0 && (tokens + row.ids.length > most || some.length >= mostRows)) {
        yield { first, some };
        first += some.length;
        [some, tokens] = [[], 0];
      }
      some.push(row);
      tokens += row.ids.length;
    }
    if (some.length > 0) yield { first, some };
  }

  private laidOut(rows: readonly ExplainedRow[], vectorsOf: (row: number) => Float32Array): Float32Array {
    const values = new Float32Array(rows.reduce((sum, { ids }) => sum + ids.length, 0) * this.width);
    let at = 0;
    for (const [i, { ids }] of rows.entries()) {
      values.set(vectorsOf(i), at);
      at += ids.length * this.width;
    }
    return values;
  }
}
