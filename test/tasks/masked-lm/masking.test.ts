import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskableRows, maskedBatch, mostPlaces, type MaskingOptions } from "../../../src/tasks/masked-lm/masking.ts";
import type { EncodedRows } from "../../../src/data/rows.ts";
import { LOOKED_AT } from "../../../src/tasks/task.ts";

const SIZE = 60;
/** Ids 0 to 4 are special, 4 the mask; the upper half are continuations. */
const vocabulary = {
  maskId: 4,
  special: Uint8Array.from({ length: SIZE }, (_, id) => (id < 5 ? 1 : 0)),
  continuation: Uint8Array.from({ length: SIZE }, (_, id) => (id >= 30 ? 1 : 0)),
};

function encoded(texts: number[][]): EncodedRows {
  const rows = texts.map((text) => [2, ...text, 3]);
  const rowStart = new Int32Array(rows.length + 1);
  rows.forEach((row, i) => (rowStart[i + 1] = (rowStart[i] ?? 0) + row.length));
  const ids = Int32Array.from(rows.flat());
  return { ids, types: new Int32Array(ids.length), rowStart, fullLengths: Int32Array.from(rows, (row) => row.length) };
}

const texts = fc.array(fc.array(fc.integer({ min: 0, max: SIZE - 1 }), { maxLength: 40 }), {
  minLength: 1,
  maxLength: 6,
});
const options = fc.record({
  share: fc.double({ min: 0.01, max: 1, noNaN: true }),
  wholeWords: fc.boolean(),
  seed: fc.nat(),
});
const all = (data: EncodedRows) => Int32Array.from({ length: data.rowStart.length - 1 }, (_, row) => row);

/** Places of each row of a batch. */
function byRow(batch: { rowStart: Int32Array; places: Int32Array }): number[][] {
  return Array.from({ length: batch.rowStart.length - 1 }, (_, row) => {
    const [from = 0, to = 0] = batch.rowStart.subarray(row, row + 2);
    return [...batch.places].filter((place) => place >= from && place < to);
  });
}

/** First places of the words of a row and what follows, as lists of places. */
function wordsIn(ids: Int32Array, from: number, to: number): number[][] {
  const words: number[][] = [];
  for (let at = from; at < to; at++) {
    const id = ids[at] ?? 0;
    const before = ids[at - 1] ?? 0;
    if (id < 5) continue;
    if (id >= 30 && before >= 5) words.at(-1)?.push(at);
    else words.push([at]);
  }
  return words;
}

describe("maskedBatch", () => {
  it("changes only places it names, never special tokens, and keeps what stood there", () => {
    fc.assert(
      fc.property(texts, options, fc.nat(9), (rows, how, round) => {
        const data = encoded(rows);
        const batch = maskedBatch(data, all(data), vocabulary, how, round);
        expect(batch.labels).toHaveLength(batch.places.length);
        const restored = batch.ids.slice();
        batch.places.forEach((place, i) => (restored[place] = batch.labels[i] ?? -1));
        expect(restored).toEqual(data.ids);
        expect(batch.labels.every((label) => label >= 5)).toBe(true);
        expect(new Set(batch.places).size).toBe(batch.places.length);
        for (const place of batch.places) {
          const id = batch.ids[place] ?? 0;
          expect(id === 4 || id >= 5).toBe(true);
        }
      }),
    );
  });

  it("chooses the share of each row's tokens, at least one of a row that has any", () => {
    fc.assert(
      fc.property(texts, options, (rows, how) => {
        const data = encoded(rows);
        const plain = { ...how, wholeWords: false };
        const found = byRow(maskedBatch(data, all(data), vocabulary, plain, 0)).map((places) => places.length);
        const expected = rows.map((row) => {
          const count = row.filter((id) => id >= 5).length;
          return count === 0 ? 0 : Math.max(1, Math.round(how.share * count));
        });
        expect(found).toEqual(expected);
        expect(rows.map((_, row) => mostPlaces(data, row, vocabulary, plain))).toEqual(expected);
      }),
    );
  });

  it("chooses the pieces of a word together, no more than are reckoned with", () => {
    fc.assert(
      fc.property(texts, options, (rows, how) => {
        const data = encoded(rows);
        const whole = { ...how, wholeWords: true };
        const batch = maskedBatch(data, all(data), vocabulary, whole, 0);
        byRow(batch).forEach((places, row) => {
          const [from = 0, to = 0] = batch.rowStart.subarray(row, row + 2);
          const words = wordsIn(data.ids, from, to);
          for (const word of words) {
            const chosen = word.filter((place) => places.includes(place)).length;
            expect([0, word.length]).toContain(chosen);
          }
          expect(places.length).toBeLessThanOrEqual(mostPlaces(data, row, vocabulary, whole));
          expect(places.length > 0).toBe(words.length > 0);
        });
      }),
    );
  });

  it("is another in each epoch and with each seed, and the same for the same", () => {
    const data = encoded([Array.from({ length: 40 }, (_, i) => 5 + i)]);
    const how: MaskingOptions = { share: 0.15, wholeWords: false, seed: 7 };
    const at = (round: number, seed = 7) => maskedBatch(data, all(data), vocabulary, { ...how, seed }, round);
    expect(at(0)).toEqual(at(0));
    expect(at(LOOKED_AT)).toEqual(at(LOOKED_AT));
    const different = [at(0), at(1), at(2), at(LOOKED_AT), at(0, 8)].map(({ places }) => places.join());
    expect(new Set(different).size).toBe(5);
  });

  it("masks a row in the same way whatever rows stand beside it", () => {
    const text = Array.from({ length: 30 }, (_, i) => 5 + i);
    const data = encoded([text, text.toReversed(), text]);
    const how: MaskingOptions = { share: 0.3, wholeWords: true, seed: 1 };
    const alone = maskedBatch(data, Int32Array.of(1), vocabulary, how, 3);
    const beside = maskedBatch(data, Int32Array.of(2, 1), vocabulary, how, 3);
    expect(beside.ids.slice(32)).toEqual(alone.ids);
  });

  it("makes 80 % of the chosen the mask, 10 % another token, and leaves 10 %", () => {
    const data = encoded(Array.from({ length: 400 }, () => Array.from({ length: 50 }, (_, i) => 5 + i)));
    const batch = maskedBatch(data, all(data), vocabulary, { share: 0.5, wholeWords: false, seed: 3 }, 0);
    let [masks, same] = [0, 0];
    const drawn = new Set<number>();
    batch.places.forEach((place, i) => {
      const id = batch.ids[place] ?? 0;
      if (id === vocabulary.maskId) masks++;
      else if (id === batch.labels[i]) same++;
      else drawn.add(id);
    });
    const total = batch.places.length;
    expect(total).toBe(400 * 25);
    expect(masks / total).toBeCloseTo(0.8, 1);
    expect(Math.abs(masks / total - 0.8)).toBeLessThan(0.02);
    // A drawn token is now and then the one that stood there.
    expect(Math.abs(same / total - 0.1 - 0.1 / 55)).toBeLessThan(0.015);
    expect(drawn.size).toBe(55);
  });
});

describe("maskableRows", () => {
  it("leaves out rows of special tokens alone", () => {
    const data = encoded([[7, 8], [], [1], [9]]);
    expect(maskableRows(data, vocabulary)).toEqual(encoded([[7, 8], [9]]));
    expect(maskableRows(encoded([[7]]), vocabulary)).toEqual(encoded([[7]]));
  });
});
