import { Problem } from "../problem/problem.ts";
import { refuseLfsPointer, type ByteSource } from "./byte-source.ts";
import { parseJson, readText } from "./json.ts";
import { mergeShards, openShards } from "./safetensors-shards.ts";
import { openSafetensors, type Safetensors } from "./safetensors.ts";

const INDEX_NAME = "model.safetensors.index.json";

/** Weight files of other formats; a Trainer's own files (optimizer.pt, training_args.bin) do not count. */
const OTHER_FORMATS = /\.(bin|pt|pth|h5|keras|msgpack|onnx|gguf|ckpt|ot)$/i;
const NO_WEIGHTS = /^(optimizer|scheduler|rng_state|training_args|scaler)\b.*\.(bin|pt|pth)$|^rng_state_\d+\.pth$/i;

/** Whether a file has weights of a model, in any format. */
export function isWeightFile(name: string): boolean {
  return (name.endsWith(".safetensors") && !name.startsWith("adapter_")) || isOtherFormat(name);
}

const isOtherFormat = (name: string) => OTHER_FORMATS.test(name) && !NO_WEIGHTS.test(name);

/**
 * Opens the weights among the files of a checkpoint: shards by their index, model.safetensors, or the only
 * safetensors file. Throws a `Problem` when there are none, with a remedy for other formats.
 *
 * @param config parsed config.json, which names the class that can convert other formats
 * @param classes classes that transformers has
 */
export async function openWeights(
  files: readonly ByteSource[],
  config: unknown = null,
  classes: readonly string[] = [],
): Promise<Safetensors> {
  const candidates = files.filter((file) => file.name.endsWith(".safetensors"));
  const usual = candidates.filter((file) => file.name === "model.safetensors");
  if (usual.length > 1) throw several(usual);
  const [whole] = usual;
  if (whole !== undefined) return openSafetensors(whole);

  const index = files.find((file) => file.name === INDEX_NAME);
  if (index !== undefined) return openShards(parseJson(INDEX_NAME, await readText(index)), candidates);

  const weights = candidates.filter((file) => !file.name.startsWith("adapter_"));
  const [only, second] = weights;
  if (only === undefined) throw await noWeights(files, config, classes);
  const shardCount = /-\d+-of-(\d+)\.safetensors$/.exec(only.name)?.[1];
  if (shardCount !== undefined) return openUnindexed(weights, Number(shardCount));
  if (second !== undefined) throw several(weights);
  return openSafetensors(only);
}

/** The problem of shards without their index, or of missing shards: their names have the number of shards. */
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

async function noWeights(files: readonly ByteSource[], config: unknown, classes: readonly string[]): Promise<Problem> {
  const expected = "A model.safetensors was expected.";
  const other = files.find((file) => isOtherFormat(file.name));
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
  await refuseLfsPointer(other);
  return new Problem({
    found: `The weights are in ${other.name}, a format that is not read here.`,
    expected,
    remedy: conversion(other.name, config, classes),
  });
}

/** The remedy that converts another format to safetensors; the class decides whether the head is kept. */
function conversion(name: string, config: unknown, classes: readonly string[]): string {
  const modelClass = classOf(config, classes);
  if (modelClass === null) {
    const own = architectureOf(config) ?? "";
    return `Load them in Python with the code that defines ${own}, which transformers does not have, and save them with save_pretrained(FOLDER). Or download model.safetensors from the model's page.`;
  }
  const convert = (options: string, needs = "") =>
    `Convert them in Python${needs}: from transformers import ${modelClass}; ${modelClass}.from_pretrained(FOLDER${options}).save_pretrained(FOLDER, safe_serialization=True). Or download model.safetensors from the model's page.`;
  if (/^pytorch_model.*\.bin$/i.test(name)) return convert("");
  if (/\.(h5|keras)$/i.test(name)) return convert(", from_tf=True", " with transformers 4 and TensorFlow");
  if (/\.msgpack$/i.test(name)) return convert(", from_flax=True", " with transformers 4 and Flax");
  return "Download model.safetensors from the model's page, or save the trained model with save_pretrained(FOLDER).";
}

/**
 * The class that config.json names, so that its head is kept, or the class for the head where it names none. Null for
 * a class that transformers does not have.
 */
function classOf(config: unknown, classes: readonly string[]): string | null {
  if (typeof config !== "object" || config === null) return "AutoModel";
  const named = architectureOf(config);
  if (named !== null) {
    // Classes for TensorFlow and Flax have a prefix.
    const plain = named.replace(/^(TF|Flax)/, "");
    return classes.includes(plain) ? plain : null;
  }
  const isClassifier = ["id2label", "label2id", "num_labels", "problem_type"].some((field) => field in config);
  return isClassifier ? "AutoModelForSequenceClassification" : "AutoModel";
}

/** The class that a parsed config.json names first in `architectures`, e.g. "T5ForConditionalGeneration"; null where none is named. */
export function architectureOf(config: unknown): string | null {
  if (typeof config !== "object" || config === null || !("architectures" in config)) return null;
  const named: unknown = config.architectures;
  const first: unknown = Array.isArray(named) ? named[0] : null;
  return typeof first === "string" ? first : null;
}
