import { gatherBatch } from "../../data/batches.ts";
import { labelsOfRow } from "../../data/row-labels.ts";
import { WORD_WIDTH } from "../../data/word-tokens.ts";
import { drawnLabels } from "../../metrics/softmax.ts";
import { classWeightsOf } from "../class-weights.ts";
import { CrossEntropy } from "../cross-entropy.ts";
import type { TrainedTask } from "../task.ts";
import { results, typesText } from "./card.ts";
import { entitiesOf, taggedWords } from "./entities.ts";
import { tokenClassification, type TokenReport } from "./metrics.ts";
import { predictionColumns, printedEntities, type EntityPrediction } from "./predictions.ts";
import { pickedTexts } from "./picked-rows.ts";
import { rowOutcomes } from "./row-outcomes.ts";
import { redrawnTexts } from "./redrawn.ts";
import { givenTags, TokenScorer, type TokenScores } from "./scorer.ts";
import { readText } from "./tagged-row.ts";

/** Each word has a tag, which the output at its first token gives: softmax over the tags (Devlin et al. 2019, section 5.3). */
export const trainedTokenClassification: TrainedTask<TokenReport, TokenScores, EntityPrediction> = {
  ...tokenClassification,
  outputs: (labelNames) => labelNames.length,
  lossOf({ task, labelNames, labels }, recipe) {
    // The weights are named after the tags of the new task.
    if (task === "earlier") return CrossEntropy.unweighted(labelNames.length, recipe);
    return new CrossEntropy(
      classWeightsOf(
        recipe,
        labelNames,
        labels.filter((tag) => tag >= 0),
      ),
      recipe,
    );
  },
  plainLoss: (labelNames) => CrossEntropy.unweighted(labelNames.length),
  drawnLabels,
  batchOf: gatherBatch,
  scoring: { reads: "words", scorer: (data, texts, labelNames) => new TokenScorer(data, texts, labelNames) },
  givenLabels: givenTags,
  predictionsOf() {
    throw new Error("Outputs of words are no predictions of texts by themselves.");
  },
  readText,
  predictWords: (texts, words, scores, labelNames) =>
    Array.from(texts, (text, row) => {
      const own = labelsOfRow(words, row);
      const spanOf = (word: number) => ({ start: own[WORD_WIDTH * word] ?? 0, end: own[WORD_WIDTH * word + 1] ?? 0 });
      return { entities: entitiesOf(text, taggedWords(scores, row, spanOf), labelNames) };
    }),
  printed: printedEntities,
  predictionColumns,
  pickedRows: pickedTexts,
  rowOutcomes,
  filed: (report) => report,
  redrawn: redrawnTexts,
  adapterType: "TOKEN_CLS",
  config: (labelNames) => ({
    num_labels: labelNames.length,
    id2label: Object.fromEntries(labelNames.map((name, id) => [String(id), name])),
    label2id: Object.fromEntries(labelNames.map((name, id) => [name, id])),
  }),
  card: {
    metrics: ["f1", "precision", "recall", "accuracy"],
    noun: "token classifier",
    outputs: typesText,
    results,
  },
};
