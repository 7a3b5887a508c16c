import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { readTensor } from "../../../src/gpu/read-back.ts";
import { readConfig } from "../../../src/families/registry.ts";
import { fileSource } from "../../../src/io/node-file.ts";
import { openSafetensors, readTensor as readStored } from "../../../src/io/safetensors.ts";
import { loadParameters } from "../../../src/model/checkpoint.ts";
import { Classifier } from "../../../src/model/classifier.ts";
import { TokenVectors } from "../../../src/run/explain/token-vectors.ts";
import { explainText } from "../../../src/run/explain/explain.ts";
import { defaultTrainedTask } from "../../../src/tasks/trained-tasks.ts";
import { randomConfig, otherFamilies, randomClassifier, setRandomly } from "../../model/random-model.ts";
import { useNodeBackend } from "../../node-backend.ts";
import reference from "../../reference/attributions.json" with { type: "json" };
import { explainedIds } from "./explained-ids.ts";

const labelNames = ["a", "b", "c"];

async function checkpoint(name: string): Promise<Classifier> {
  const folder = new URL(`../../reference/${name === "tiny" ? "" : "families/"}${name}/checkpoint/`, import.meta.url);
  const config = readConfig(JSON.parse(readFileSync(new URL("config.json", folder), "utf8")));
  const file = await openSafetensors(await fileSource(new URL("model.safetensors", folder).pathname));
  const source = { tensors: file.tensors, read: (tensor: string) => readStored(file, tensor) };
  const { parameters } = await loadParameters(config, source, { classes: 3, classifierRows: [0, 1, 2], seed: 0 });
  return new Classifier(config, parameters, config.pooling);
}

beforeAll(async () => {
  await useNodeBackend("wasm");
});

describe("contributions of tokens", () => {
  it.each(Object.keys(reference) as (keyof typeof reference)[])("are those of PyTorch's autograd: %s", async (name) => {
    const { ids, types, special, padding, output, logit, baseline, gradient_input, integrated } = reference[name];
    const model = await checkpoint(name);
    const asked = explainedIds(ids, { types, padding, special });
    const explained = (method: "gradient-input" | "integrated-gradients") =>
      explainText(model, defaultTrainedTask, asked, labelNames, { method, label: labelNames[output] });
    const inner = (values: readonly number[]) => values.filter((_, token) => !special[token]);
    // DeBERTa norms word vectors alone, so that their lengths change nothing: the products are then 0 but for rounding.
    const gradients = await explained("gradient-input");
    expect(gradients.output).toBeCloseTo(logit, 4);
    expect(gradients.baseline).toBeCloseTo(baseline, 4);
    expectNear(
      gradients.tokens.map(({ score }) => score),
      inner(gradient_input),
      1e-3,
    );
    const path = await explained("integrated-gradients");
    expect(path.isComplete).toBe(true);
    expect(Math.abs(path.sum - (logit - baseline))).toBeLessThanOrEqual(0.01 * Math.abs(logit - baseline) + 1e-5);
    expectNear(
      path.tokens.map(({ score }) => score),
      inner(integrated),
      0.02,
    );
    model.dispose();
  });
});

describe("integrated gradients of models that were never trained", () => {
  it.each([
    ["bert", {}],
    ["roberta", { model_type: "roberta", pad_token_id: 1, vocab_size: 997 }],
    ...Object.entries(otherFamilies),
  ])("add up to the difference of the logits: %s", async (_, family) => {
    const model = await randomClassifier(randomConfig({ ...family }));
    for (const seed of [1, 2]) {
      const ids = [2, ...Array.from({ length: 9 }, (_, i) => 5 + ((seed * 131 + i * 61) % 900)), 3];
      const asked = explainedIds(ids, { padding: 0, special: ids.map((id) => (id < 4 ? 1 : 0)) });
      const found = await explainText(model, defaultTrainedTask, asked, labelNames, { method: "integrated-gradients" });
      expect(found.isComplete).toBe(true);
      const sum = found.tokens.reduce((total, { score }) => total + score, 0);
      expect(sum).toBeCloseTo(found.sum, 6);
      expect(Math.abs(sum - found.difference)).toBeLessThanOrEqual(0.01 * Math.abs(found.difference) + 1e-6);
    }
    model.dispose();
  });
});

describe("what is explained where no label is named", () => {
  it("is what thresholds decide, else the largest output", async () => {
    const model = await randomClassifier(randomConfig({}));
    const asked = explainedIds([2, 5, 66, 127, 3], { padding: 0, special: [1, 0, 0, 0, 1] });
    const options = { method: "gradient-input" } as const;
    const largest = await explainText(model, defaultTrainedTask, asked, labelNames, options);
    for (const name of labelNames) {
      const byThreshold = defaultTrainedTask.decision?.at(labelNames.map((one) => (one === name ? 1e-6 : null)));
      const found = byThreshold && (await explainText(model, byThreshold, asked, labelNames, options));
      expect(found?.label).toBe(name);
    }
    const outputs = await Promise.all(
      labelNames.map(
        async (label) =>
          (await explainText(model, defaultTrainedTask, asked, labelNames, { ...options, label })).output,
      ),
    );
    expect(largest.output).toBe(Math.max(...outputs));
    model.dispose();
  });
});

describe("the gradient by word vectors", () => {
  it("is that of differences, with LoRA's matrices and where words repeat", async () => {
    const lowRank = { rank: 2, alpha: 4, targets: ["query", "value"], seed: 5 } as const;
    const model = await randomClassifier(
      randomConfig({ hidden_size: 8, intermediate_size: 12, num_hidden_layers: 2 }),
      {
        lowRank,
      },
    );
    setRandomly(model.parameters.filter(({ role }) => role.includes(".lora.")));
    const vectors = new TokenVectors(model, { tokens: 64, rows: 4 });
    const ids = Int32Array.of(2, 7, 7, 9, 3, 2, 7, 3);
    const batch = {
      ids,
      types: new Int32Array(8),
      positions: Int32Array.of(0, 1, 2, 3, 4, 0, 1, 2),
      rowStart: Int32Array.of(0, 5, 8),
    };
    const values = await vectors.vectorsOf(ids);
    const { outputs, gradients } = await vectors.gradients(batch, values, 1);
    expect(outputs).toHaveLength(6);
    expect(gradients).toHaveLength(values.length);
    expect([...(await vectors.outputs(batch, values))]).toEqual([...outputs]);
    const table = await readTensor(model.wordTable.value);
    expect([...values.subarray(8, 16)]).toEqual([...table.subarray(56, 64)]);
    for (const place of [3, 8, 17, 30, 41, 55]) {
      const at = async (step: number) => {
        const moved = values.slice();
        moved[place] = (moved[place] ?? 0) + step;
        const found = await vectors.outputs(batch, moved);
        return (found[1] ?? NaN) + (found[4] ?? NaN);
      };
      const slope = ((await at(0.01)) - (await at(-0.01))) / 0.02;
      expect(gradients[place]).toBeCloseTo(slope, 2);
    }
    vectors.dispose();
    model.dispose();
  });
});

function expectNear(found: readonly number[], expected: readonly number[], share: number): void {
  expect(found).toHaveLength(expected.length);
  const largest = Math.max(...expected.map(Math.abs));
  for (const [i, value] of expected.entries()) {
    expect(Math.abs((found[i] ?? NaN) - value), `token ${i}`).toBeLessThanOrEqual(share * largest + 1e-6);
  }
}
