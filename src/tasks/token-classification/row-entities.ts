import { labelsOfRow, type RowLabels } from "../../data/row-labels.ts";
import { WORD_WIDTH } from "../../data/word-tokens.ts";
import { lenientEntities } from "../../metrics/entities/lenient.ts";
import type { TokenScores } from "./scorer.ts";
import { tagForm } from "./tags.ts";

/** An entity in a text: code points `start` to `end`, without the end. */
export interface EntitySpan {
  start: number;
  end: number;
  label: string;
}

/** The true and the predicted entities of a text that was scored. */
interface RowEntities {
  truth: EntitySpan[];
  predicted: EntitySpan[];
}

/** The entities of each text, by its place, from the tags of its words. */
export function rowEntities(
  truth: RowLabels,
  { starts, predicted }: Pick<TokenScores, "starts" | "predicted">,
  labelNames: readonly string[],
) {
  const { counted } = tagForm(labelNames);
  const spansOf = (own: ArrayLike<number>, tags: ArrayLike<number>): EntitySpan[] =>
    lenientEntities(Array.from(tags, (tag) => counted[tag] ?? "O")).map(([label, first, last]) => ({
      start: own[WORD_WIDTH * first] ?? 0,
      end: own[WORD_WIDTH * last + 1] ?? 0,
      label,
    }));
  return (row: number): RowEntities => {
    const own = labelsOfRow(truth, row);
    const tags = Array.from({ length: own.length / WORD_WIDTH }, (_, word) => own[WORD_WIDTH * word + 2] ?? -1);
    return { truth: spansOf(own, tags), predicted: spansOf(own, predicted.subarray(starts[row], starts[row + 1])) };
  };
}
