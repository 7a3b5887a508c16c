import { labelsOfRow, type RowLabels } from "../../data/row-labels.ts";
import type { EncodedDataset } from "../../data/rows.ts";
import { WordPlaces, WORD_WIDTH } from "../../data/word-tokens.ts";
import { EntityScorer } from "../../metrics/entities/report.ts";
import { OUTSIDE } from "../../metrics/entities/tags.ts";
import { argmax, softmax } from "../../metrics/softmax.ts";
import type { Scorer } from "../task.ts";
import type { TokenReport } from "./metrics.ts";
import { tagForm } from "./tags.ts";

/** What is kept of each word of the texts, in their order. */
export interface TokenScores {
  /** First word of each text, and the end [texts + 1]. */
  starts: Int32Array;
  /** The predicted tag of each word, among the names of the head; −1 of a word that has no token. */
  predicted: Int32Array;
  /** Its probability [words]. */
  probabilities: Float32Array;
}

/** Scores the words of texts by the outputs of their first tokens, as these come. */
export class TokenScorer implements Scorer<TokenReport, TokenScores> {
  private readonly words: WordPlaces;
  private readonly truth: RowLabels;
  private readonly kept: TokenScores;
  /** −log of the probability of the true tag of each word [words]. */
  private readonly losses: Float32Array;
  private place = 0;

  /** @param texts those whose outputs come, in their order */
  constructor(
    data: EncodedDataset,
    private readonly texts: Int32Array,
    private readonly labelNames: readonly string[],
  ) {
    const { ofWords } = data;
    if (!ofWords) throw new Error("Rows without words cannot be scored by them.");
    this.truth = ofWords;
    this.words = new WordPlaces(data, texts);
    const { starts } = this.words;
    const count = starts[texts.length] ?? 0;
    const [predicted, probabilities] = [new Int32Array(count).fill(-1), new Float32Array(count)];
    this.kept = { starts, predicted, probabilities };
    this.losses = new Float32Array(count).fill(NaN);
  }

  add(outputs: Float32Array): void {
    const classes = this.labelNames.length;
    const all = softmax(outputs, classes);
    for (let at = 0; at < all.length; at += classes, this.place++) {
      const word = this.words.wordAt(this.place);
      if (word < 0) continue;
      const own = all.subarray(at, at + classes);
      const best = argmax(own);
      this.kept.predicted[word] = best;
      this.kept.probabilities[word] = own[best] ?? NaN;
      this.losses[word] = -Math.log(Math.max(own[this.truthOf(word)] ?? NaN, Number.MIN_VALUE));
    }
  }

  report(): TokenReport {
    this.requireAll();
    const { counted } = tagForm(this.labelNames);
    const tagsOf = (places: Iterable<number>) => Array.from(places, (place) => counted[place] ?? OUTSIDE);
    const scorer = new EntityScorer();
    for (const [i, text] of this.texts.entries()) {
      const own = labelsOfRow(this.truth, text);
      const truth = Array.from({ length: own.length / WORD_WIDTH }, (_, word) => own[WORD_WIDTH * word + 2] ?? -1);
      scorer.add(tagsOf(truth), tagsOf(this.kept.predicted.subarray(this.kept.starts[i], this.kept.starts[i + 1])));
    }
    const known = this.losses.filter((loss) => !Number.isNaN(loss));
    const loss = known.reduce((sum, one) => sum + one / known.length, 0);
    return { ...scorer.report(), loss };
  }

  scores(): TokenScores {
    this.requireAll();
    return this.kept;
  }

  private truthOf(word: number): number {
    const { text, place } = this.words.textOf(word);
    return labelsOfRow(this.truth, text)[WORD_WIDTH * place + 2] ?? -1;
  }

  private requireAll(): void {
    if (this.place !== this.words.places) {
      throw new RangeError(`Outputs of ${this.words.places} words were expected, and ${this.place} came.`);
    }
  }
}
