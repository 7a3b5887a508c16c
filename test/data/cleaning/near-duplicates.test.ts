import { describe, expect, it } from "vitest";
import { groupRows } from "../../../src/data/groups.ts";
import { NEAR, nearDuplicates, nearGroups } from "../../../src/data/cleaning/near-duplicates.ts";
import { jaccard, normalized, shingles } from "../../../src/data/cleaning/shingles.ts";
import { createRandom } from "../../../src/data/random.ts";

/** Texts of words drawn by seed from a vocabulary that they share. */
function drawnTexts(count: number, seed: number): string[] {
  const random = createRandom(seed);
  const letters = () => String.fromCharCode(97 + Math.floor(26 * random()));
  const words = Array.from({ length: 400 }, () =>
    Array.from({ length: 2 + Math.floor(6 * random()) }, letters).join(""),
  );
  const word = () => words[Math.floor(words.length * random() ** 2)] ?? "";
  return Array.from({ length: count }, () => Array.from({ length: 8 + Math.floor(20 * random()) }, word).join(" "));
}

/** The Jaccard index by definition, over code points. */
function exactIndex(a: string, b: string): number {
  const grams = (text: string) => {
    const characters = Array.from(text.toLowerCase().split(/\s+/).filter(Boolean).join(" "));
    if (characters.length < 5) return new Set([characters.join("")]);
    return new Set(characters.slice(4).map((_, at) => characters.slice(at, at + 5).join("")));
  };
  const [one, other] = [grams(a), grams(b)];
  const shared = [...one].filter((gram) => other.has(gram)).length;
  return shared / (one.size + other.size - shared);
}

describe("near duplicates", () => {
  it("are found all, and nothing else, as by comparing each with each", () => {
    const random = createRandom(5);
    const texts = drawnTexts(60, 1);
    for (const text of drawnTexts(60, 1)) {
      const words = text.split(" ");
      for (let change = 0; change < 1 + 2 * random(); change++)
        words[Math.floor(words.length * random())] = "Änderung 😀";
      texts.push(words.join(" "), `  ${text.toUpperCase()} `, `${text}!`);
    }
    const { pairs, isComplete } = nearDuplicates({ texts, pairs: null });
    const { groupOf } = groupRows({ texts, pairs: null });
    const found = new Map(pairs.map(({ first, second, similarity }) => [`${first} ${second}`, similarity]));
    const wanted = new Map<string, number>();
    texts.forEach((text, a) => {
      for (let b = a + 1; b < texts.length; b++) {
        const index = exactIndex(text, texts[b] ?? "");
        if (index >= NEAR && groupOf[a] !== groupOf[b]) wanted.set(`${groupOf[a]} ${groupOf[b]}`, index);
      }
    });
    expect(isComplete).toBe(true);
    expect(wanted.size).toBeGreaterThan(100);
    expect([...found].sort()).toEqual([...wanted].sort());
  });

  it("of two texts have both texts alike", () => {
    const [premise = "", first = "", second = ""] = drawnTexts(3, 2);
    const pairs = { texts: [premise, premise, `${premise}.`], pairs: [first, second, `${first}!`] };
    expect(nearDuplicates(pairs).pairs.map(({ first: a, second: b }) => [a, b])).toEqual([[0, 2]]);
  });

  it("of short texts are those alike but for case and space", () => {
    const { pairs } = nearDuplicates({ texts: ["ok", "OK ", "okay", "", " ", "no"], pairs: null });
    expect(pairs).toEqual([
      { first: 0, second: 1, similarity: 1 },
      { first: 3, second: 4, similarity: 1 },
    ]);
  });

  it("are one group where one template makes all rows alike, though not all pairs are listed", () => {
    const [body = ""] = drawnTexts(1, 3);
    const rows = { texts: Array.from({ length: 400 }, (_, row) => `${body} ${body} ${row}`), pairs: null };
    const { isComplete, pairs } = nearDuplicates(rows);
    expect(isComplete).toBe(false);
    expect(pairs.length).toBe(20_000);
    expect(nearGroups(rows)).toEqual({ groupOf: new Int32Array(400), count: 1 });
  });

  it("link rows over others", () => {
    const [body = ""] = drawnTexts(1, 4);
    const [a, b] = [`${body} ${body} 11`, `${body} ${body} 22`];
    const { groupOf, count } = nearGroups({ texts: [a, "another text", a, b, "one more"], pairs: null });
    expect([...groupOf]).toEqual([0, 1, 0, 0, 2]);
    expect(count).toBe(3);
  });
});

describe("5-grams", () => {
  it("count code points, in lower case and with single spaces", () => {
    expect([...shingles(normalized(" AB\n 😀cd "))]).toEqual(["ab 😀c", "b 😀cd"]);
    expect([...shingles("abc")]).toEqual(["abc"]);
    expect([...shingles("")]).toEqual([]);
  });

  it("have an index of 0 to 1", () => {
    expect(jaccard(shingles("abcdefgh"), shingles("abcdefgh"))).toBe(1);
    expect(jaccard(shingles("abcdefgh"), shingles("abcdefg"))).toBe(3 / 4);
    expect(jaccard(shingles("abcdefgh"), shingles("zyxwvuts"))).toBe(0);
    expect(jaccard(new Set(), new Set())).toBe(1);
  });
});
