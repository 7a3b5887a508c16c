import { Problem } from "../problem/problem.ts";
import type { ByteSource } from "./byte-source.ts";
import { parseJson, readText } from "./json.ts";
import { mergeShards, openShards } from "./safetensors-shards.ts";
import { openSafetensors, type Safetensors } from "./safetensors.ts";

const INDEX_NAME = "model.safetensors.index.json";

/**
 * Opens the weights among the files of a checkpoint: shards by their index, model.safetensors, or the only
 * safetensors file there is. Throws a `Problem` when there are none, with what to do about other formats.
 */
export async function openWeights(files: readonly ByteSource[]): Promise<Safetensors> {
  const candidates = files.filter((file) => file.name.endsWith(".safetensors"));
  const usual = candidates.filter((file) => file.name === "model.safetensors");
  if (usual.length > 1) throw several(usual);
  const [whole] = usual;
  if (whole !== undefined) return openSafetensors(whole);

  const index = files.find((file) => file.name === INDEX_NAME);
  if (index !== undefined) return openShards(parseJson(INDEX_NAME, await readText(index)), candidates);

  const weights = candidates.filter((file) => !file.name.startsWith("adapter_"));
  const [only, second] = weights;
  if (only === undefined) throw noWeights(files);
  const shardCount = /-\d+-of-(\d+)\.safetensors$/.exec(only.name)?.[1];
  if (shardCount !== undefined) return openUnindexed(weights, Number(shardCount));
  if (second !== undefined) throw several(weights);
  return openSafetensors(only);
}

/** Shards without their index: their names say how many there must be. */
function openUnindexed(shards: readonly ByteSource[], count: number): Promise<Safetensors> {
  if (shards.length !== count) {
    throw new Problem({
      found: `${shards.length} of the ${count} weight files of this checkpoint are here.`,
      expected: `All ${count} files and ${INDEX_NAME} were expected.`,
      remedy: "Drop the missing files together with the others.",
    });
  }
  return mergeShards(shards);
}

function several(files: readonly ByteSource[]): Problem {
  return new Problem({
    found: `There are several weight files: ${files.map((file) => file.name).join(", ")}.`,
    expected: "One model.safetensors, or shards with their model.safetensors.index.json, was expected.",
    remedy: "Drop the files of one model only.",
  });
}

function noWeights(files: readonly ByteSource[]): Problem {
  const expected = "A model.safetensors was expected.";
  const other = files.find((file) => /\.(bin|pt|pth|h5|msgpack|onnx|gguf|ckpt)$/.test(file.name));
  if (files.some((file) => file.name.startsWith("adapter_"))) {
    return new Problem({
      found: "The weights are those of an adapter (LoRA), not of a model.",
      expected,
      remedy: "Merge the adapter into its model in Python with merge_and_unload() and save_pretrained(FOLDER).",
    });
  }
  if (other === undefined) {
    return new Problem({
      found: "There is no model.safetensors among the files of the model.",
      expected,
      remedy: "Drop model.safetensors together with the other files, or the whole folder.",
    });
  }
  return new Problem({
    found: `The weights are in ${other.name}, a format that is not read here.`,
    expected,
    remedy:
      "Convert them in Python with AutoModel.from_pretrained(FOLDER).save_pretrained(FOLDER, safe_serialization=True), or download model.safetensors from the model's page.",
  });
}
