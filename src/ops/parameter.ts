import type { Tensor } from "@tensorflow/tfjs-core";

/** What a parameter is, in the model and in a checkpoint. */
export interface ParameterIdentity {
  /** What it is in a model of any family, e.g. "encoder.layer.3.qkv.weight". */
  readonly role: string;
  /** Its full name in a checkpoint; for packed weights the first part's. */
  readonly name: string;
  /** Names of the parts packed into one tensor along its first axis, equal in size; one part: the name itself. */
  readonly parts: readonly string[];
  /** Where the parts' rows lie, where that is not one part after another. */
  readonly packing?: Packing;
  /** Beginning of the encoder's names in a checkpoint, which recipes may leave out; "" for none. */
  readonly base: string;
  /** False for biases and LayerNorm. */
  readonly decays: boolean;
  /** 0 for the embeddings, 1 … L for the encoder's layers, L + 1 for what lies above. */
  readonly level: number;
  /** The layers that it serves, where they are several; its role is that in the first. */
  readonly layers?: readonly number[];
  /** True for one of a head: all others belong to the encoder. */
  readonly ofHead: boolean;
}

/** Where the rows of a parameter's parts lie in its tensor. */
interface Packing {
  /** For each row of the parts, one part after another, its row in the tensor. */
  rows: readonly number[];
  /** Rows of the tensor; what is no part's is zero and stays so. */
  total: number;
  /** Rows that are no part's. */
  hole?: { first: number; count: number };
}

/** Rows of one part of a parameter. */
export function partRows({ parts, packing }: Pick<ParameterIdentity, "parts" | "packing">, rows: number): number {
  return (packing?.rows.length ?? rows) / parts.length;
}

/** The values of one part, taken from those of the parameter, which has `rows` rows. */
export function partOf(
  parameter: Pick<ParameterIdentity, "parts" | "packing">,
  values: Float32Array<ArrayBuffer>,
  part: number,
  rows: number,
): Float32Array<ArrayBuffer> {
  const own = partRows(parameter, rows);
  const width = values.length / rows;
  const { packing } = parameter;
  if (!packing)
    return parameter.parts.length === 1 ? values : values.slice(part * own * width, (part + 1) * own * width);
  const taken = new Float32Array(own * width);
  packing.rows.slice(part * own, (part + 1) * own).forEach((row, i) => {
    taken.set(values.subarray(row * width, (row + 1) * width), i * width);
  });
  return taken;
}

/** A named weight of a model. The optimizer updates `value` in place; whoever replaces it disposes the old one. */
export interface Parameter extends ParameterIdentity {
  /** True for one that never trains, whatever the recipe: the weights that train are beside it. */
  readonly frozen?: boolean;
  /** True for one that did not come with the checkpoint: it starts from random numbers, zeros or ones. */
  readonly startsNew?: boolean;
  value: Tensor;
  /** Set on the classifier of an earlier task: it is scored and may train, and never leaves the run. */
  readonly task?: "earlier";
}

/** Gradients by parameter. */
export type Gradients = Map<Parameter, Tensor>;

/** Tensors of the parameters' shapes that gradients are written into. */
export type GradientPlaces = Pick<ReadonlyMap<Parameter, Tensor>, "get">;

/**
 * The order in which weights, gradients and moments lie in memory: AdamW then goes over parameters of the same decay in
 * a row, and over all of them at once.
 */
export function inMemoryOrder<T extends Pick<ParameterIdentity, "decays">>(parameters: Iterable<T>): T[] {
  return [...parameters].sort((a, b) => Number(b.decays) - Number(a.decays));
}
