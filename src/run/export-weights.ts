import type { ExportWeights } from "../export/entries.ts";
import { readTensor as readStored, type Safetensors } from "../io/safetensors.ts";
import type { Classifier } from "../model/classifier.ts";
import { groupOf } from "../model/config.ts";
import { pair } from "../model/names.ts";
import { poolerTensors, type OutputUnits } from "../model/checkpoint.ts";
import { lowRankParameters, lowRankTargets, mergedWeight, targetName, type LowRankPair } from "../model/low-rank.ts";
import { partOf, partRows, type Parameter } from "../ops/parameter.ts";
import { ReadAhead } from "./read-ahead.ts";

/**
 * The model's tensors under their Hugging Face names, packed ones taken apart, LoRA's matrices worked in; and where the
 * classifier of texts does not read it the checkpoint's pooler, as it was.
 */
export function mergedWeights(
  { config, parameters, lowRank }: Classifier,
  checkpoint: Safetensors,
  outputs: OutputUnits | undefined,
): ExportWeights {
  const pairs = new Map<string, LowRankPair>();
  for (const [i, layer] of (lowRank?.layers ?? []).entries()) {
    for (const target of lowRankTargets) {
      const pair = layer[target];
      if (pair) pairs.set(targetName(config.names, groupOf(i, config), target), pair);
    }
  }
  const thin = new Set(lowRankParameters(lowRank?.layers ?? []));
  const isStored = (parameter: Parameter) => parameter.parts.length > 0 && parameter.task !== "earlier";
  const whole = parameters.filter((parameter) => !thin.has(parameter) && isStored(parameter));
  const pairsOf = ({ parts }: Parameter) => parts.flatMap((name) => pairs.get(name) ?? []);
  const reader = new ReadAhead(
    whole.flatMap((parameter) => [parameter, ...pairsOf(parameter).flatMap(({ a, b }) => [a, b])]).map(valueOf),
  );
  const plain = namedParts(whole, reader);
  const has = new Set(plain.entries.map(({ name }) => name));
  const pooler = config.asksTokens ? [] : poolerTensors(config.names, checkpoint);
  const unread = new Map([...pooler].filter(([name]) => !has.has(name)));
  const kept = [...unread].map(([name, stored]) => ({
    name,
    shape: [...(checkpoint.tensors.get(stored)?.shape ?? [])],
  }));
  const read = async (name: string) => {
    const stored = unread.get(name);
    if (stored !== undefined) return readStored(checkpoint, stored);
    const values = inUnits(name, await plain.read(name), config, outputs);
    const pair = pairs.get(name);
    if (!pair || !lowRank) return values;
    const [a, b] = [await reader.take(pair.a.value), await reader.take(pair.b.value)];
    return mergedWeight(values, a, b, pair.a.value.shape[0] ?? 0, lowRank.scale);
  };
  return { entries: [...plain.entries, ...kept], read };
}

/** LoRA's matrices, and the `whole` modules' tensors as they are, under PEFT's names. */
export function adapterWeights(
  { config, parameters, lowRank }: Classifier,
  whole: readonly string[],
  outputs: OutputUnits | undefined,
): ExportWeights {
  const thin = lowRankParameters(lowRank?.layers ?? []);
  const isWhole = ({ name }: Parameter) =>
    whole.some((module) => name.startsWith(`${module}.`) || name.startsWith(`${config.names.base}${module}.`));
  const all = [...thin, ...parameters.filter(isWhole)];
  const plain = namedParts(all, new ReadAhead(all.map(valueOf)));
  return {
    entries: plain.entries.map(({ name, shape }) => ({ name: PREFIX + name, shape })),
    async read(prefixed) {
      const name = prefixed.slice(PREFIX.length);
      return inUnits(name, await plain.read(name), config, outputs);
    },
  };
}

/** The head's weight and bias such that its outputs come in other units; any other tensor as it is. */
function inUnits(
  name: string,
  values: Float32Array<ArrayBuffer>,
  { names }: Classifier["config"],
  outputs: OutputUnits | undefined,
): Float32Array<ArrayBuffer> {
  if (!outputs) return values;
  const { weight, bias } = pair(names.classifier);
  if (name === weight) return values.map((value) => value * outputs.scale);
  return name === bias ? values.map((value) => value * outputs.scale + outputs.shift) : values;
}

/** Before every name in a PEFT file: the model inside PEFT's wrappers. */
const PREFIX = "base_model.model.";

const valueOf = ({ value }: Parameter) => value;

/** @param reader has the tensors of the parameters in their order */
function namedParts(parameters: readonly Parameter[], reader: ReadAhead): ExportWeights {
  const places = new Map(
    parameters.flatMap((parameter) => parameter.parts.map((name, index) => [name, { parameter, index }] as const)),
  );
  const entries = [...places].map(([name, { parameter }]) => {
    const [rows = 0, ...rest] = parameter.value.shape;
    return { name, shape: [partRows(parameter, rows), ...rest] };
  });
  /** The packed weight whose first parts were read. */
  let packed: { parameter: Parameter; values: Float32Array<ArrayBuffer> } | null = null;
  const read = async (name: string) => {
    const place = places.get(name);
    if (!place) throw new Error(`There is no tensor ${name}.`);
    const { parameter, index } = place;
    const count = parameter.parts.length;
    if (count === 1) return partOf(parameter, await reader.take(parameter.value), 0, parameter.value.shape[0] ?? 0);
    const isOpen = index > 0 && packed?.parameter === parameter;
    const { values } = (packed = isOpen && packed ? packed : { parameter, values: await reader.take(parameter.value) });
    if (index === count - 1) packed = null;
    return partOf(parameter, values, index, parameter.value.shape[0] ?? 0);
  };
  return { entries, read };
}
