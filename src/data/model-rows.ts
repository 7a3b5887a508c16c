import type { ModelColumns } from "./row-query.ts";

/** What a model says of some rows, by their place among those that it was asked of. */
interface ModelAnswer {
  /** Places among the rows; all where not given. */
  places?: Int32Array | undefined;
  predicted: readonly string[];
  confidence: Float32Array;
  isWrong?: Uint8Array;
  order?: Int32Array;
}

/** What a model says of rows of a table, in several parts that were asked apart, as one list. */
export class ModelRows {
  private readonly answers = new Map<string, { answer: ModelAnswer; tableRows: Int32Array }>();

  /** @param tableRows the row of the table (from 1) of each row of the part; null takes the answer away */
  set(part: string, answer: ModelAnswer | null, tableRows: Int32Array): void {
    if (answer) this.answers.set(part, { answer, tableRows });
    else this.answers.delete(part);
  }

  /** All answers in one list; null where there is none. */
  joined(): ModelColumns | null {
    if (this.answers.size === 0) return null;
    const rows = [...this.answers.values()].reduce((sum, { answer }) => sum + answer.predicted.length, 0);
    const placeOf = new Map<number, number>();
    const predicted: string[] = [];
    const confidence = new Float32Array(rows);
    const isWrong = new Uint8Array(rows);
    const order = new Int32Array(rows).fill(-1);
    for (const { answer, tableRows } of this.answers.values()) {
      const start = predicted.length;
      answer.predicted.forEach((text, i) => {
        placeOf.set(tableRows[answer.places?.[i] ?? i] ?? 0, start + i);
        predicted.push(text);
      });
      confidence.set(answer.confidence, start);
      if (answer.isWrong) isWrong.set(answer.isWrong, start);
      if (answer.order) order.set(answer.order, start);
    }
    return { placeOf, predicted, confidence, isWrong, order };
  }
}
