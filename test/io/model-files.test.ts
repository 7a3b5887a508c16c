import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { blobSource, bytesSource, type ByteSource, readAll } from "../../src/io/byte-source.ts";
import { collectModelFiles } from "../../src/io/model-files.ts";
import { readTensor } from "../../src/io/safetensors.ts";
import { zipStream } from "../../src/io/zip-out.ts";
import { modelFolder, textSource, weightsSource } from "./model-folder.ts";
import { thrownBy } from "./thrown-by.ts";

async function zipped(name: string, sources: ByteSource[]): Promise<ByteSource> {
  const items = await Promise.all(sources.map(async (source) => ({ name: source.name, input: await readAll(source) })));
  return blobSource(name, await new Response(zipStream(items)).blob());
}

async function without(name: string): Promise<ByteSource[]> {
  return (await modelFolder()).filter((source) => source.name !== name);
}

describe("collectModelFiles", () => {
  it("takes loose files, and further tokenizer files with them", async () => {
    const extras = [textSource("vocab.txt", "[PAD]"), textSource("tokenizer_config.json", "{}")];
    const files = await collectModelFiles([...(await modelFolder()), ...extras, textSource("README.md", "x")]);
    expect(files.config).toEqual({ model_type: "bert" });
    expect(files.tokenizerJson).toBe('{"model":{}}');
    expect(files.tokenizerConfigJson).toBe("{}");
    expect(files.extra.map((source) => source.name)).toEqual(["vocab.txt"]);
    expect([...(await readTensor(files.weights, "w"))]).toEqual([1, 2]);
  });

  it("takes a zip with a folder inside and what macOS adds", async () => {
    const junk = [textSource("__MACOSX/my-bert/._config.json", "\0"), textSource("my-bert/.DS_Store", "\0")];
    const files = await collectModelFiles([
      await zipped("download.zip", [...junk, ...(await modelFolder("my-bert/")), textSource("my-bert/vocab.txt", "v")]),
    ]);
    expect(files.name).toBe("my-bert");
    expect(files.tokenizerConfigJson).toBeNull();
    expect(files.extra.map((source) => source.name)).toEqual(["vocab.txt"]);
    expect([...(await readTensor(files.weights, "w"))]).toEqual([1, 2]);
  });

  it("names the model of a flat zip after the zip", async () => {
    expect((await collectModelFiles([await zipped("spam.zip", await modelFolder())])).name).toBe("spam");
  });

  it("passes over the configs of other parts and of checkpoints further in", async () => {
    const pooling = textSource("config.json", '{"pooling_mode_mean_tokens":true}');
    expect((await collectModelFiles([pooling, ...(await modelFolder())])).config).toEqual({ model_type: "bert" });
    const nested = [...(await modelFolder("run/checkpoint-500/")), ...(await modelFolder("run/"))];
    expect((await collectModelFiles(nested)).name).toBe("run");
  });

  it("reads shards by their index, and says which one is missing", async () => {
    const index = textSource(
      "model.safetensors.index.json",
      '{"weight_map":{"a":"x-1.safetensors","b":"x-2.safetensors"}}',
    );
    const shards = [await weightsSource("x-1.safetensors", "a"), await weightsSource("x-2.safetensors", "b")];
    const rest = [...(await without("model.safetensors")), index];
    const files = await collectModelFiles([...rest, ...shards]);
    expect([...(await readTensor(files.weights, "b"))]).toEqual([1, 2]);
    expect([...files.weights.tensors.keys()]).toEqual(["a", "b"]);
    const problem = await thrownBy(collectModelFiles([...rest, ...shards.slice(0, 1)]));
    expect(problem.found).toContain("x-2.safetensors");
    expect(problem.found).not.toContain("x-1.safetensors");
  });

  it("refuses an index that disagrees with its shards, and shards that repeat a tensor", async () => {
    const rest = await without("model.safetensors");
    const index = textSource(
      "model.safetensors.index.json",
      '{"weight_map":{"a":"x-1.safetensors","c":"x-2.safetensors"}}',
    );
    const shards = [await weightsSource("x-1.safetensors", "a"), await weightsSource("x-2.safetensors", "b")];
    expect((await thrownBy(collectModelFiles([...rest, index, ...shards]))).found).toContain('"c"');
    const bare = textSource("model.safetensors.index.json", "{}");
    expect((await thrownBy(collectModelFiles([...rest, bare, ...shards]))).found).toContain("weight_map");
    const twice = ["m-00001-of-00002.safetensors", "m-00002-of-00002.safetensors"];
    const same = await Promise.all(twice.map((name) => weightsSource(name, "a")));
    expect((await thrownBy(collectModelFiles([...rest, ...same]))).found).toContain("Both");
    expect((await thrownBy(collectModelFiles([...rest, ...same.slice(1)]))).found).toContain("1 of the 2");
  });

  it("says what is missing and where to get it", async () => {
    const noConfig = await thrownBy(collectModelFiles(await without("config.json")));
    expect(noConfig.found).toContain("no config.json among tokenizer.json, model.safetensors");
    const noTokenizer = await thrownBy(collectModelFiles(await without("tokenizer.json")));
    expect(noTokenizer.remedy).toContain("save_pretrained");
    const vocabularyOnly = [...(await without("tokenizer.json")), textSource("vocab.txt", "[PAD]")];
    const found = await collectModelFiles(vocabularyOnly);
    expect([found.tokenizerJson, found.vocabulary.map(({ name }) => name)]).toEqual([null, ["vocab.txt"]]);
    const noWeights = await thrownBy(collectModelFiles(await without("model.safetensors")));
    expect(noWeights.found).toContain("no model.safetensors");
    const nothing = await thrownBy(collectModelFiles([]));
    expect(nothing.found).toBe("There is no config.json.");
  });

  it("says how to convert weights of another format", async () => {
    const rest = await without("model.safetensors");
    const pickled = await thrownBy(collectModelFiles([...rest, textSource("pytorch_model.bin", "x")]));
    expect(pickled.found).toContain("pytorch_model.bin");
    expect(pickled.remedy).toContain("safe_serialization=True");
    const adapter = await thrownBy(collectModelFiles([...rest, await weightsSource("adapter_model.safetensors", "a")]));
    expect(adapter.remedy).toContain("merge_and_unload");
  });

  it("refuses JSON that does not parse and two models at once", async () => {
    const broken = [...(await without("config.json")), textSource("config.json", "<html>")];
    expect((await thrownBy(collectModelFiles(broken))).found).toBe("config.json cannot be read as JSON.");
    const emptied = [...(await without("tokenizer.json")), textSource("tokenizer.json", "")];
    expect((await thrownBy(collectModelFiles(emptied))).found).toBe("tokenizer.json is empty.");
    const two = [...(await modelFolder("a/")), ...(await modelFolder("b/"))];
    expect((await thrownBy(collectModelFiles(two))).found).toContain("(in a and b)");
    const weights = [...(await modelFolder()), await weightsSource("model.safetensors", "w")];
    expect((await thrownBy(collectModelFiles(weights))).found).toContain("several weight files");
  });

  it("refuses what is made to fill memory: many files below the limit, and a config.json that is none", async () => {
    const config = new TextEncoder().encode(`{"model_type":"bert"}${" ".repeat(7 * 2 ** 20)}`);
    const folders = Array.from({ length: 12 }, (_, at): [string, Uint8Array] => [`model-${at}/config.json`, config]);
    const zip = bytesSource("configs.zip", new Uint8Array(zipSync(Object.fromEntries(folders))));
    const { found, remedy } = await thrownBy(collectModelFiles([zip]));
    expect(found).toMatch(/^The files in configs\.zip unpack from [\d,]+ to 88,080,636 bytes\.$/);
    expect(remedy).toContain("Unpack the zip");
    const long = textSource("config.json", `{"model_type":"bert"}${" ".repeat(17 * 2 ** 20)}`);
    const alone = await thrownBy(collectModelFiles([...(await without("config.json")), long]));
    expect(alone.expected).toBe("config.json was expected to have at most 16,777,216 bytes.");
  });

  it("refuses a file that is called .zip and is none", async () => {
    const problem = await thrownBy(collectModelFiles([bytesSource("model.zip", new Uint8Array(100))]));
    expect(problem.found).toContain("model.zip is not a sound zip file");
  });
});
