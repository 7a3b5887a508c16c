import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { bytesSource, readAll, type ByteSource } from "../../src/io/byte-source.ts";
import { loadClassifier, openModel } from "../../src/run/open-model.ts";
import { checkMaxLength } from "../../src/run/score.ts";
import { useNodeBackend } from "../node-backend.ts";
import { textSource } from "../io/model-folder.ts";
import { thrownBy } from "../io/thrown-by.ts";
import { checkpointFiles, renamed, tinyConfig, tinyTensors, tinyTokenizer, type Tensors } from "./tiny-checkpoint.ts";

let tensors: Tensors;

beforeAll(async () => {
  await useNodeBackend("cpu");
  tensors = await tinyTensors();
});

const without = (files: ByteSource[], name: string) => files.filter((file) => file.name !== name);

/** Changes some values of one tensor. */
function changed(name: string, change: (values: Float32Array) => void): Tensors {
  const tensor = tensors.get(name);
  if (!tensor) throw new Error(`The tiny checkpoint has no ${name}.`);
  const values = tensor.values.slice();
  change(values);
  return new Map(tensors).set(name, { shape: tensor.shape, values });
}

const names = ["LABEL_0", "LABEL_1", "LABEL_2"];
const load = async (files: ByteSource[]) => loadClassifier(await openModel(files), names);

describe("a bad checkpoint says what was found, what was expected and what to do", () => {
  it("without config.json", async () => {
    const { found, expected } = await thrownBy(openModel(without(await checkpointFiles(tensors), "config.json")));
    expect(found).toMatch(/no config\.json/);
    expect(expected).toContain("model.safetensors");
  });

  it("without tokenizer.json", async () => {
    const { found } = await thrownBy(openModel(without(await checkpointFiles(tensors), "tokenizer.json")));
    expect(found).toMatch(/no tokenizer\.json/);
  });

  it("without weights", async () => {
    const { found } = await thrownBy(openModel(without(await checkpointFiles(tensors), "model.safetensors")));
    expect(found).toMatch(/no model\.safetensors/);
  });

  it.each(["longformer", "funnel", "xlnet", "t5"])("of another architecture: %s", async (model_type) => {
    const files = await checkpointFiles(tensors, { config: tinyConfig({ model_type }) });
    const { found, expected } = await thrownBy(openModel(files));
    expect(found).toContain(model_type);
    expect(expected).toContain("bert");
    // Files that this type would need too are not asked for.
    expect((await thrownBy(openModel(files.slice(0, 1)))).found).toContain(model_type);
  });

  it.each([
    ["hidden_size", { hidden_size: "64" }],
    ["hidden_act", { hidden_act: "swish" }],
    ["num_hidden_layers", { num_hidden_layers: 0 }],
    ["num_hidden_layers", { num_hidden_layers: 2 ** 53 }],
    ["num_hidden_layers", { num_hidden_layers: 1001 }],
    ["position_embedding_type", { position_embedding_type: "relative_key" }],
    ["is_decoder", { is_decoder: true }],
  ])("with a configuration that no model here has: %s", async (field, change) => {
    const files = await checkpointFiles(tensors, { config: tinyConfig(change) });
    expect((await thrownBy(openModel(files))).found).toContain(field);
  });

  it.each([
    [64, 3, 64 / 3],
    [1010, 2, 505],
  ])(
    "with a head size that attention does not take: %i over %i heads",
    async (hidden_size, num_attention_heads, size) => {
      const config = tinyConfig({ hidden_size, num_attention_heads });
      const { found, expected } = await thrownBy(openModel(await checkpointFiles(tensors, { config })));
      expect(found).toContain(String(size));
      expect(expected).toContain("whole head sizes up to 504");
    },
  );

  it("truncated, at any place", async () => {
    const files = await checkpointFiles(tensors);
    const weights = files.at(-1);
    if (!weights) throw new Error("The weights come last.");
    const bytes = await readAll(weights);
    for (const length of [0, 5, 100, 3000, bytes.length - 1]) {
      const cut = bytesSource(weights.name, bytes.slice(0, length));
      const { found } = await thrownBy(openModel([...files.slice(0, -1), cut]));
      expect(found, `${length} bytes`).toContain("model.safetensors");
    }
  });

  it("with a tensor missing", async () => {
    const gone = "bert.encoder.layer.1.attention.self.key.weight";
    const files = await checkpointFiles(renamed(tensors, (name) => (name === gone ? null : name)));
    expect((await thrownBy(openModel(files))).found).toContain(gone);
  });

  it("with a tensor of a wrong shape", async () => {
    const name = "bert.encoder.layer.0.intermediate.dense.weight";
    const tensor = tensors.get(name);
    if (!tensor) throw new Error(`The tiny checkpoint has no ${name}.`);
    const turned = new Map(tensors).set(name, { shape: [64, 160], values: tensor.values });
    const { found, expected } = await thrownBy(openModel(await checkpointFiles(turned)));
    expect(found).toContain(`${name} has the shape [64, 160]`);
    expect(expected).toContain("[160, 64]");
  });

  it.each([NaN, Infinity])(
    "with weights that are no numbers: %d; and what was loaded before is given back",
    async (value) => {
      const name = "bert.encoder.layer.1.output.dense.weight";
      const files = await checkpointFiles(changed(name, (values) => (values[77] = value)));
      const { numTensors } = memory();
      const { found } = await thrownBy(load(files));
      expect(found).toContain(`${name} holds ${value} at place 77`);
      expect(memory().numTensors).toBe(numTensors);
    },
  );

  it("with NaN in the part of a packed weight", async () => {
    const name = "bert.encoder.layer.0.attention.self.value.bias";
    expect((await thrownBy(load(await checkpointFiles(changed(name, (values) => (values[3] = NaN)))))).found).toContain(
      name,
    );
  });

  it("with a tokenizer whose ids go beyond the embedding", async () => {
    const files = await checkpointFiles(tensors, { tokenizer: tinyTokenizer(998) });
    const { found, expected } = await thrownBy(openModel(files));
    expect(found).toMatch(/ids up to 997 .*997 rows/);
    expect(expected).toContain("996");
    await openModel(await checkpointFiles(tensors, { tokenizer: tinyTokenizer(997) }));
  });

  it("with a config.json that is no JSON", async () => {
    const files = await checkpointFiles(tensors);
    await thrownBy(openModel([textSource("config.json", "{"), ...without(files, "config.json")]));
  });
});

describe("checkMaxLength", () => {
  it("takes as many tokens as there are positions, and no more", async () => {
    checkMaxLength(64, 64);
    const { found, expected, remedy } = await thrownBy(Promise.resolve().then(() => checkMaxLength(65, 64)));
    expect([found, expected, remedy].join(" ")).toMatch(/65.*64 positions.*64/);
  });
});
