import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileSource } from "../../src/io/node-file.ts";
import { openSafetensors, readTensor } from "../../src/io/safetensors.ts";
import { tinyTensors } from "../model/tiny-checkpoint.ts";
import { runProgram, type Ended } from "./program.ts";
import { tinyFolder, type TinyFolder } from "./tiny-folder.ts";

const MINUTES = 300_000;
let tiny: TinyFolder;
let out: string;
let fitted: Ended;

const fit = (folder: string, ...settings: string[]) => {
  const { model, data, valid } = tiny;
  const files = ["--model", model, "--data", data, "--valid", valid, "--out", folder, "--adapter"];
  const recipe = settings.flatMap((setting) => ["--set", setting]);
  return runProgram(["tabtune", "fit", ...files, ...recipe, "--backend", "wasm"]);
};

beforeAll(async () => {
  tiny = await tinyFolder();
  out = join(tiny.folder, "out");
  const lora = ["loraRank=4", "loraAlpha=12", 'loraTargets=["query","output"]'];
  fitted = await fit(out, ...lora, "learningRate=5e-3", "epochs=2", "maxLength=64", "evaluationsPerEpoch=0");
}, MINUTES);

afterAll(async () => {
  await rm(tiny.folder, { recursive: true });
});

describe("tabtune fit --adapter", () => {
  it("writes a PEFT folder beside the merged model", async () => {
    expect([fitted.code, fitted.stdout], fitted.stderr).toEqual([0, ""]);
    expect((await readdir(join(out, "adapter"))).sort()).toEqual([
      "README.md",
      "adapter_config.json",
      "adapter_model.safetensors",
      "metrics.jsonl",
      "predictions.csv",
      "recipe.json",
      "tokenizer.json",
      "tokenizer_config.json",
    ]);
    expect(JSON.parse(await readFile(join(out, "adapter/adapter_config.json"), "utf8"))).toMatchObject({
      peft_type: "LORA",
      task_type: "SEQ_CLS",
      base_model_name_or_path: "tiny",
      r: 4,
      lora_alpha: 12,
      lora_dropout: 0,
      target_modules: ["query", "layer.0.output.dense", "layer.1.output.dense"],
      modules_to_save: ["classifier"],
    });
    const card = await readFile(join(out, "adapter/README.md"), "utf8");
    expect(card).toContain("library_name: peft");
    expect(card).toContain("PeftModel.from_pretrained");
  });

  it("saves LoRA's matrices and the classifier, and nothing else", async () => {
    const { tensors } = await openSafetensors(await fileSource(join(out, "adapter/adapter_model.safetensors")));
    const shapes = [...tensors].map(([name, { shape }]) => [name, shape] as const);
    const layers = [0, 1].flatMap((layer) => {
      const prefix = `base_model.model.bert.encoder.layer.${layer}`;
      return [
        [`${prefix}.attention.self.query.lora_A.weight`, [4, 64]],
        [`${prefix}.attention.self.query.lora_B.weight`, [64, 4]],
        [`${prefix}.output.dense.lora_A.weight`, [4, 160]],
        [`${prefix}.output.dense.lora_B.weight`, [64, 4]],
      ] as const;
    });
    const head = [
      ["base_model.model.classifier.weight", [2, 64]],
      ["base_model.model.classifier.bias", [2]],
    ] as const;
    expect(new Map<string, readonly number[]>(shapes)).toEqual(
      new Map<string, readonly number[]>([...layers, ...head]),
    );
  });

  it("merges into the targets alone: every other weight is the checkpoint's, to the bit", async () => {
    const file = await openSafetensors(await fileSource(join(out, "model/model.safetensors")));
    const base = await tinyTensors();
    expect([...file.tensors.keys()].sort()).toEqual([...base.keys()].sort());
    for (const [name, { values }] of base) {
      if (name.startsWith("classifier.")) continue;
      const same = (await readTensor(file, name)).every((value, i) => Object.is(value, values[i]));
      expect(same, name).toBe(!/self\.query\.weight$|layer\.\d\.output\.dense\.weight$/.test(name));
    }
  });

  it(
    "refuses before training where there is no adapter",
    async () => {
      const { code, stderr } = await fit(join(tiny.folder, "none"));
      expect(code).toBe(2);
      expect(stderr).toContain("LoRA rank");
      expect(stderr).not.toContain("steps, ");
    },
    MINUTES,
  );
});
