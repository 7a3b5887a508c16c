import { describe, expect, it } from "vitest";
import { readTensor } from "../../src/gpu/read-back.ts";
import { batchOf } from "../../src/cli/parity/reference-rows.ts";
import { loadParameters } from "../../src/model/checkpoint.ts";
import { languageHeadLayout } from "../../src/model/layout.ts";
import { loadLanguageHead } from "../../src/model/language-head.ts";
import { LanguageModel } from "../../src/model/language-model.ts";
import { readSteps } from "../../src/train/read-steps.ts";
import { plainSettings } from "../../src/train/settings.ts";
import { Trainer } from "../../src/train/trainer.ts";
import { useNodeBackend } from "../node-backend.ts";
import albertRows from "../reference/families/albert/batches.json" with { type: "json" };
import electraRows from "../reference/families/electra/batches.json" with { type: "json" };
import robertaRows from "../reference/families/roberta/batches.json" with { type: "json" };
import reference from "../reference/mlm_families.json" with { type: "json" };
import { plainLoss } from "../train/plain-loss.ts";
import { FamilyFolder } from "./family-folder.ts";

const MASK = 4;
const STEPS = 6;
const rows = { roberta: robertaRows, electra: electraRows, albert: albertRows };

/** Every seventh token of a row is asked for, as in make_mlm_families.py. */
function masked(batch: (typeof robertaRows)[0]) {
  const plain = batchOf(batch);
  const places: number[] = [];
  for (let row = 0; row + 1 < plain.rowStart.length; row++) {
    for (let t = (plain.rowStart[row] ?? 0) + (row % 3); t < (plain.rowStart[row + 1] ?? 0); t += 7) places.push(t);
  }
  const labels = Int32Array.from(places, (place) => plain.ids[place] ?? 0);
  for (const place of places) plain.ids[place] = MASK;
  return { ...plain, labels, places: Int32Array.from(places) };
}

/** The reference's head by its formula, and the checkpoint's own tensors. */
async function languageModelOf(folder: FamilyFolder): Promise<LanguageModel> {
  const { config } = folder;
  const own = await folder.tensors();
  const head = new Map(
    languageHeadLayout(config).map(({ name, partShape: shape }) => {
      const length = shape.reduce((a, b) => a * b, 1);
      const shift = name.toLowerCase().endsWith("norm.weight") ? 1 : 0;
      return [
        name,
        { shape, values: Float32Array.from({ length }, (_, i) => shift + 0.2 * Math.sin(0.7 * i + length)) },
      ];
    }),
  );
  const tensors = new Map(
    [...own, ...head].map(([name, { shape, values }]) => [name, { shape, values, dtype: "F32" }]),
  );
  const read = (name: string) => Promise.resolve(tensors.get(name)?.values.slice() ?? new Float32Array(0));
  const { parameters } = await loadParameters(config, { tensors, read }, { classes: 2, classifierRows: null, seed: 0 });
  const encoder = parameters.filter(({ ofHead }) => !ofHead);
  return new LanguageModel(config, encoder, await loadLanguageHead(config, { tensors, read }, 0));
}

describe("continued pretraining of a family", () => {
  it.each(["roberta", "electra", "albert"] as const)("has PyTorch's losses and weights: %s", async (name) => {
    await useNodeBackend("wasm");
    const folder = await FamilyFolder.of(name);
    const model = await languageModelOf(folder);
    const loss = plainLoss(folder.config.vocabularySize);
    const trainer = new Trainer(model, loss, plainSettings(1e-3), { tokens: 512, rows: 8, places: 80 });
    const losses: number[] = [];
    for (const batch of rows[name].slice(0, STEPS)) {
      losses.push(...(await readSteps([trainer.step([masked(batch)])])).map((step) => step.loss));
    }
    const { losses: expected, weights } = reference[name];
    losses.forEach((value, step) =>
      expect(Math.abs(value - (expected[step] ?? NaN)), `step ${step}`).toBeLessThan(1e-4),
    );
    const sums: Record<string, number[]> = weights;
    for (const { parts, value } of model.parameters) {
      const values = await readTensor(value);
      const size = values.length / parts.length;
      parts.forEach((part, i) => {
        const [sum, squares] = sums[part] ?? [];
        if (sum === undefined || squares === undefined) {
          expect(part).toMatch(/key\.bias$/);
          return;
        }
        const own = values.subarray(i * size, (i + 1) * size);
        expect(Math.abs(own.reduce((a, b) => a + b, 0) - sum), `sum of ${part}`).toBeLessThan(2e-3);
        expect(own.reduce((a, b) => a + b * b, 0) / squares, `squares of ${part}`).toBeCloseTo(1, 4);
      });
    }
    trainer.dispose();
  });
});
