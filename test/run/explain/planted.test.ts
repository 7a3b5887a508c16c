import { beforeAll, describe, expect, it } from "vitest";
import { prepareData } from "../../../src/data/dataset.ts";
import { createRandom } from "../../../src/data/random.ts";
import type { LabelledRows } from "../../../src/data/rows.ts";
import type { TextLimit } from "../../../src/data/text-limit.ts";
import { openTable } from "../../../src/data/table.ts";
import { labelled } from "../../../src/data/windows.ts";
import { attributionMethods, bySize, type Attribution } from "../../../src/insight/attribution.ts";
import type { Recipe } from "../../../src/recipe/recipe.ts";
import type { ExplainOptions } from "../../../src/run/explain/explain.ts";
import { openModel, type OpenedModel } from "../../../src/run/open-model.ts";
import { Run } from "../../../src/run/run.ts";
import { limitOf } from "../../../src/tasks/task.ts";
import { readerOf } from "../../../src/tasks/targets.ts";
import { trainedTaskNamed } from "../../../src/tasks/trained-tasks.ts";
import { encodeRows } from "../../../src/tokenize/encode-rows.ts";
import { createTokenizer } from "../../../src/tokenize/tokenizer.ts";
import { RunControl } from "../../../src/train/control.ts";
import { textSource } from "../../io/model-folder.ts";
import { checkpointFiles, tinyTensors } from "../../model/tiny-checkpoint.ts";
import { useNodeBackend } from "../../node-backend.ts";
import { smallTokenizer } from "../../tokenize/starter-tokenizer.ts";
import { tinyRecipe } from "../../train/tiny-run.ts";

let opened: OpenedModel;

beforeAll(async () => {
  await useNodeBackend("wasm");
  const { tokenizerJson } = smallTokenizer(Array.from({ length: 990 }, (_, i) => `w${i}`));
  opened = await openModel(await checkpointFiles(await tinyTensors(), { tokenizer: tokenizerJson }));
});

/** Six words of sixty, in half of the rows one of them replaced by the word w900: rows are of one length. */
function plantedRows(count: number): { words: string[]; has: boolean }[] {
  const random = createRandom(11);
  return Array.from({ length: count }, () => {
    const words = Array.from({ length: 6 }, () => `w${Math.floor(60 * random())}`);
    const has = random() < 0.5;
    if (has) words[Math.floor(6 * random())] = "w900";
    return { words, has };
  });
}

type Choice = Parameters<typeof prepareData>[1];

/** Trains on a table, and explains texts with the last weights. */
async function fitted(name: string, lines: string[], choice: Choice, changes: Partial<Recipe> = {}) {
  const recipe: Recipe = { ...tinyRecipe, batchSize: 8, epochs: 4, learningRate: 2e-3, baseline: false, ...changes };
  const tokenizer = createTokenizer(opened.tokenizer);
  const table = await openTable(textSource(name, [...lines, ""].join("\n")));
  const data = prepareData(table, choice, { readerOf, share: 0.25, seed: 1, validationTable: null });
  const { task, labelNames } = data.summary;
  const trained = trainedTaskNamed(task);
  const encoded = (part: LabelledRows) =>
    labelled(encodeRows(part.texts, part.pairs, limitOf(trained, recipe), tokenizer), part);
  const [train, validation] = [encoded(data.train), encoded(data.validation)];
  const run = await Run.load({ task: trained, opened, recipe, labelNames, train, validation }, new RunControl());
  for await (const event of run.events()) if (event.type === "end") expect(event.reason).toBe("finished");
  const explain = (texts: [string] | [string, string], options: ExplainOptions, limit: Partial<TextLimit> = {}) => {
    const asked = { ...limitOf(trained, recipe), ...limit, spans: true as const };
    const rows = encodeRows([texts[0]], texts[1] === undefined ? null : [texts[1]], asked, tokenizer);
    return run.explain({ texts, rows, tokenizer: opened.tokenizer }, "last", options);
  };
  return { run, explain };
}

/** The words by the size of their contributions. */
function ranked({ words }: Attribution, texts: readonly string[]): string[] {
  return bySize(words).map(({ of, start, end }) => (texts[of] ?? "").slice(start, end));
}

function expectComplete({ method, isComplete, sum, difference, tokens }: Attribution): void {
  if (method !== "integrated-gradients") return;
  expect(isComplete).toBe(true);
  expect(Math.abs(sum - difference)).toBeLessThanOrEqual(0.01 * Math.abs(difference) + 1e-5);
  expect(tokens.reduce((total, { score }) => total + score, 0)).toBeCloseTo(sum, 5);
}

