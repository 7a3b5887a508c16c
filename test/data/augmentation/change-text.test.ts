import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changedText, withMaskToken } from "../../../src/data/augmentation/change-text.ts";
import { neighboursOf } from "../../../src/data/augmentation/keyboard.ts";
import { createRandom } from "../../../src/data/random.ts";
import { changeFields, type TextChanges } from "../../../src/recipe/augmentation-steps.ts";

const off = Object.fromEntries(changeFields.map((field) => [field, 0])) as unknown as TextChanges;
const changed = (text: string, shares: Partial<TextChanges>, seed: number) =>
  withMaskToken(changedText(text, { ...off, ...shares }, createRandom(seed)), "[MASK]");

const WORDS = 2000;
const many = Array.from({ length: WORDS }, (_, i) => `word${i}`);
const long = many.join(" ");
const seeds = fc.integer({ min: 0, max: 2 ** 31 });
const rates = fc.double({ min: 0.02, max: 0.9, noNaN: true });

/** Within five standard deviations of a binomial share. */
function expectShare(count: number, of: number, share: number): void {
  expect(Math.abs(count / of - share)).toBeLessThan(5 * Math.sqrt((share * (1 - share)) / of) + 1 / of);
}

const graphemes = (text: string) =>
  Array.from(new Intl.Segmenter("und", { granularity: "grapheme" }).segment(text), ({ segment }) => segment);

describe("a changed text", () => {
  it("has words deleted, swapped, masked and in other cases at their shares", () => {
    fc.assert(
      fc.property(seeds, rates, (seed, share) => {
        expectShare(WORDS - changed(long, { augmentDeletion: share }, seed).split(" ").length, WORDS, share);
        const swapped = changed(long, { augmentSwap: share }, seed).split(" ");
        expect([...swapped].sort()).toEqual([...many].sort());
        expectShare(swapped.filter((word, i) => word !== many[i]).length, WORDS, share);
        const masked = changed(long, { augmentMask: share }, seed).split(" ");
        expectShare(masked.filter((word) => word === "[MASK]").length, WORDS, share);
        expect(masked.every((word, i) => word === "[MASK]" || word === many[i])).toBe(true);
        const cased = changed(long, { augmentCase: share }, seed);
        expect(cased.toLowerCase()).toBe(long);
        expectShare(cased.split(" ").filter((word, i) => word !== many[i]).length, WORDS, share);
      }),
      { numRuns: 25 },
    );
  });

  it("has letters replaced by keys beside them at their share, in their case", () => {
    const letters = "the Quick brown FOX jumps over 12 lazy dogs; ".repeat(60);
    const count = letters.replace(/[^a-z]/gi, "").length;
    fc.assert(
      fc.property(seeds, rates, (seed, share) => {
        const typed = changed(letters, { augmentTypos: share }, seed);
        expect(typed).toHaveLength(letters.length);
        const others = [...typed].flatMap((letter, i) => (letter === letters[i] ? [] : [[letters[i] ?? "", letter]]));
        expectShare(others.length, count, share);
        for (const [from = "", to = ""] of others) expect(neighboursOf(from)).toContain(to);
      }),
      { numRuns: 25 },
    );
  });

  it("is the same for the same seed, and as it was where all shares are 0", () => {
    const shares = { augmentDeletion: 0.2, augmentSwap: 0.2, augmentMask: 0.2, augmentTypos: 0.2, augmentCase: 0.2 };
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), seeds, (text, seed) => {
        expect(changed(text, shares, seed)).toBe(changed(text, shares, seed));
        expect(changedText(text, off, createRandom(seed))).toBe(text);
      }),
    );
    expect(changed(long, shares, 1)).not.toBe(changed(long, shares, 2));
  });

  it("masks no word that has the placeholder's noncharacter in the file", () => {
    expect(changed("a\ufdd0b", { augmentCase: 1e-9 }, 1)).toBe("a\ufffdb");
  });

  it("keeps at least one word, and empty texts as they are", () => {
    fc.assert(
      fc.property(
        seeds,
        fc.array(fc.constantFrom("a", "bc", "好", "😀"), { minLength: 1, maxLength: 4 }),
        (seed, words) => {
          expect(changed(words.join(" "), { augmentDeletion: 0.9 }, seed).trim()).not.toBe("");
        },
      ),
    );
    for (const text of ["", " ", "\n\t"])
      expect(changed(text, { augmentDeletion: 0.9, augmentSwap: 0.9 }, 1)).toBe(text);
    expect(changed("one", { augmentDeletion: 0.9, augmentSwap: 0.9 }, 1)).toBe("one");
  });

  it("cuts no character: emoji, accents and scripts without spaces", () => {
    const pieces = ["👩‍👩‍👧‍👦", "🇩🇪", "👍🏽", "é", "e\u0301", "नि", "好", "き", "が\u3099", "ไม่", "ok", "1️⃣", "葛\u{e0100}"];
    const texts = fc
      .array(fc.tuple(fc.constantFrom(...pieces), fc.constantFrom("", " ")))
      .map((all) => all.flat().join(""));
    fc.assert(
      fc.property(texts, seeds, (text, seed) => {
        const known = new Set([...graphemes(text), ..."OKok"]);
        for (const shares of [{ augmentDeletion: 0.4 }, { augmentSwap: 0.6 }]) {
          const after = changed(text, shares, seed);
          expect(after).not.toMatch(/\p{Surrogate}/u);
          // Words that end up side by side may join, never lose a part of a character.
          const units = after.split(/\s+/).flatMap(graphemes);
          const isJoined = (unit: string) => [...known].some((one) => one.length > 0 && unit.startsWith(one));
          expect(units.filter((unit) => !known.has(unit) && !isJoined(unit))).toEqual([]);
        }
      }),
    );
  });

  it("takes characters of scripts without spaces for words", () => {
    const text = "我今天很高兴因为天气很好我们去公园散步";
    const deleted = changed(text, { augmentDeletion: 0.3 }, 3);
    expect(deleted.length).toBeGreaterThan(5);
    expect(deleted.length).toBeLessThan(text.length);
    expect([...changed(text, { augmentSwap: 0.5 }, 3)].sort()).toEqual([...text].sort());
  });

  it("keeps the white space between the words that stay", () => {
    for (let seed = 0; seed < 50; seed++) {
      const text = changed("  a\n\nb c\td ", { augmentDeletion: 0.4 }, seed);
      expect(text).toMatch(/^ {2}[abcd]((\n\n| |\t)[abcd])* $/);
    }
  });
});

it("keys are beside each other both ways, and of letters alone", () => {
  for (const letter of "abcdefghijklmnopqrstuvwxyz") {
    const near = neighboursOf(letter);
    expect(near.length).toBeGreaterThan(1);
    for (const one of near) expect(neighboursOf(one)).toContain(letter);
  }
  expect([...neighboursOf("s")].sort()).toEqual(["a", "d", "e", "w", "x", "z"].sort());
  expect(neighboursOf("é")).toEqual([]);
});
