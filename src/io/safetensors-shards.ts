import { Problem } from "../problem/problem.ts";
import type { ByteSource } from "./byte-source.ts";
import { openSafetensors, type Safetensors, type StoredTensor } from "./safetensors.ts";

/**
 * Opens the shards of a checkpoint like one file.
 *
 * @param index the parsed model.safetensors.index.json, whose `weight_map` has the file of each tensor
 * @param sources files among which the shards are found by name
 * Throws a `Problem` that names a missing shard, or a tensor that is not in the shard where it should be.
 */
export async function openShards(index: unknown, sources: readonly ByteSource[]): Promise<Safetensors> {
  const weightMap = readWeightMap(index);
  const names = [...new Set(weightMap.values())].sort();
  const missing = names.filter((name) => !sources.some((source) => baseName(source) === name));
  if (missing.length > 0) {
    throw new Problem({
      found: `${missing.length} of the ${names.length} weight files of this checkpoint are missing: ${missing.join(", ")}.`,
      expected: "All files that model.safetensors.index.json names were expected.",
      remedy: "Drop the missing files together with the others.",
    });
  }
  const merged = await mergeShards(sources.filter((source) => names.includes(baseName(source))));
  for (const [tensor, file] of weightMap) {
    const stored = merged.tensors.get(tensor);
    if (stored !== undefined && baseName(stored.source) === file) continue;
    throw new Problem({
      found: `${file} does not hold the tensor "${tensor}".`,
      expected: "The tensors were expected where model.safetensors.index.json says they are.",
      remedy: "Download the checkpoint again: its index and its weight files are of different versions.",
    });
  }
  return merged;
}

/** Reads several files as one; throws a `Problem` when two hold a tensor of the same name. */
export async function mergeShards(sources: readonly ByteSource[]): Promise<Safetensors> {
  const tensors = new Map<string, StoredTensor>();
  const metadata = new Map<string, string>();
  for (const source of sources) {
    const shard = await openSafetensors(source);
    for (const [key, value] of shard.metadata) metadata.set(key, value);
    for (const [name, tensor] of shard.tensors) {
      const earlier = tensors.get(name);
      if (earlier !== undefined) {
        throw new Problem({
          found: `Both ${earlier.source.name} and ${source.name} hold the tensor "${name}".`,
          expected: "The weight files of one checkpoint were expected, each tensor in one of them.",
          remedy: "Drop the files of one model at a time.",
        });
      }
      tensors.set(name, tensor);
    }
  }
  return { metadata, tensors };
}

function readWeightMap(index: unknown): Map<string, string> {
  if (typeof index === "object" && index !== null && "weight_map" in index) {
    const map = index.weight_map;
    if (typeof map === "object" && map !== null) {
      const pairs = Object.entries(map).filter((pair): pair is [string, string] => typeof pair[1] === "string");
      if (pairs.length > 0) return new Map(pairs);
    }
  }
  throw new Problem({
    found: "model.safetensors.index.json has no weight_map that names a file for each tensor.",
    expected: "The index that save_pretrained writes beside sharded weights was expected.",
    remedy: "Download the index again, or save the model again in one file with max_shard_size of more than its size.",
  });
}

function baseName(source: ByteSource): string {
  return source.name.slice(source.name.lastIndexOf("/") + 1);
}
