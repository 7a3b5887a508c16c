import { labelsOfRow, type RowLabels } from "../../data/row-labels.ts";
import { WORD_WIDTH } from "../../data/word-tokens.ts";
import type { HitCounts } from "../../metrics/averages.ts";
import { ratio } from "../../metrics/averages.ts";
import { lenientEntities } from "../../metrics/entities/lenient.ts";
import { addCounts, entityCounts, scoresOfTypes } from "../../metrics/entities/report.ts";
import { OUTSIDE } from "../../metrics/entities/tags.ts";
import type { Redrawn } from "../task.ts";
import type { TokenReport } from "./metrics.ts";
import type { TokenScores } from "./scorer.ts";
import { tagForm } from "./tags.ts";

/** What is counted of a text. */
interface TextCounts {
  types: Map<string, HitCounts>;
  words: number;
  rightWords: number;
  /** Sum of the losses of its words that have a token, and their number. */
  loss: number;
  known: number;
}

/** Reports of draws of whole texts: words and entities of one text depend on each other. */
export function redrawnTexts(
  truth: RowLabels,
  scores: TokenScores,
  labelNames: readonly string[],
): Redrawn<TokenReport> {
  const rows = scores.starts.length - 1;
  const { counted } = tagForm(labelNames);
  const tagsOf = (places: Iterable<number>) => Array.from(places, (place) => counted[place] ?? OUTSIDE);
  const texts = Array.from({ length: rows }, (_, row): TextCounts => {
    const own = labelsOfRow(truth, row);
    const [from, to] = [scores.starts[row] ?? 0, scores.starts[row + 1] ?? 0];
    const is = tagsOf(Array.from({ length: own.length / WORD_WIDTH }, (_, word) => own[WORD_WIDTH * word + 2] ?? -1));
    const guess = tagsOf(scores.predicted.subarray(from, to));
    const losses = scores.losses.subarray(from, to).filter((loss) => !Number.isNaN(loss));
    return {
      types: entityCounts(lenientEntities(is), lenientEntities(guess)),
      words: is.length,
      rightWords: is.filter((tag, place) => tag === guess[place]).length,
      loss: losses.reduce((sum, loss) => sum + loss, 0),
      known: losses.length,
    };
  });
  return {
    rows,
    width: 8,
    reportOf(times) {
      const types = new Map<string, HitCounts>();
      const sums = { words: 0, rightWords: 0, loss: 0, known: 0 };
      for (const [row, text] of texts.entries()) {
        const count = times[row] ?? 0;
        if (count === 0) continue;
        for (const [type, counts] of text.types) addCounts(types, type, counts, count);
        sums.words += count * text.words;
        sums.rightWords += count * text.rightWords;
        sums.loss += count * text.loss;
        sums.known += count * text.known;
      }
      return {
        rows,
        words: sums.words,
        tokenAccuracy: ratio(sums.rightWords, sums.words),
        ...scoresOfTypes(types),
        misplaced: 0,
        outcomes: [],
        loss: ratio(sums.loss, sums.known),
      };
    },
  };
}
