import { describe, expect, it } from "vitest";
import type { ByteSource } from "../../src/io/byte-source.ts";
import { transformersClasses } from "../../src/families/registry.ts";
import { collectModelFiles } from "../../src/io/model-files.ts";
import { modelFolder, textSource } from "./model-folder.ts";
import { thrownBy } from "./thrown-by.ts";

/** A checkpoint with these files in place of its own, or beside them; null takes one away. */
async function checkpoint(changes: Record<string, string | null>): Promise<ByteSource[]> {
  const rest = (await modelFolder()).filter(({ name }) => !(name in changes));
  const added = Object.entries(changes).flatMap(([name, text]) => (text === null ? [] : [textSource(name, text)]));
  return [...rest, ...added];
}
const refused = async (changes: Record<string, string | null>) =>
  thrownBy(collectModelFiles(await checkpoint(changes), transformersClasses));
const pointer = (size: number) =>
  `version https://git-lfs.github.com/spec/v1\noid sha256:${"4d".repeat(32)}\nsize ${size}\n`;

describe("a Git LFS pointer in the place of a file", () => {
  const [first, second] = [1, 2].map((shard) => `model-0000${shard}-of-00002.safetensors`) as [string, string];
  const index = JSON.stringify({ weight_map: { w: first, v: second } });
  it.each<[string, Record<string, string | null>]>([
    ["model.safetensors", {}],
    ["config.json", {}],
    ["tokenizer.json", {}],
    ["tokenizer_config.json", {}],
    ["pytorch_model.bin", { "model.safetensors": null }],
    ["vocab.txt", { "tokenizer.json": null }],
    ["model.safetensors.index.json", { "model.safetensors": null }],
    [first, { "model.safetensors": null, "model.safetensors.index.json": index, [first]: "", [second]: pointer(7) }],
    [first, { "model.safetensors": null, [first]: "", [second]: pointer(7) }],
    ["tf_model.h5", { "model.safetensors": null }],
  ])("is called so, with what to do: %s", async (name, changes) => {
    const { found, remedy } = await refused({ ...changes, [name]: pointer(1234567) });
    expect(found).toBe(`${name} is a Git LFS pointer: a few lines that stand for the file of 1,234,567 bytes.`);
    expect(remedy).toContain("git lfs pull");
  });
});

describe("weights in another format", () => {
  const weights = (name: string, config: object) =>
    refused({
      "model.safetensors": null,
      [name]: "x",
      "config.json": JSON.stringify({ model_type: "bert", ...config }),
    });

  it.each([
    [["BertForTokenClassification"], "BertForTokenClassification"],
    [["BertForMaskedLM"], "BertForMaskedLM"],
    [["BertForSequenceClassification"], "BertForSequenceClassification"],
    [["BertForPreTraining", "BertModel"], "BertForPreTraining"],
    [["BertModel"], "BertModel"],
    [["TFBertForQuestionAnswering"], "BertForQuestionAnswering"],
  ])("are converted with the class that config.json names: %j", async (architectures, name) => {
    const { remedy } = await weights("pytorch_model.bin", { architectures });
    expect(remedy).toContain(`from transformers import ${name}; ${name}.from_pretrained(FOLDER).save_pretrained(`);
  });

  it.each([
    [{ id2label: { 0: "a", 1: "b" } }, "AutoModelForSequenceClassification"],
    [{}, "AutoModel"],
  ])("are converted with an Auto class where it names none: %j", async (config, name) => {
    expect((await weights("pytorch_model.bin", config)).remedy).toContain(`import ${name};`);
  });

  it.each(["JointBertModel", "BertForMultiLabel"])("are left to the code that defines %s", async (own) => {
    const { remedy } = await weights("pytorch_model-00001-of-00002.bin", { architectures: [own] });
    expect(remedy).toContain(`with the code that defines ${own}`);
    expect(remedy).not.toContain("from transformers import");
  });

  it.each([
    ["tf_model.h5", "from_tf=True"],
    ["flax_model.msgpack", "from_flax=True"],
    ["model.onnx", "Download model.safetensors"],
  ])("are told apart: %s", async (name, words) => {
    expect((await weights(name, { architectures: ["BertModel"] })).remedy).toContain(words);
  });
});
