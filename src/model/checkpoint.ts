import type { Tensor } from "@tensorflow/tfjs-core";
import { fillTensor, tensorsTogether, uploadsDone } from "../ops/device-tensor.ts";
import { inMemoryOrder, type Parameter } from "../ops/parameter.ts";
import { Problem } from "../problem/problem.ts";
import type { ModelConfig, Pooling } from "./config.ts";
import { normalValues } from "./initialize.ts";
import { parameterLayout, type ParameterSpec } from "./layout.ts";
import { bothOf, classifierRoles, pair, poolerWords, type ParameterNames } from "./names.ts";

export interface Tensors {
  tensors: ReadonlyMap<string, { shape: readonly number[]; dtype: string }>;
}

/** The tensors of a checkpoint, read one at a time. */
export interface WeightSource extends Tensors {
  /** Values of one tensor as float32. */
  read(name: string): Promise<Float32Array<ArrayBuffer>>;
}

interface LoadedParameters {
  parameters: Parameter[];
  /** True when the checkpoint's own classifier was kept. */
  keptClassifier: boolean;
}

/** Units of a head's outputs: those of training times `scale`, plus `shift`. */
export interface OutputUnits {
  scale: number;
  shift: number;
}

interface LoadOptions {
  classes: number;
  /** For each class its row of the checkpoint's own classifier; null initializes a new one. */
  classifierRows: readonly number[] | null;
  /** What a kept classifier gives: what the model is to give, times `scale`, plus `shift`; the same where not given. */
  classifierUnits?: OutputUnits | undefined;
  /** Levels from this one on (see `Parameter`) are re-initialized, whatever the checkpoint has for them. */
  reinitializeFrom?: number;
  /** Seed of what is initialized. */
  seed: number;
  /** "pooler" where not given. */
  pooling?: Pooling;
  onProgress?: (parameters: number, total: number) => void;
}

/**
 * How many parameters a model has, and what a person should know of the checkpoint;
 * names and shapes are checked, no weight is read. Throws a Problem for missing tensors and wrong shapes.
 */
export function inspectCheckpoint(config: ModelConfig, source: Tensors, classes: number) {
  const names = storedNames(config.names, source);
  const layout = parameterLayout(config, classes, config.pooling);
  for (const spec of layout) {
    for (const part of spec.parts) {
      const found = names.get(part);
      if (found !== undefined && !isClassifier(spec)) checkShape(found, source, spec);
      if (found === undefined && spec.required) throw missing(part, spec, source);
    }
  }
  const notes: string[] = [];
  const ignored = [...source.tensors.keys()].filter((name) => config.names.canonical(name) === null);
  if (ignored.length > 0) {
    const are = ignored.length === 1 ? "tensor is" : "tensors are";
    const example = ignored.find((name) => !name.endsWith("position_ids")) ?? ignored[0];
    notes.push(`${ignored.length} ${are} not used by the classifier, e.g. ${example}.`);
  }
  if (!names.has(pair(config.names.pooler).weight)) {
    notes.push(
      `The checkpoint has no ${poolerWords(config.names)}: where a run pools with one, it starts from random weights.`,
    );
  }
  if (config.pooling !== "pooler") notes.push(`Its classifier reads rows pooled by “${config.pooling}”.`);
  const parameters = layout.reduce((sum, { parts, partShape }) => sum + parts.length * size(partShape), 0);
  return { parameters, notes };
}

/** Uploads are awaited after this many bytes: each wait is a round trip. */
const BYTES_AT_ONCE = 64 * 2 ** 20;

/**
 * Reads a checkpoint into tensors of the running backend, tensor by tensor, so that no weight is held twice in
 * memory. On an outline no value is read or made. Throws a Problem for missing tensors, wrong shapes and values that
 * are no numbers.
 */
export async function loadParameters(
  config: ModelConfig,
  source: WeightSource,
  options: LoadOptions,
): Promise<LoadedParameters> {
  const names = storedNames(config.names, source);
  const keptClassifier =
    options.classifierRows !== null &&
    options.reinitializeFrom === undefined &&
    bothOf(pair(config.names.classifier)).every((name) => names.has(name));
  const layout = parameterLayout(config, options.classes, options.pooling ?? "pooler");
  const tensors = allocated(layout);
  const parameters: Parameter[] = [];
  let uploading = 0;
  try {
    for (const [i, { spec, value }] of tensors.entries()) {
      const isReinitialized = spec.level >= (options.reinitializeFrom ?? Infinity);
      const isMissing = isClassifier(spec) ? !keptClassifier : !spec.parts.every((part) => names.has(part));
      const isNew = spec.frozen !== true && (isReinitialized || isMissing);
      const rowsKept = isClassifier(spec) ? options.classifierRows : null;
      await fillTensor(value, async () =>
        isNew || spec.frozen === true
          ? initialValues(spec, config, options.seed + i)
          : rowsKept
            ? outOfUnits(spec, await readRows(spec, names, source, rowsKept), options.classifierUnits)
            : readParts(spec, names, source),
      );
      parameters.push({ ...identityOf(spec), ...(isNew && { startsNew: true }), value });
      uploading += 4 * value.size;
      if (uploading > BYTES_AT_ONCE) {
        await uploadsDone();
        uploading = 0;
      }
      options.onProgress?.(i + 1, layout.length);
    }
  } catch (error) {
    for (const { value } of tensors) value.dispose();
    throw error;
  }
  return { parameters, keptClassifier };
}

/** The checkpoint's pooler: today's names → names in the checkpoint; empty where it has none. */
export function poolerTensors(names: ParameterNames, source: Tensors): Map<string, string> {
  const pooler = [names.pooler, names.poolerNorm ?? names.pooler].flatMap((module) => bothOf(pair(module)));
  return new Map([...storedNames(names, source)].filter(([name]) => pooler.includes(name)));
}

