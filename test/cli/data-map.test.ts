import { readFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openTable } from "../../src/data/table.ts";
import { fileSource } from "../../src/io/node-file.ts";
import { byRow } from "../data/cells.ts";
import { runProgram } from "./program.ts";
import { tinyFolder, type TinyFolder } from "./tiny-folder.ts";

let tiny: TinyFolder;

beforeAll(async () => {
  tiny = await tinyFolder();
});
afterAll(() => rm(tiny.folder, { recursive: true }));

const fit = (out: string, ...options: string[]) => {
  const paths = ["--model", tiny.model, "--data", tiny.data, "--out", out, "--backend", "cpu"];
  return runProgram(["tabtune", "fit", ...paths, "--set", "dataMap=true", "--set", "baseline=false", ...options]);
};

async function rowsOf(path: string): Promise<string[][]> {
  const { columns, cells } = await openTable(await fileSource(path), { header: true });
  return [columns, ...byRow(cells)];
}

it("fit writes a data map of the training rows, with their cells as they are in the table", async () => {
  const out = join(tiny.folder, "mapped");
  const { code, stderr } = await fit(out, "--set", "epochs=2");
  expect(code).toBe(0);
  expect(stderr).toMatch(/^data map after epoch 2: (\d+) of \1 training rows scored$/m);
  expect(stderr).toMatch(
    /^data map of \d+ training rows over 2 epochs: \d+ easy, \d+ ambiguous, \d+ hard; in data-map.csv$/m,
  );
  const [header, ...rows] = await rowsOf(join(out, "data-map.csv"));
  expect(header).toEqual(["row", "label", "confidence", "variability", "correctness", "region", "text"]);
  const table = (await rowsOf(tiny.data)).slice(1);
  for (const [row, label, , , , , text] of rows) expect([text, label]).toEqual(table[Number(row) - 1]);
  const report = JSON.parse(await readFile(join(out, "report.json"), "utf8")) as {
    dataMap: Record<string, number>;
    rows: number;
  };
  expect(rows).toHaveLength(table.length - report.rows);
  const { epochs, easy = 0, ambiguous = 0, hard = 0 } = report.dataMap;
  expect([epochs, easy + ambiguous + hard]).toEqual([2, rows.length]);
  // Another run into the folder replaces it.
  expect((await fit(out, "--set", "dataMap=false", "--set", "epochs=1")).code).toBe(0);
  expect(await readdir(out)).not.toContain("data-map.csv");
});

it("fit --folds maps all rows by the final model, and one epoch is refused in words", async () => {
  const out = join(tiny.folder, "folds");
  const { stderr } = await fit(out, "--set", "epochs=2", "--set", "learningRate=1e-3", "--folds", "2");
  const isMapped = (await readdir(out)).includes("data-map.csv");
  // The final model stops at the median of the folds' best epochs, which may be the first.
  if (isMapped) expect(await rowsOf(join(out, "data-map.csv"))).toHaveLength(1 + 77);
  else expect(stderr).toContain("note: There is no data map: it needs at least 2 complete epochs.");
  const refused = await fit(join(tiny.folder, "one"), "--set", "epochs=1");
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain("At least 2 epochs were expected");
});
