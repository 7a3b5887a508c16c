import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runProgram } from "./program.ts";
import { tinyFolder, type TinyFolder } from "./tiny-folder.ts";

let tiny: TinyFolder;
const tabtune = (options: string[], input?: string) => runProgram(["tabtune", ...options], input);

beforeAll(async () => {
  tiny = await tinyFolder();
  const out = join(tiny.folder, "run");
  const { code, stderr } = await tabtune([
    ...["fit", "--model", tiny.model, "--data", tiny.data, "--out", out],
    ...["--backend", "wasm", "--steps", "3"],
  ]);
  expect(code, stderr).toBe(0);
});
afterAll(() => rm(tiny.folder, { recursive: true }));

const row = v.object({ row: v.number(), text: v.string(), label: v.string(), similarity: v.number() });
const line = v.object({ text: v.string(), nearest: v.array(row) });

describe("tabtune nearest", () => {
  it("finds a row of the table by its own text first, with its row and label", async () => {
    const [, ...rows] = (await readFile(tiny.data, "utf8")).trimEnd().split(/\r?\n/);
    const [text = "", label] = rows[6]?.split(",") ?? [];
    const options = ["nearest", "--model", join(tiny.folder, "run", "model"), "--data", tiny.data, "--backend", "wasm"];
    const { code, stdout, stderr } = await tabtune([...options, "--count", "3"], `${text}\n`);
    expect(code, stderr).toBe(0);
    const found = v.parse(line, JSON.parse(stdout));
    expect(found.text).toBe(text);
    expect(found.nearest).toHaveLength(3);
    const [first] = found.nearest;
    expect(first).toEqual({ row: rows.findIndex((one) => one.startsWith(text)) + 1, text, label, similarity: 1 });
    const similarities = found.nearest.map(({ similarity }) => similarity);
    expect(similarities).toEqual(similarities.toSorted((a, b) => b - a));
    const one = await tabtune([...options, "--count", "3", "--to", text]);
    expect(JSON.parse(one.stdout)).toEqual(found);
  });

  it("says what a count must be", async () => {
    const { code, stderr } = await tabtune(["nearest", "--model", "x", "--data", "y", "--count", "none"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("--count is “none”.")]);
  });
});
