import type { Tensor } from "@tensorflow/tfjs-core";

/** What a parameter is, in the model and in a checkpoint. */
export interface ParameterIdentity {
  /** What it is in a model of any family, e.g. "encoder.layer.3.qkv.weight". */
  readonly role: string;
  /** Its full name in a checkpoint; for packed weights the first part's. */
  readonly name: string;
  /** Names of the parts packed into one tensor along its first axis, equal in size; one part: the name itself. */
  readonly parts: readonly string[];
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