describe("a word planted as the only signal comes first", () => {
  const tasks = {
    "one label": { header: "text,label", cell: (has: boolean) => (has ? "yes" : "no"), label: "yes" },
    "several labels": {
      header: "text,yes,other",
      cell: (has: boolean, i: number) => `${Number(has)},${i % 2}`,
      label: "yes",
    },
    "a number": {
      header: "text,score",
      cell: (has: boolean, i: number) => (has ? 900 + i / 7 : 100 + i / 9).toFixed(3),
    },
  };
  it.each(Object.keys(tasks) as (keyof typeof tasks)[])("in a run on %s", async (name) => {
    const { header, cell, ...labelled } = tasks[name];
    const label = "label" in labelled ? labelled.label : undefined;
    const lines = [header, ...plantedRows(400).map(({ words, has }, i) => `${words.join(" ")},${cell(has, i)}`)];
    const choice = { text: 0, pair: null, label: 1, ...(name === "several labels" && { moreLabels: [2] }) };
    const { run, explain } = await fitted("rows.csv", lines, choice);
    for (const method of attributionMethods) {
      let first = 0;
      for (const text of ["w3 w9 w900 w44 w1 w20", "w900 w12 w31 w4 w5 w6", "w17 w2 w58 w40 w30 w900"]) {
        const found = await explain([text], { method, label });
        expectComplete(found);
        if (ranked(found, [text])[0] === "w900") first++;
      }
      // The gradient at the text itself is small where a logit has saturated.
      if (method !== "gradient-input") expect(first, method).toBe(3);
    }
    run.dispose();
  });

  it("in the second text of a pair", async () => {
    const lines = plantedRows(160).map(({ words, has }) => `w5 w6 w7,${words.join(" ")},${has ? "yes" : "no"}`);
    const { run, explain } = await fitted("rows.csv", ["a,b,label", ...lines], { text: 0, pair: 1, label: 2 });
    const texts: [string, string] = ["w5 w6 w7", "w10 w900 w3 w11 w12 w13"];
    for (const method of ["integrated-gradients", "leave-one-out"] as const) {
      const found = await explain(texts, { method });
      expectComplete(found);
      expect(found.label).toBe("yes");
      expect(ranked(found, texts)[0]).toBe("w900");
      expect(bySize(found.words)[0]?.of).toBe(1);
    }
    await expect(explain(texts, { method: "gradient-input", label: "maybe" })).rejects.toThrow("maybe");
    run.dispose();
  });

  it("in the tag of the word after it", async () => {
    const random = createRandom(4);
    const sentence = () =>
      Array.from({ length: 5 }, () => {
        const name = `w${Math.floor(30 * random())}`;
        return random() < 0.4 ? `w900 O\n${name} B-PER` : `${name} O`;
      }).join("\n");
    const lines = Array.from({ length: 120 }, sentence).join("\n\n");
    const { run, explain } = await fitted("names.conll", [lines], { text: 0, pair: null, label: 1 }, { epochs: 8 });
    const text = "w2 w3 w900 w4 w5";
    for (const method of ["integrated-gradients", "leave-one-out"] as const) {
      const found = await explain([text], { method });
      expectComplete(found);
      expect(found.label).toBe("B-PER");
      expect(text.slice(found.at?.start, found.at?.end)).toBe("w4");
      expect(ranked(found, [text]).slice(0, 2)).toContain("w900");
    }
    const outside = await explain([text], { method: "integrated-gradients", at: 3 });
    expect(outside).toMatchObject({ label: "O", at: { start: 3, end: 5 } });
    await expect(explain([text], { method: "integrated-gradients", at: 99 })).rejects.toThrow("99");
    run.dispose();
  });

  it("in a text that is read in windows", async () => {
    const lines = plantedRows(400).map(({ words, has }) => `${words.join(" ")},${has ? "yes" : "no"}`);
    const choice = { text: 0, pair: null, label: 1 };
    const { run, explain } = await fitted("rows.csv", ["text,label", ...lines], choice);
    const text = Array.from({ length: 30 }, (_, i) => (i === 17 ? "w900" : `w${i}`)).join(" ");
    for (const method of ["integrated-gradients", "leave-one-out"] as const) {
      const limit = { maxLength: 12, longTexts: "windows", windowOverlap: 3 } as const;
      const found = await explain([text], { method, label: "yes" }, limit);
      expectComplete(found);
      expect(ranked(found, [text])[0]).toBe("w900");
      expect(found.words).toHaveLength(30);
    }
    run.dispose();
  });
});
