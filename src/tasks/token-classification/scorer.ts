import { labelsOfRow, NO_LABEL, takeLabels, type RowLabels } from "../../data/row-labels.ts";
import type { EncodedDataset } from "../../data/rows.ts";
import { WordPlaces, WORD_WIDTH } from "../../data/word-tokens.ts";
import { EntityScorer } from "../../metrics/entities/report.ts";
import { OUTSIDE } from "../../metrics/entities/tags.ts";
import { argmax, softmax } from "../../metrics/softmax.ts";
import type { GivenLabels, Scorer } from "../task.ts";
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
  /** −log of the probability of its true tag [words]; NaN of a word that has no token. */
  losses: Float32Array;
}

/** Scores the words of texts by the outputs of their first tokens, as these come. */
export class TokenScorer implements Scorer<TokenReport, TokenScores> {
  private readonly words: WordPlaces;
  private readonly truth: RowLabels;
  private readonly kept: TokenScores;
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
    this.kept = { starts, predicted, probabilities, losses: new Float32Array(count).fill(NaN) };
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
      this.kept.losses[word] = -Math.log(Math.max(own[this.truthOf(word)] ?? NaN, Number.MIN_VALUE));
    }
  }

  report(): TokenReport {
    this.requireAll();
    return tokenReportOf(takeLabels(this.truth, this.texts), this.kept, this.labelNames);
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

/**
 * The report of scored texts.
 *
 * @param words of each text, the tags of its words
 */
export function tokenReportOf(words: RowLabels, scores: TokenScores, labelNames: readonly string[]): TokenReport {
  const { starts, predicted, losses } = scores;
  const { counted } = tagForm(labelNames);
  const tagsOf = (places: Iterable<number>) => Array.from(places, (place) => counted[place] ?? OUTSIDE);
  const scorer = new EntityScorer();
  for (let text = 0; text < starts.length - 1; text++) {
    const own = labelsOfRow(words, text);
    const truth = Array.from({ length: own.length / WORD_WIDTH }, (_, word) => own[WORD_WIDTH * word + 2] ?? -1);
    scorer.add(tagsOf(truth), tagsOf(predicted.subarray(starts[text], starts[text + 1])));
  }
  const known = losses.filter((loss) => !Number.isNaN(loss));
  const loss = known.reduce((sum, one) => sum + one / known.length, 0);
  return { ...scorer.report(), loss };
}

/**
 * What outputs of the words of texts say of the tags that these were given: the mean over a text's words, and whether all
 * are predicted. Words without a token or a tag do not count; a text of these alone has nothing wrong.
 */
export function givenTags(
  { data, texts, truth }: { data: EncodedDataset; texts: Int32Array; truth: RowLabels },
  outputs: Float32Array,
  { length: classes }: readonly string[],
): GivenLabels {
  const places = new WordPlaces(data, texts);
  const all = softmax(outputs, classes);
  const [sums, words] = [new Float64Array(texts.length), new Float64Array(texts.length)];
  const isRight = new Uint8Array(texts.length).fill(1);
  for (let at = 0; at < places.places; at++) {
    const word = places.wordAt(at);
    if (word < 0) continue;
    const { row, place } = places.rowOf(word);
    const tag = labelsOfRow(truth, row)[WORD_WIDTH * place + 2] ?? NO_LABEL;
    if (tag < 0) continue;
    const own = all.subarray(at * classes, (at + 1) * classes);
    sums[row] = (sums[row] ?? 0) + (own[tag] ?? NaN);
    words[row] = (words[row] ?? 0) + 1;
    if (argmax(own) !== tag) isRight[row] = 0;
  }
  return { probabilities: Float32Array.from(sums, (sum, row) => (words[row] ? sum / (words[row] ?? 1) : 1)), isRight };
}
