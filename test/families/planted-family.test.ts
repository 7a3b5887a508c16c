import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useNodeBackend } from "../node-backend.ts";
import type * as PlantedRun from "./planted-run.ts";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const copied = [
  "src",
  "public/starter",
  "test/families",
  "test/io",
  "test/model",
  "test/tokenize",
  "test/train",
  "test/reference/tiny",
  "test/reference/families/planted",
];
const family = "src/families/parsnip/parsnip.ts";
const registry = "src/families/registry.ts";
let copy = "";
let planted: typeof PlantedRun;

/** The files below some folders, as paths from `base`. */
const filesBelow = (base: string) =>
  copied.flatMap((folder) =>
    readdirSync(join(base, folder), { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile())
      .map((file) => join(file.parentPath, file.name).slice(base.length + 1)),
  );

beforeAll(async () => {
  copy = mkdtempSync(join(tmpdir(), "tabtune-family-"));
  for (const path of copied) cpSync(join(root, path), join(copy, path), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  mkdirSync(join(copy, dirname(family)));
  const own = readFileSync(join(root, "test/families/parsnip/parsnip.ts"), "utf8");
  writeFileSync(
    join(copy, family),
    own.replaceAll("../../../src/families/", "../").replaceAll("../../../src/", "../../"),
  );
  const list = readFileSync(join(copy, registry), "utf8");
  writeFileSync(
    join(copy, registry),
    `import { parsnip } from "./parsnip/parsnip.ts";\n${list.replace(/(const families: .*= \[[^\]]*?),?\s*\]/, "$1, parsnip]")}`,
  );
  planted = (await import(/* @vite-ignore */ join(copy, "test/families/planted-run.ts"))) as typeof PlantedRun;
  await useNodeBackend("wasm");
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

const headAndNorm = (name: string) => !/^parsnip\.(input|blocks)\./.test(name);

describe("a planted family", () => {
  it("is its folder and its place in the registry", () => {
    const files = filesBelow(copy);
    expect(files.length).toBeGreaterThan(500);
    const touched = files.filter((path) => {
      const before = join(root, path);
      return !existsSync(before) || !readFileSync(before).equals(readFileSync(join(copy, path)));
    });
    const tests = ["test/families/planted-family.test.ts", "test/reference/families/planted/"];
    console.log(
      `A family touches ${touched.length} files of src: ${touched.join(", ")}; and its tests: ${tests.join(", ")}`,
    );
    expect(touched.sort()).toEqual([family, registry]);
    expect(planted.familyLabels).toMatch(/^BERT, DistilBERT, .* or Parsnip$/);
  });

  it.each(["cpu", "wasm"] as const)("has PyTorch's numbers on %s, over ten steps of each training", async (backend) => {
    await useNodeBackend(backend);
    const worst = await planted.parity();
    expect(worst.rules).toEqual([]);
    expect(Object.keys(worst.losses)).toEqual([
      "plain",
      "frozen",
      "layer_decay",
      "smoothing_and_weights",
      "accumulate",
    ]);
    for (const [kind, most] of Object.entries(planted.TOLERANCE) as [keyof typeof PlantedRun.TOLERANCE, number][]) {
      const found = worst[kind];
      const values = typeof found === "number" ? [found] : Object.values(found);
      for (const value of values) expect(value, kind).toBeLessThan(most);
    }
  });

  it("exports a folder under its own names, which predicts the same when it is opened", async () => {
    const { events, logits, entries, folder } = await planted.fitted({ epochs: 4, learningRate: 3e-3 });
    const stored = await planted.storedTensors();
    expect(new Map(entries.map(({ name, shape }) => [name, shape]))).toEqual(
      new Map([...stored].map(([name, { shape }]) => [name, shape])),
    );
    const losses = events.flatMap((event) => (event.type === "step" ? [event.loss] : []));
    expect(losses.at(-1)).toBeLessThan(0.8 * (losses[0] ?? NaN));
    const again = await planted.reopened(folder);
    expect(again.summary).toMatchObject({ family: "parsnip", labelNames: ["LABEL_0", "LABEL_1", "LABEL_2"] });
    expect(again.config).toMatchObject({ model_type: "parsnip", width: 32, inner_width: 72 });
    expect(again.logits).toHaveLength(logits.length);
    again.logits.forEach((value, i) => expect(value).toBeCloseTo(logits[i] ?? NaN, 5));
  });

  it("trains by LoRA with the whole head beside it", async () => {
    const lora = { loraRank: 2, loraAlpha: 4, loraTargets: ["query", "intermediate", "output"] as const };
    const { events, adapter, entries } = await planted.fitted(
      { ...lora, loraTargets: [...lora.loraTargets] },
      "adapter",
    );
    const thin = 3 * 2 * (32 + 32 + (32 + 72) + (72 + 32));
    expect(events[0]).toMatchObject({ trainableParameters: thin + 32 * 32 + 32 + 3 * 32 + 3 });
    expect(adapter).toMatchObject({ targetModules: ["to_q", "widen", "narrow"], wholeModules: ["sorter"] });
    const names = entries.map(({ name }) => name.replace("base_model.model.", ""));
    expect(names.filter((name) => name.includes(".blocks.1."))).toEqual([
      "parsnip.blocks.1.attention.to_q.lora_A.weight",
      "parsnip.blocks.1.attention.to_q.lora_B.weight",
      "parsnip.blocks.1.widen.lora_A.weight",
      "parsnip.blocks.1.widen.lora_B.weight",
      "parsnip.blocks.1.narrow.lora_A.weight",
      "parsnip.blocks.1.narrow.lora_B.weight",
    ]);
    expect(names.filter(headAndNorm).sort()).toEqual([
      "sorter.mix.bias",
      "sorter.mix.weight",
      "sorter.scores.bias",
      "sorter.scores.weight",
    ]);
  });

  it.each([
    ["the prefixes of all layers freeze the final norm too", ["embeddings.", "encoder."], true, []],
    ["so do those that the page writes", ["embeddings.", ...[0, 1, 2].map((i) => `encoder.layer.${i}.`)], true, []],
    [
      "its own names leave it free",
      ["input.", "blocks."],
      false,
      ["parsnip.last_norm.bias", "parsnip.last_norm.weight"],
    ],
  ])("freezes: %s", async (_, frozen, runsOnce, norm) => {
    const { events, folder } = await planted.fitted({ frozen });
    expect(events.some(({ type }) => type === "features")).toBe(runsOnce);
    const moved = await planted.movedTensors(folder);
    expect(moved.filter((name) => !name.startsWith("sorter."))).toEqual(norm);
    expect(moved.filter((name) => name.startsWith("sorter."))).toHaveLength(4);
  });

  it("pretrains, unfreezes by level and pools by the mean", async () => {
    const { events } = await planted.fitted({ pretrainEpochs: 1, gradualUnfreezing: true, pooling: "mean", epochs: 2 });
    const losses = events.flatMap((event) => ("loss" in event && typeof event.loss === "number" ? [event.loss] : []));
    expect(events.some(({ type }) => type === "pretrainStep")).toBe(true);
    expect(losses.length).toBeGreaterThan(6);
    expect(losses.every(Number.isFinite)).toBe(true);
  });
});
