import { tensor } from "@tensorflow/tfjs-core";
import type { Parameter } from "../ops/parameter.ts";
import { Problem } from "../problem/problem.ts";
import type { BertConfig } from "./config.ts";
import { normalValues } from "./initialize.ts";
import { canonicalName, classifierNames, parameterLayout, type ParameterSpec } from "./layout.ts";

/** The tensors of a checkpoint, read one at a time; io/model-files.ts makes one. */
export interface WeightSource {
  tensors: ReadonlyMap<string, { shape: readonly number[]; dtype: string }>;
  /** Values of one tensor as float32. */
  read(name: string): Promise<Float32Array<ArrayBuffer>>;
}

export interface LoadedParameters {
  parameters: Parameter[];
  /** What a person should know: ignored tensors, parts that start anew. */
  notes: string[];
  /** True when the checkpoint's own classifier was kept. */
  keptClassifier: boolean;
}

export interface LoadOptions {
  classes: number;
  /** False where the data's classes are not the checkpoint's: the classifier then starts anew. */
  keepClassifier: boolean;
  /** Seed of the parts that start anew. */
  seed: number;
  onProgress?: (parameters: number, total: number) => void;
}

/** How many parameters a model has, and a check of the checkpoint's names and shapes, without reading a weight. */
export function inspectCheckpoint(config: BertConfig, source: WeightSource, classes: number) {
  const names = namesOf(source);
  const layout = parameterLayout(config, classes);
  for (const spec of layout) {
    const isClassifier = spec.parts.includes(classifierNames.weight) || spec.parts.includes(classifierNames.bias);
    for (const part of spec.parts) {
      const found = names.get(part);
      if (found !== undefined && !isClassifier) checkShape(found, source, spec);
      if (found === undefined && spec.fresh === null) throw missing(part, source);
    }
  }
  const parameters = layout.reduce((sum, { parts, partShape }) => sum + parts.length * size(partShape), 0);
  return { parameters, hasClassifier: names.has(classifierNames.weight) && names.has(classifierNames.bias) };
}

/**
 * Reads a checkpoint into tensors of the running backend, tensor by tensor: no weight stands twice in memory.
 * Throws a Problem for missing tensors, wrong shapes and values that are no numbers.
 */
export async function loadParameters(
  config: BertConfig,
  source: WeightSource,
  options: LoadOptions,
): Promise<LoadedParameters> {
  const names = namesOf(source);
  const notes: string[] = [];
  const ignored = [...source.tensors.keys()].filter((name) => canonicalName(name) === null);
  if (ignored.length > 0) notes.push(`${ignored.length} tensors are not used, e.g. ${ignored[0]}.`);
  const isClassifier = (spec: ParameterSpec) => Object.values(classifierNames).some((name) => spec.parts.includes(name));
  const keptClassifier = options.keepClassifier && Object.values(classifierNames).every((name) => names.has(name));
  const layout = parameterLayout(config, options.classes);
  const parameters: Parameter[] = [];
  try {
    for (const [i, spec] of layout.entries()) {
      const anew = isClassifier(spec) ? !keptClassifier : !spec.parts.every((part) => names.has(part));
      const values = anew ? startAnew(spec, config, options.seed + i) : await readParts(spec, names, source);
      const [rows = 0, ...rest] = spec.partShape;
      parameters.push({
        name: spec.parts[0] ?? "",
        parts: spec.parts,
        decays: spec.decays,
        level: spec.level,
        value: tensor(values, [rows * spec.parts.length, ...rest], "float32"),
      });
      if (anew && spec.decays) notes.push(`${spec.parts[0]?.replace(/\.weight$/, "")} starts from random weights.`);
      options.onProgress?.(i + 1, layout.length);
    }
  } catch (error) {
    for (const { value } of parameters) value.dispose();
    throw error;
  }
  return { parameters, notes, keptClassifier };
}

const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** Canonical name → name in the checkpoint. */
function namesOf(source: WeightSource): Map<string, string> {
  const names = new Map<string, string>();
  for (const name of source.tensors.keys()) {
    const canonical = canonicalName(name);
    if (canonical !== null) names.set(canonical, name);
  }
  return names;
}

function startAnew(spec: ParameterSpec, config: BertConfig, seed: number): Float32Array<ArrayBuffer> {
  if (spec.fresh === null) throw new Error(`${spec.parts[0]} cannot start anew.`);
  const count = spec.parts.length * size(spec.partShape);
  return spec.fresh === "zeros" ? new Float32Array(count) : normalValues(count, config.initializerRange, seed);
}

async function readParts(
  spec: ParameterSpec,
  names: Map<string, string>,
  source: WeightSource,
): Promise<Float32Array<ArrayBuffer>> {
  const partSize = size(spec.partShape);
  let packed = new Float32Array(0);
  for (const [i, part] of spec.parts.entries()) {
    const name = names.get(part);
    if (name === undefined) throw missing(part, source);
    checkShape(name, source, spec);
    const values = await source.read(name);
    checkFinite(values, name);
    if (spec.parts.length === 1) return values;
    if (i === 0) packed = new Float32Array(spec.parts.length * partSize);
    packed.set(values, i * partSize);
  }
  return packed;
}

function checkShape(name: string, source: WeightSource, spec: ParameterSpec): void {
  const shape = source.tensors.get(name)?.shape ?? [];
  if (shape.length === spec.partShape.length && shape.every((n, i) => n === spec.partShape[i])) return;
  throw new Problem({
    found: `The tensor ${name} has the shape [${shape.join(", ")}].`,
    expected: `By config.json it was expected to be [${spec.partShape.join(", ")}].`,
    remedy: "Take config.json and weights from the same checkpoint.",
  });
}

function checkFinite(values: Float32Array, name: string): void {
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  throw new Problem({
    found: `The tensor ${name} holds ${values[at]} at place ${at}.`,
    expected: "Weights were expected to be finite numbers.",
    remedy: "The checkpoint is damaged or its training diverged: take another copy or another checkpoint.",
  });
}

function missing(part: string, source: WeightSource): Problem {
  return new Problem({
    found: `The checkpoint has no tensor ${part}.`,
    expected: "A BERT encoder was expected, with or without the prefix “bert.”.",
    remedy: "Take the weights that belong to this config.json, all shards of them.",
    details: `Tensors found: ${[...source.tensors.keys()].slice(0, 40).join(", ")}`,
  });
}
