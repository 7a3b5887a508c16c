import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as v from "valibot";
import { runProgram } from "./program.ts";
import { tinyFolder, type TinyFolder } from "./tiny-folder.ts";

let tiny: TinyFolder;
let model: string;
const tabtune = (...options: string[]) => runProgram(["tabtune", ...options]);
const place = (name: string) => join(tiny.folder, name);

beforeAll(async () => {
  tiny = await tinyFolder();
  const out = place("out");
  // So short that most words are cut off: whoever scores whole texts scores others.
  const sets = ["learningRate=2e-3", "epochs=3", "batchSize=8", "maxLength=5", "pooling=mean", "evaluationsPerEpoch=1"];
  const settings = sets.flatMap((setting) => ["--set", setting]);
  const files = ["--model", tiny.model, "--data", tiny.data, "--valid", tiny.valid, "--out", out];
  const { code, stderr } = await tabtune("fit", ...files, ...settings, "--backend", "wasm");
  expect(code, stderr).toBe(0);
  model = join(out, "model");
});

afterAll(async () => {
  await rm(tiny.folder, { recursive: true });
});

const lines = (text: string) => text.trimEnd().split(/\r?\n/);
const row = v.object({
  line: v.number(),
  text: v.string(),
  label: v.nullable(v.string()),
  confidence: v.nullable(v.number()),
});

describe("tabtune evaluate", () => {
  it("gives on the run's validation file its own score, with its max length and pooling", async () => {
    const { code, stdout } = await tabtune("evaluate", "--model", model, "--data", tiny.valid, "--backend", "wasm");
    expect(code).toBe(0);
    const report = v.object({ accuracy: v.number(), logLoss: v.number() });
    const own = v.parse(report, JSON.parse(await readFile(place("out/report.json"), "utf8")));
    const again = v.parse(report, JSON.parse(stdout));
    expect(again.accuracy).toBe(own.accuracy);
    expect(Math.abs(again.logLoss - own.logLoss)).toBeLessThan(1e-5);
  });
});

describe("tabtune predict --data", () => {
  it("predicts every row into a CSV file, with the file's lines and a probability per class", async () => {
    const [data, out] = [place("rows.csv"), place("predicted.csv")];
    const text = 'id,comment\n1,the film is wonderful\n2,"the soup\nis awful"\n3,\n4,=her book was a joy\n';
    await writeFile(data, text);
    const options = ["--model", model, "--data", data, "--out", out, "--text", "comment", "--backend", "wasm"];
    const { code, stdout, stderr } = await tabtune("predict", ...options);
    expect([code, stdout], stderr).toEqual([0, ""]);
    expect(stderr).toMatch(/4 of 4 rows/);
    const written = await readFile(out, "utf8");
    const [header, ...rows] = written.trimEnd().split("\r\n");
    expect(header).toBe("line,text,predicted,confidence,probability_bad,probability_good");
    expect(rows.map((one) => one.split(",")[0])).toEqual(["2", "3", "5", "6"]);
    expect(rows[2]).toBe("5,,,,,");
    expect(rows[3]).toContain(",=her book was a joy,");
    expect(rows[0]).toMatch(/^2,the film is wonderful,(good|bad),0[.]\d+,0[.]\d+,0[.]\d+$/);
    await tabtune("predict", ...options, "--neutralize");
    expect(await readFile(out, "utf8")).toContain(",'=her book was a joy,");
    expect((await readdir(tiny.folder)).filter((name) => name.includes("unfinished"))).toEqual([]);
  });

  it("gives the same as line by line, as JSON lines by the file's name", async () => {
    const [data, out] = [place("texts.tsv"), place("predicted.jsonl")];
    const texts = ["the film is wonderful and more words that are cut", "this phone is broken"];
    await writeFile(data, ["n\tmessage", ...texts.map((text, i) => `${i}\t${text}`)].join("\n"));
    const table = ["--data", data, "--text", "column 2", "--delimiter", "tab", "--header", "yes", "--out", out];
    expect((await tabtune("predict", "--model", model, ...table, "--backend", "wasm")).code).toBe(0);
    const rows = lines(await readFile(out, "utf8")).map((line) => v.parse(row, JSON.parse(line)));
    expect(rows.map(({ line, text }) => [line, text])).toEqual([
      [2, texts[0]],
      [3, texts[1]],
    ]);
    const piped = await runProgram(["tabtune", "predict", "--model", model, "--backend", "wasm"], texts.join("\n"));
    const labels = lines(piped.stdout).map((line) => v.parse(v.object({ label: v.string() }), JSON.parse(line)).label);
    expect(rows.map(({ label }) => label)).toEqual(labels);
  });

  it("refuses in words what cannot be read or written", async () => {
    const cases: [string[], RegExp][] = [
      [["--data", place("nothing.csv")], /nothing[.]csv/],
      [["--data", tiny.folder], /could not be read|cannot be read/],
      [["--data", tiny.data, "--text", "texts"], /no column “texts”/],
      [["--data", tiny.data, "--out", tiny.folder], /it is a folder, not a file/],
      [["--data", tiny.data, "--out", tiny.data], /it is the file of --data/],
      [["--data", tiny.data, "--out", join(tiny.data, "below")], /a part of its path is a file/],
      [["--out", place("out.csv")], /--data/],
    ];
    for (const [options, words] of cases) {
      const { code, stderr, stdout } = await tabtune("predict", "--model", model, ...options, "--backend", "wasm");
      expect(stderr, options.join(" ")).toMatch(words);
      expect(stderr).not.toMatch(/\n {4}at /);
      expect([code, stdout]).toEqual([2, ""]);
    }
  });

  it("says in a sentence that nobody reads its output any more", async () => {
    const text = Array.from({ length: 3000 }, () => "the film is wonderful").join("\n");
    await writeFile(place("many.csv"), `text\n${text}\n`);
    const { spawnSync } = await import("node:child_process");
    const command = `node scripts/program.mjs tabtune predict --model "${model}" --data "${place("many.csv")}" --backend wasm | head -1`;
    const { stdout, stderr } = spawnSync("sh", ["-c", command], { encoding: "utf8" });
    expect(lines(stdout)).toHaveLength(1);
    expect(stderr).toContain("the program that reads it has ended");
    expect(stderr).not.toMatch(/\n {4}at /);
  });
});
