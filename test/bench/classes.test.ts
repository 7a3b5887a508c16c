import { readerOf } from "../../src/tasks/targets.ts";
import { describe, expect, it } from "vitest";
import { classesPage, type ClassesBench } from "../../bench/sections/classes/classes.ts";
import { classesCsv, newsCsv } from "../../bench/sections/classes/files.ts";
import { prepareData } from "../../src/data/dataset.ts";
import { openTable } from "../../src/data/table.ts";
import { bytesSource } from "../../src/io/byte-source.ts";

const read = (csv: string) => openTable(bytesSource("rows.csv", new TextEncoder().encode(csv)));

describe("the files of the benchmark of many classes", () => {
  it("have four different texts of each class, of which one is held out", async () => {
    const table = await read(classesCsv(300));
    const split = { readerOf, share: 0.2, seed: 42, validationTable: null };
    const { summary } = prepareData(table, { text: 0, pair: null, label: 1 }, split);
    expect(summary.labelNames).toHaveLength(300);
    expect([summary.trainRows, summary.validationRows]).toEqual([900, 300]);
    expect(summary.findings.map(({ id }) => id)).not.toContain("duplicates");
  });

  it("have as many rows of news as asked", async () => {
    expect((await read(newsCsv(200))).rowCount).toBe(200);
  });
});

describe("classesPage", () => {
  it("has a line for each run, each file's size, and says where no task was long", () => {
    const stage = { what: "alone", longestMs: 0, count: 0, nodes: 545 };
    const result: ClassesBench = {
      cores: 2,
      chromium: "156.0",
      runs: [
        {
          ...{ classes: 4000, rows: 16_000, seconds: 30, evaluations: 21, evaluatedRows: 4000, evaluationMs: 700 },
          ...{ peakBytes: 2e8, files: { "metrics.jsonl": 1_200_000 } },
        },
      ],
      page: [{ classes: 4000, stages: [{ ...stage, what: "open Results", longestMs: 71, count: 1 }] }],
      opened: { rows: 50_000, bytes: 1.4e7, stages: [stage] },
    };
    const page = classesPage(result);
    expect(page).toContain("| 4,000 | 16,000 | 30 | 21 | 700 | 200 |");
    expect(page).toContain("| 4,000 | 1,200 |");
    expect(page).toContain("| open Results | 71 | 1 | 545 |");
    expect(page).toContain("| alone | under 50 | 0 | 545 |");
  });
});