const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

const isClassifier = ({ role }: ParameterSpec) => bothOf(classifierRoles).includes(role);

/** Today's name → name in the checkpoint. */
export function storedNames(names: Pick<ParameterNames, "canonical">, source: Tensors): Map<string, string> {
  const stored = new Map<string, string>();
  for (const name of source.tensors.keys()) {
    const canonical = names.canonical(name);
    if (canonical !== null) stored.set(canonical, name);
  }
  return stored;
}

/** What a parameter keeps of its spec. */
export function identityOf(spec: ParameterSpec): Omit<Parameter, "value"> {
  const { role, name, parts, packing, base, decays, level, layers, ofHead, frozen } = spec;
  return {
    ...{ role, name, parts, base, decays, level, ofHead },
    ...(packing && { packing }),
    ...(layers && { layers }),
    ...(frozen && { frozen }),
  };
}

/** Tensors of zeros for the parameters of a layout, in its order; the parts of each along the first axis. */
export function allocated(layout: readonly ParameterSpec[]): { spec: ParameterSpec; value: Tensor }[] {
  const ordered = inMemoryOrder(layout);
  const tensors = tensorsTogether(ordered.map((spec) => [rowsOf(spec), ...spec.partShape.slice(1)]));
  const bySpec = new Map(ordered.map((spec, i) => [spec, tensors[i] as Tensor]));
  return layout.map((spec) => ({ spec, value: bySpec.get(spec) as Tensor }));
}

/** Rows of a parameter's tensor. */
function rowsOf({ parts, partShape: [rows = 0], packing }: ParameterSpec): number {
  return packing?.total ?? rows * Math.max(1, parts.length);
}

/** The values of a parameter as transformers initializes it. */
export function initialValues(spec: ParameterSpec, config: ModelConfig, seed: number): Float32Array<ArrayBuffer> {
  const count = rowsOf(spec) * size(spec.partShape.slice(1));
  if (spec.initial === "normal") return normalValues(count, config.initializerRange, seed);
  return new Float32Array(count).fill(spec.initial === "ones" ? 1 : 0);
}

/** The values of a parameter's parts, one after another; `names` maps today's names to those in the checkpoint. */
export async function readParts(
  spec: ParameterSpec,
  names: Map<string, string>,
  source: WeightSource,
): Promise<Float32Array<ArrayBuffer>> {
  const partSize = size(spec.partShape);
  let packed = new Float32Array(0);
  for (const [i, part] of spec.parts.entries()) {
    const name = names.get(part);
    if (name === undefined) throw missing(part, spec, source);
    checkShape(name, source, spec);
    const values = await source.read(name);
    checkFinite(values, name);
    if (spec.parts.length === 1) return placed(spec, values);
    if (i === 0) packed = new Float32Array(spec.parts.length * partSize);
    packed.set(values, i * partSize);
  }
  return placed(spec, packed);
}

/** The values of all parts, one after another, as they lie in the parameter's tensor. */
function placed({ packing, partShape }: ParameterSpec, values: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  if (!packing) return values;
  const width = size(partShape.slice(1));
  const own = new Float32Array(packing.total * width);
  packing.rows.forEach((row, i) => own.set(values.subarray(i * width, (i + 1) * width), row * width));
  return own;
}

/** The classifier's rows in the order of the data's classes. */
async function readRows(
  spec: ParameterSpec,
  names: Map<string, string>,
  source: WeightSource,
  rows: readonly number[],
): Promise<Float32Array<ArrayBuffer>> {
  const stored = source.tensors.get(names.get(spec.parts[0] ?? "") ?? "")?.shape[0] ?? 0;
  const [, ...rest] = spec.partShape;
  const values = await readParts({ ...spec, partShape: [stored, ...rest] }, names, source);
  const width = size(rest);
  const ordered = new Float32Array(rows.length * width);
  rows.forEach((row, i) => ordered.set(values.subarray(row * width, (row + 1) * width), i * width));
  return ordered;
}

/** The classifier's weight or bias such that its outputs are those of training. */
function outOfUnits(
  { role }: ParameterSpec,
  values: Float32Array<ArrayBuffer>,
  units: OutputUnits | undefined,
): Float32Array<ArrayBuffer> {
  if (!units) return values;
  const shift = role === classifierRoles.bias ? units.shift : 0;
  return values.map((value) => (value - shift) / units.scale);
}

function checkShape(name: string, source: Tensors, spec: ParameterSpec): void {
  const shape = source.tensors.get(name)?.shape ?? [];
  if (shape.length === spec.partShape.length && shape.every((n, i) => n === spec.partShape[i])) return;
  throw new Problem({
    found: `The tensor ${name} has the shape [${shape.join(", ")}].`,
    expected: `By config.json it was expected to be [${spec.partShape.join(", ")}].`,
    remedy: "Take config.json and weights from the same checkpoint.",
  });
}

export function checkFinite(values: Float32Array, name: string): void {
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  throw new Problem({
    found: `The tensor ${name} holds ${values[at]} at place ${at}.`,
    expected: "Weights were expected to be finite numbers.",
    remedy: "The checkpoint is damaged or its training diverged: take another copy or another checkpoint.",
  });
}

function missing(part: string, { base }: ParameterSpec, source: Tensors): Problem {
  return new Problem({
    found: `The checkpoint has no tensor ${part}.`,
    expected: `The whole encoder was expected, with or without the prefix “${base}”.`,
    remedy: "Take the weights that belong to this config.json, all shards of them.",
    details: `Tensors found: ${[...source.tensors.keys()].slice(0, 40).join(", ")}`,
  });
}
