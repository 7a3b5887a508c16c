import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as v from "valibot";
import { inspectTables } from "../../src/cli/inspect.ts";
import { openTable } from "../../src/data/table.ts";
import { fileSource } from "../../src/io/node-file.ts";
import { thrownBy } from "../io/thrown-by.ts";

const folder = new URL("../cases/brought/", import.meta.url).pathname;

/** What `expected.json` says of a table; see the README beside it. */
const expectedSchema = v.record(
  v.string(),
  v.object({
    file: v.string(),
    expect: v.strictObject({
      rows: v.optional(v.number()),
      text: v.optional(v.string()),
      pair: v.optional(v.string()),
      label: v.optional(v.string()),
      classes: v.optional(v.array(v.string())),
      encoding: v.optional(v.string()),
      task: v.optional(v.string()),
      refused: v.optional(v.string()),
      finding: v.optional(v.string()),
      mergedOrFinding: v.optional(v.tuple([v.array(v.string()), v.string()])),
    }),
  }),
);
const cases = Object.entries(v.parse(expectedSchema, JSON.parse(readFileSync(join(folder, "expected.json"), "utf8"))));

/** Two files pair each of 40 sentences with the next and so have 39 rows, as counting their lines shows. */
const rowsIn = (name: string, rows: number) => (["pair-mrpc", "pair-farm-text-b"].includes(name) ? 39 : rows);

const plain = { mergeLabels: false, missingWords: false };

describe("inspect on the tables that people brought", () => {
  it.each(cases)("%s", async (name, { file, expect: wanted }) => {
    const opening = fileSource(join(folder, file)).then((source) => openTable(source));
    if (wanted.refused !== undefined) {
      expect((await thrownBy(opening)).message).toMatch(new RegExp(wanted.refused));
      return;
    }
    const { rows, text, pair, label, classes, format, task, findings } = inspectTables(
      { table: await opening, held: null },
      {},
      plain,
    );
    if (wanted.rows !== undefined) expect(rows).toBe(rowsIn(name, wanted.rows));
    if (wanted.text !== undefined) expect(text).toBe(wanted.text);
    if (wanted.pair !== undefined) expect(pair).toBe(wanted.pair);
    if (wanted.label !== undefined) expect(label).toBe(wanted.label);
    if (wanted.task !== undefined) expect(task).toBe(wanted.task);
    if (wanted.classes !== undefined) expect(Object.keys(classes).sort()).toEqual([...wanted.classes].sort());
    if (wanted.encoding !== undefined) expect(format.encoding).toMatch(new RegExp(`^(${wanted.encoding})$`));
    const matches = (pattern: string) => findings.some((finding) => new RegExp(pattern).test(finding.text));
    if (wanted.finding !== undefined) expect(matches(wanted.finding)).toBe(true);
    if (wanted.mergedOrFinding !== undefined) {
      const [merged, pattern] = wanted.mergedOrFinding;
      const isMerged = Object.keys(classes).sort().join() === [...merged].sort().join();
      expect(isMerged || matches(pattern)).toBe(true);
    }
  });

  it("covers every table that was brought", () => {
    const tables = readdirSync(folder).filter((name) => !/^ckpt-|\.(md|json|txt)$/.test(name));
    expect(tables.sort()).toEqual([...cases.map(([name]) => name), "labels-float-train-int-valid"].sort());
  });

  it("takes 1.0 and 1 as equal in a validation file", async () => {
    const open = async (name: string) =>
      openTable(await fileSource(join(folder, "labels-float-train-int-valid", name)));
    const { classes, valid } = inspectTables(
      { table: await open("train.csv"), held: await open("valid.csv") },
      {},
      plain,
    );
    expect(Object.keys(classes)).toEqual(["0.0", "1.0"]);
    expect(valid?.classes).toEqual({ "0.0": 25, "1.0": 15 });
    expect(valid?.findings.filter(({ severity }) => severity !== "note")).toEqual([]);
  });
});
