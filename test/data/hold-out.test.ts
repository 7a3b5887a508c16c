import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { prepareData } from "../../src/data/dataset.ts";
import { holdOutRows } from "../../src/data/hold-out.ts";
import type { LabelledRows } from "../../src/data/rows.ts";
import { stratifiedParts } from "../../src/data/stratified-parts.ts";
import { openTable } from "../../src/data/table.ts";
import { classTargets } from "../../src/tasks/single-label/targets.ts";
import { readerOf } from "../../src/tasks/targets.ts";
import { textSource } from "../io/model-folder.ts";
import { rowsOf } from "./rows-of.ts";

/** Rows of [text, class, group], with the place of a row as its time. */
function groupedRows(rows: readonly (readonly [string, number, number])[]): LabelledRows {
  const names = Array.from({ length: 1 + Math.max(-1, ...rows.map(([, , group]) => group)) }, (_, i) => `group ${i}`);
  const pairs = rows.map(([text, label]) => [text, label] as const);
  return { ...rowsOf(pairs), groups: { of: Int32Array.from(rows, ([, , group]) => group), names } };
}

const anyRows = fc.array(fc.tuple(fc.nat(40).map(String), fc.nat(2), fc.nat(9)), { minLength: 2, maxLength: 120 });

describe("rows held out by groups and by time", () => {
  it("keeps groups and equal texts on one side, whatever the rows", () => {
    fc.assert(
      fc.property(anyRows, fc.double({ min: 0.1, max: 0.6, noNaN: true }), fc.nat(), (raw, share, seed) => {
        const rows = groupedRows(raw);
        const { train, validation } = holdOutRows(classTargets, rows, share, seed);
        const groups = new Set(Array.from(validation, (row) => rows.groups?.of[row]));
        const texts = new Set(Array.from(validation, (row) => rows.texts.at(row)));
        for (const row of train) {
          expect(groups.has(rows.groups?.of[row])).toBe(false);
          expect(texts.has(rows.texts.at(row))).toBe(false);
        }
        expect(holdOutRows(classTargets, rows, share, seed).validation).toEqual(validation);
      }),
    );
  });

  it("keeps classes as far as groups allow", () => {
    // 60 groups of 1 to 8 rows, each with a lean to one class; the third class has few rows.
    const raw = Array.from({ length: 60 }, (_, group) =>
      Array.from({ length: 1 + (group % 8) }, (_, at) => {
        const label = group % 10 === 3 ? 2 : (group + (at % 3 === 0 ? 1 : 0)) % 2;
        return [`text ${group} ${at}`, label, group] as const;
      }),
    ).flat();
    const rows = groupedRows(raw);
    const { validation } = holdOutRows(classTargets, rows, 0.2, 7);
    for (const label of [0, 1, 2]) {
      const all = raw.filter(([, own]) => own === label).length;
      const held = validation.filter((row) => rows.labels[row] === label).length;
      expect(Math.abs(held / all - 0.2)).toBeLessThan(label === 2 ? 0.1 : 0.03);
    }
  });

  it("lays single rows into parts of equal classes", () => {
    const rows = rowsOf(Array.from({ length: 500 }, (_, row) => [`text ${row}`, row % 25 === 0 ? 1 : 0] as const));
    const parts = stratifiedParts(classTargets, rows, [0.2, 0.2, 0.2, 0.2, 0.2], 3);
    for (let part = 0; part < 5; part++) {
      expect(parts.filter((own) => own === part)).toHaveLength(100);
      expect(parts.filter((own, row) => own === part && rows.labels[row] === 1)).toHaveLength(4);
    }
  });

  it("holds out the latest rows, those of one time together, and trains on none with their text", () => {
    const texts = Array.from({ length: 100 }, (_, row) => (row === 5 || row === 95 ? "same" : `text ${row}`));
    const rows = {
      ...rowsOf(texts.map((text, row) => [text, row % 2] as const)),
      // Days of four rows, backwards in the table.
      times: Float64Array.from(texts, (_, row) => 25 - Math.floor(row / 4)),
    };
    const { train, validation, findings } = holdOutRows(classTargets, rows, 0.2, 1);
    expect([...validation]).toEqual(Array.from({ length: 20 }, (_, row) => row));
    expect(train).toHaveLength(79);
    expect([...train]).not.toContain(95);
    expect(findings.map(({ id }) => id)).toEqual(["left-out-copies"]);
  });

  it("says which rows have no time, and refuses a column of one time or one group", () => {
    const rows = rowsOf([1, 2, 3, 4].map((row) => [`text ${row}`, row % 2] as const));
    const some = holdOutRows(classTargets, { ...rows, times: Float64Array.of(1, NaN, 3, 4) }, 0.3, 1);
    expect([...some.validation]).toEqual([3]);
    expect([...some.train]).toEqual([0, 1, 2]);
    expect(some.findings[0]).toMatchObject({ id: "unread-times", tableRows: [2] });
    const one = holdOutRows(classTargets, { ...rows, times: Float64Array.of(1, 1, 1, 1) }, 0.3, 1);
    expect(one.findings[0]).toMatchObject({ id: "one-time", severity: "blocking" });
    const group = { of: Int32Array.of(0, 0, 0, 0), names: ["a"] };
    expect(holdOutRows(classTargets, { ...rows, groups: group }, 0.3, 1).findings[0]?.id).toBe("one-group");
  });
});

const prepared = async (csv: string, valid: string | null, columns: { group?: number; time?: number }) =>
  prepareData(
    await openTable(textSource("x.csv", csv)),
    { text: 0, pair: null, label: 1, ...columns },
    {
      readerOf,
      share: 0.25,
      seed: 1,
      validationTable: valid === null ? null : await openTable(textSource("y.csv", valid)),
    },
  );

describe("columns to split by in a table", () => {
  const lines = Array.from(
    { length: 40 },
    (_, i) => `"text number ${i}",${i % 2 ? "a" : "b"},p${i % 8},${1 + (i % 28)}/${1 + (i % 12)}/2024`,
  );
  const csv = ["text,label,author,day", ...lines].join("\n");

  it("holds out authors, or the latest days", async () => {
    const byGroup = await prepared(csv, null, { group: 2 });
    expect(byGroup.summary).toMatchObject({ heldOutBy: { group: "author" }, validationRows: 10, trainRows: 30 });
    const byTime = await prepared(csv, null, { time: 3 });
    expect(byTime.summary.heldOutBy).toEqual({ time: "day" });
    const latest = Math.max(...(byTime.train.times ?? []));
    expect(Math.min(...(byTime.validation.times ?? []))).toBeGreaterThan(latest);
  });

  it("names the groups that stand in both files", async () => {
    const valid = "text,label,author\nnew text here,a,p3\nanother new text,b,p99\n";
    const { summary } = await prepared(csv, valid, { group: 2, time: 3 });
    const leak = summary.findings.find(({ id }) => id === "leaked-groups");
    expect(leak?.text).toBe('The group "p3" stands in both files, with 5 training rows: a leaked group.');
    expect(leak?.tableRows).toEqual([4, 12, 20, 28, 36]);
    const apart = await prepared(csv, "text,label,author\nnew text here,a,p99\nanother one,b,p98\n", { group: 2 });
    expect(apart.summary.findings.map(({ id }) => id)).not.toContain("leaked-groups");
  });
});
