import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { referenceJson } from "../../../src/cli/parity/reference-file.ts";
import { lenientEntities } from "../../../src/metrics/entities/lenient.ts";
import { EntityScorer, type EntityReport } from "../../../src/metrics/entities/report.ts";
import { faultsOf, inScheme, schemeOf, tagsOf } from "../../../src/metrics/entities/schemes.ts";
import { strictEntities } from "../../../src/metrics/entities/strict.ts";
import type { Entity, Scheme } from "../../../src/metrics/entities/tags.ts";
import type { ClassScores } from "../../../src/metrics/report.ts";

interface SeqevalReport {
  report: Record<string, [precision: number, recall: number, f1: number, support: number]>;
  true: string[];
  pred: string[];
}
interface SeqevalCase {
  scheme: Scheme;
  y_true: string[];
  y_pred: string[];
  strict: SeqevalReport;
  default: SeqevalReport;
  token_accuracy: number;
}

const file = fileURLToPath(new URL("../../reference/tasks/metrics.json", import.meta.url));
const cases = ((await referenceJson(file)) as { entities: SeqevalCase[] }).entities.map((c, index) => ({
  ...c,
  index,
}));

const wordsOf = (row: string) => row.split(" ");
const written = (entities: Entity[]) => entities.map(([type, first, last]) => `${type}:${first}-${last}`).join(" ");

function expectScores(ours: ClassScores | undefined, theirs: number[] | undefined): void {
  if (!ours || !theirs) throw new Error("A line is missing.");
  [ours.precision, ours.recall, ours.f1].forEach((score, i) =>
    expect(Math.abs(score - (theirs[i] ?? NaN))).toBeLessThan(1e-9),
  );
  expect(ours.support).toBe(theirs[3]);
}

function expectReport(c: SeqevalCase, mode: "strict" | "default"): void {
  const scorer = new EntityScorer(mode === "strict" ? c.scheme : null);
  c.y_true.forEach((row, i) => scorer.add(wordsOf(row), wordsOf(c.y_pred[i] ?? "")));
  const { types, micro, macro, weighted, tokenAccuracy, rows }: EntityReport = scorer.report();
  const { "micro avg": ofMicro, "macro avg": ofMacro, "weighted avg": ofWeighted, ...ofTypes } = c[mode].report;
  expect(types.map(({ type }) => type)).toEqual(Object.keys(ofTypes));
  for (const { type, ...scores } of types) expectScores(scores, ofTypes[type]);
  expectScores(micro, ofMicro);
  expectScores(macro, ofMacro);
  expectScores(weighted, ofWeighted);
  expect(tokenAccuracy).toBeCloseTo(c.token_accuracy, 12);
  expect(rows).toBe(c.y_true.length);
}

describe("EntityScorer", () => {
  it("counts entities of which a part was found with the right type", () => {
    const scorer = new EntityScorer();
    const truth = ["B-a", "I-a", "O", "B-b", "I-b", "O", "B-a"];
    scorer.add(truth, ["O", "B-a", "O", "B-a", "I-a", "O", "B-a"]);
    expect(scorer.report()).toMatchObject({ misplaced: 1, micro: { support: 3, recall: 1 / 3 } });
    scorer.add(truth, ["B-a", "I-a", "I-a", "B-b", "I-b", "I-b", "O"]);
    expect(scorer.report().misplaced).toBe(3);
  });

  it.each(cases)("equals seqeval's strict mode on case $index, $scheme", (c) => expectReport(c, "strict"));
  it.each(cases)("equals seqeval's default mode on case $index, $scheme", (c) => expectReport(c, "default"));

  it("says nothing of no words, and refuses sides of different lengths", () => {
    const scorer = new EntityScorer();
    expect(() => scorer.add(["O"], [])).toThrow(RangeError);
    expect(scorer.report()).toMatchObject({ rows: 0, words: 0, tokenAccuracy: 0, types: [] });
  });
});

