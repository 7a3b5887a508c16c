import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openModelFolder } from "../../src/cli/model-folder.ts";
import { createTokenizer } from "../../src/tokenize/tokenizer.ts";
import { runProgram } from "./program.ts";

const MINUTES = 300_000;
const brought = fileURLToPath(new URL("../cases/brought/", import.meta.url));
const model = (name: string, below = "model") => join(brought, name, below);
const predict = (folder: string, input = "the soup was dull\nher book is the best\n") =>
  runProgram(["tabtune", "predict", "--model", folder, "--backend", "cpu"], input);

let out: string;
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), "tabtune-brought-"));
});
afterAll(() => rm(out, { recursive: true }));

/** One epoch on the rows that came with the case. */
const fit = (name: string, folder = model(name)) => {
  const files = ["--model", folder, "--data", join(brought, name, "data.csv"), "--out", join(out, name)];
  const small = ["epochs=1", "maxLength=16"].flatMap((setting) => ["--set", setting]);
  return runProgram(["tabtune", "fit", ...files, ...small, "--steps", "2", "--backend", "cpu"]);
};

interface Answer {
  label?: unknown;
  labels?: unknown;
  scores: Record<string, number>;
}
const answers = (stdout: string) =>
  stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Answer);

describe("the checkpoints of test/cases/brought come out as their RIGHT.txt says", () => {
  it("ckpt-hf-cache-symlinks: the snapshot of a cache trains", { timeout: MINUTES }, async () => {
    const name = "ckpt-hf-cache-symlinks";
    const { code, stderr } = await fit(name, model(name, "model/snapshots/abc123"));
    expect([code, stderr]).toEqual([0, expect.stringContaining("2 steps")]);
  });

  it("ckpt-prefix-module: the wrapper's prefix is taken off and named", { timeout: MINUTES }, async () => {
    const { code, stderr } = await fit("ckpt-prefix-module");
    expect(stderr).toContain("“module.”");
    expect(code).toBe(0);
  });

  it("ckpt-lfs-pointer: the pointer is called so, with what to do", { timeout: MINUTES }, async () => {
    const { code, stderr } = await predict(model("ckpt-lfs-pointer"));
    expect(code).toBe(2);
    expect(stderr).toContain("model.safetensors is a Git LFS pointer");
    expect(stderr).toContain("git lfs pull");
  });

  it("ckpt-multi-label: a sigmoid for each label", { timeout: MINUTES }, async () => {
    const { code, stdout } = await predict(model("ckpt-multi-label"));
    expect(code).toBe(0);
    for (const { labels, scores } of answers(stdout)) {
      expect(Object.keys(scores)).toEqual(["toxic", "insult", "threat"]);
      expect(labels).toEqual(Object.keys(scores).filter((name) => (scores[name] ?? 0) >= 0.5));
    }
    // Probabilities by themselves: no softmax gives this sum but by chance.
    const sums = answers(stdout).map(({ scores }) => Object.values(scores).reduce((a, b) => a + b, 0));
    expect(Math.max(...sums.map((sum) => Math.abs(sum - 1)))).toBeGreaterThan(0.01);
  });

  it("ckpt-token-classifier: predict finds entities, fit uses the encoder", { timeout: MINUTES }, async () => {
    const { code, stdout } = await predict(model("ckpt-token-classifier"));
    expect(code).toBe(0);
    const lines = stdout.trim().split("\n");
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      const { entities } = JSON.parse(line) as { entities: { label: string; start: number; end: number }[] };
      expect(entities.length).toBeGreaterThan(0);
      for (const { label, start, end } of entities) {
        expect(label).toBe("PER");
        expect(end).toBeGreaterThan(start);
      }
    }
    const fitted = await fit("ckpt-token-classifier");
    expect(fitted.code).toBe(0);
    expect(fitted.stderr).toContain("on anything else with a new one");
    expect(fitted.stderr).toContain("no pooler");
  });

  it("ckpt-two-labels-no-id2label: LABEL_0 and LABEL_1", { timeout: MINUTES }, async () => {
    const { code, stdout } = await predict(model("ckpt-two-labels-no-id2label"));
    expect(code).toBe(0);
    for (const { scores } of answers(stdout)) expect(Object.keys(scores)).toEqual(["LABEL_0", "LABEL_1"]);
  });

  it("ckpt-vocab-only-cased-remedy: the tokenizer is built from vocab.txt and keeps the case", async () => {
    const { summary, tokenizer } = await openModelFolder(model("ckpt-vocab-only-cased-remedy"));
    expect(summary.notes.join(" ")).toContain("made from vocab.txt. Its tokens have capitals, so texts keep theirs.");
    expect(summary.lowercase).toBe(false);
    const built = createTokenizer(tokenizer);
    const vocabulary = (await readFile(model("ckpt-vocab-only-cased-remedy", "model/vocab.txt"), "utf8")).split("\n");
    const capital = vocabulary.findIndex((token) => /^[A-Z][a-z]*$/.test(token));
    expect(built.encode(vocabulary[capital] ?? "", null, 8).ids.slice(1, -1)).toEqual([capital]);
  });

  it("ckpt-do-lower-case-ignored: tokenizer_config.json decides, and it is said", { timeout: MINUTES }, async () => {
    const { code, stderr } = await fit("ckpt-do-lower-case-ignored");
    expect(code).toBe(0);
    expect(stderr).toContain("differ in do_lower_case");
    const { summary, tokenizer } = await openModelFolder(model("ckpt-do-lower-case-ignored"));
    expect(summary.lowercase).toBe(false);
    const { ids } = createTokenizer(tokenizer).encode("the The", null, 8);
    // The vocabulary has no capitals.
    expect(ids.slice(1, -1)).toEqual([35, 1]);
  });
});
