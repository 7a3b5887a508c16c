import { rowEntities, type EntitySpan } from "../../../tasks/token-classification/row-entities.ts";
import type { TokenScores } from "../../../tasks/token-classification/scorer.ts";
import type { Results } from "../../../workers/protocol.ts";

/** An entity of a text, and whether truth and prediction have it both. */
interface ComparedSpan extends EntitySpan {
  isRight: boolean;
}

/** A validation text whose entities are not those that were predicted. */
export interface WrongEntities {
  /** Index into the validation rows. */
  row: number;
  truth: ComparedSpan[];
  predicted: ComparedSpan[];
}

/** The texts with a missed or a wrongly predicted entity, those with the most of them first; equal ones in row order. */
export function wrongEntities({ truth, scores, labelNames }: Pick<Results, "truth" | "scores" | "labelNames">) {
  const { starts } = scores as TokenScores;
  const entities = rowEntities(truth, scores as TokenScores, labelNames);
  const wrong: WrongEntities[] = [];
  for (let row = 0; row < starts.length - 1; row++) {
    const { truth: own, predicted } = entities(row);
    const compared = { row, truth: comparedWith(own, predicted), predicted: comparedWith(predicted, own) };
    if (wrongIn(compared) > 0) wrong.push(compared);
  }
  return wrong.sort((a, b) => wrongIn(b) - wrongIn(a) || a.row - b.row);
}

/** The types of the entities that were missed or wrongly predicted in a text, in their order. */
export function typesIn(wrong: WrongEntities, side: "missed" | "added"): string[] {
  const spans = wrong[side === "missed" ? "truth" : "predicted"];
  return spans.filter(({ isRight }) => !isRight).map(({ label }) => label);
}

/** Number of texts in which each type was missed or wrongly predicted, most first; by its place among the types. */
export function wrongByType(wrong: readonly WrongEntities[], side: "missed" | "added", types: readonly string[]) {
  const counts = types.map((type, index) => ({
    index,
    rows: wrong.filter((row) => typesIn(row, side).includes(type)).length,
  }));
  return counts.filter(({ rows }) => rows > 0).sort((a, b) => b.rows - a.rows || a.index - b.index);
}

function comparedWith(spans: readonly EntitySpan[], others: readonly EntitySpan[]): ComparedSpan[] {
  const keyOf = ({ start, end, label }: EntitySpan) => `${start} ${end} ${label}`;
  const known = new Set(others.map(keyOf));
  return spans.map((span) => ({ ...span, isRight: known.has(keyOf(span)) }));
}

function wrongIn({ truth, predicted }: WrongEntities): number {
  return [...truth, ...predicted].filter(({ isRight }) => !isRight).length;
}