describe("entities", () => {
  it.each(cases)("are those that seqeval finds, case $index, $scheme", (c) => {
    expect(c.y_true.map((row) => written(strictEntities(wordsOf(row), c.scheme)))).toEqual(c.strict.true);
    expect(c.y_pred.map((row) => written(strictEntities(wordsOf(row), c.scheme)))).toEqual(c.strict.pred);
    expect(c.y_true.map((row) => written(lenientEntities(wordsOf(row))))).toEqual(c.default.true);
    expect(c.y_pred.map((row) => written(lenientEntities(wordsOf(row))))).toEqual(c.default.pred);
  });

  it("have no type where the tag has none, and types may hold hyphens", () => {
    expect(strictEntities(["B", "I", "O", "B-a-b"], "IOB2")).toEqual([
      ["_", 0, 1],
      ["a-b", 3, 3],
    ]);
    expect(lenientEntities(["B", "I", "O", "B-a-b"])).toEqual(strictEntities(["B", "I", "O", "B-a-b"], "IOB2"));
  });

  it("are refused in letters that the scheme does not have", () => {
    expect(() => strictEntities(["O", "S-PER"], "IOB2")).toThrow("IOB2 has no tag “S-PER”.");
  });
});

/** A sequence of words and its entities, which may touch. */
const sequence = fc
  .array(
    fc.record({ gap: fc.nat({ max: 2 }), length: fc.integer({ min: 1, max: 3 }), type: fc.constantFrom("PER", "LOC") }),
    { maxLength: 6 },
  )
  .map((parts) => {
    let words = 0;
    const entities = parts.map(({ gap, length, type }): Entity => {
      const first = words + gap;
      words = first + length;
      return [type, first, words - 1];
    });
    return { entities, words: words + 1 };
  });
const schemes = ["IOB1", "IOB2", "BIOES"] as const;
const anyTags = fc.array(fc.constantFrom("O", "B-PER", "I-PER", "B-LOC", "I-LOC", "E-PER", "S-LOC", "E-LOC"), {
  maxLength: 12,
});

describe("schemes", () => {
  it("give back the entities that they were written from, by either reading", () => {
    fc.assert(
      fc.property(sequence, fc.constantFrom(...schemes), ({ entities, words }, scheme) => {
        const tags = tagsOf(entities, words, scheme);
        expect(strictEntities(tags, scheme)).toEqual(entities);
        expect(lenientEntities(tags)).toEqual(entities);
        expect(faultsOf(tags, scheme)).toEqual([]);
      }),
    );
  });

  it("find a fault exactly where a sequence is not what its entities would be written as", () => {
    fc.assert(
      fc.property(anyTags, fc.constantFrom(...schemes), (tags, scheme) => {
        const rewritten = inScheme(tags, scheme);
        expect(faultsOf(tags, scheme).length === 0).toBe(rewritten.join(" ") === tags.join(" "));
        expect(lenientEntities(rewritten)).toEqual(lenientEntities(tags));
      }),
    );
  });

  it("name the words that are at fault", () => {
    expect(faultsOf(["O", "I-PER", "I-PER", "I-LOC"], "IOB2")).toEqual([1, 3]);
    expect(faultsOf(["B-PER", "I-PER", "B-PER", "B-LOC"], "IOB1")).toEqual([0, 3]);
    expect(faultsOf(["B-PER", "O", "S-LOC", "B-LOC"], "BIOES")).toEqual([1, 3]);
    expect(faultsOf(["E-PER", "PERSON"], "IOB2")).toEqual([0, 1]);
  });

  it("are detected, by their letters or by what they allow", () => {
    expect(
      schemeOf([
        ["O", "S-PER"],
        ["B-PER", "O"],
      ]),
    ).toEqual({ scheme: "BIOES", faults: 1, sequences: [1] });
    expect(schemeOf([["O", "I-PER", "B-PER"]])).toEqual({ scheme: "IOB1", faults: 0, sequences: [] });
    expect(schemeOf([["O", "B-PER", "I-PER"]])).toEqual({ scheme: "IOB2", faults: 0, sequences: [] });
    expect(schemeOf([["O"], []])).toEqual({ scheme: "IOB2", faults: 0, sequences: [] });
  });

  it("cannot write entities that overlap or lie outside", () => {
    expect(() =>
      tagsOf(
        [
          ["PER", 0, 1],
          ["LOC", 1, 2],
        ],
        4,
        "IOB2",
      ),
    ).toThrow(RangeError);
    expect(() => tagsOf([["PER", 3, 4]], 4, "IOB2")).toThrow(RangeError);
  });
});
