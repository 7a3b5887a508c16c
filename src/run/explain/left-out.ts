import { placeOfWord, wordStretches } from "../../insight/attribution.ts";
import { baselineToken } from "../../tokenize/special-tokens.ts";
import type { ExplainedRow } from "./explained-rows.ts";
import type { Found, Passes, Work } from "./passes.ts";

/** Each word left out once, in all windows that have a token of it; the word that is asked is padded, not left out. */
export async function leftOut({ passes, rows, output, asked, onProgress }: Work): Promise<Found> {
  const all = rows.flatMap(({ spans }) => spans.filter((span) => span !== null));
  const stretches = wordStretches(asked.texts, all);
  const wholes = await passes.outputsAsTheyAre(rows);
  const whole = passes.mean(rows, wholes, output);
  const padding = baselineToken(asked.tokenizer);
  const firsts = [0, 1].map((which) => stretches.findIndex(({ of }) => of === which));
  const byText = [0, 1].map((which) => stretches.filter(({ of }) => of === which));
  const wordsOf = rows.map(({ spans }) =>
    spans.map((span) => {
      const place = span ? placeOfWord(byText[span.of] ?? [], span) : -1;
      return span && place >= 0 ? (firsts[span.of] ?? 0) + place : -1;
    }),
  );
  const shorter: { word: number; place: number; row: ExplainedRow }[] = [];
  for (const word of stretches.keys()) {
    for (const [place, row] of rows.entries()) {
      const own = wordsOf[place] ?? [];
      if (!own.includes(word)) continue;
      const isAsked = row.place !== null && own[row.place] === word;
      shorter.push({ word, place, row: isAsked ? padded(row, own, word, padding) : without(row, own, word) });
    }
  }
  const scores = new Map<number, number>();
  const perWindow = await outputsOfAll(
    passes,
    shorter.map(({ row }) => row),
    onProgress,
  );
  const classes = wholes.length / Math.max(1, rows.length);
  for (const [i, { word, place, row }] of shorter.entries()) {
    const change = (wholes[place * classes + output] ?? 0) - (perWindow[i * classes + output] ?? 0);
    scores.set(word, (scores.get(word) ?? 0) + row.share * change);
  }
  const words = [...scores]
    .sort(([a], [b]) => a - b)
    .flatMap(([place, score]) => {
      const word = stretches[place];
      return word ? [{ ...word, score }] : [];
    });
  const sum = words.reduce((total, { score }) => total + score, 0);
  return {
    ...{ tokens: words, words, output: whole, baseline: whole, difference: 0, sum },
    steps: shorter.length,
    isComplete: false,
  };
}

const ROWS_AT_ONCE = 64;

async function outputsOfAll(
  passes: Passes,
  rows: readonly ExplainedRow[],
  onProgress: Work["onProgress"],
): Promise<Float32Array> {
  const parts: Float32Array[] = [];
  for (let first = 0; first < rows.length; first += ROWS_AT_ONCE) {
    onProgress(first, rows.length);
    parts.push(await passes.outputsAsTheyAre(rows.slice(first, first + ROWS_AT_ONCE)));
  }
  return Float32Array.from(parts.flatMap((part) => [...part]));
}

/** A row without the tokens of a word. */
function without(row: ExplainedRow, words: readonly number[], word: number): ExplainedRow {
  const kept = words.flatMap((own, token) => (own === word ? [] : [token]));
  return {
    ...row,
    ids: Int32Array.from(kept, (token) => row.ids[token] ?? 0),
    types: Int32Array.from(kept, (token) => row.types[token] ?? 0),
    spans: kept.map((token) => row.spans[token] ?? null),
    place: row.place === null ? null : kept.indexOf(row.place),
  };
}

/** A row with padding in place of the tokens of a word. */
function padded(row: ExplainedRow, words: readonly number[], word: number, padding: number): ExplainedRow {
  return { ...row, ids: row.ids.map((id, token) => (words[token] === word ? padding : id)) };
}
