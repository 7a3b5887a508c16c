import type { Tensor } from "@tensorflow/tfjs-core";

/** A named weight of a model. The optimizer replaces `value` at each step; whoever replaces it disposes the old one. */
export interface Parameter {
  /** Full name, e.g. "bert.encoder.layer.0.output.dense.weight"; for packed weights the first part's. */
  readonly name: string;
  /** Names of the parts packed into one tensor along its first axis, equal in size; one part: the name itself. */
  readonly parts: readonly string[];
  /** False for biases and LayerNorm. */
  readonly decays: boolean;
  /** 0 for the embeddings, 1 … L for the encoder's layers, L + 1 for what lies above. */
  readonly level: number;
  /** True for one that never trains, whatever the recipe: what trains stands beside it. */
  readonly frozen?: boolean;
  /** True for one that did not come with the checkpoint: it starts from random numbers, zeros or ones. */
  readonly startsNew?: boolean;
  value: Tensor;
  /** Set on the classifier of an earlier task: it is scored and may train, and never leaves the run. */
  readonly task?: "earlier";
}

/** Gradients by parameter. */
export type Gradients = Map<Parameter, Tensor>;
