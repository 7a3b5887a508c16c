import type { ModelShape, Rows, Weights } from "../inputs/model-shape.ts";

/** The work of a peer: model, batch and regularization. */
export interface PeerSettings {
  shape: ModelShape;
  weights: Weights;
  /** Room for the largest batch. */
  rows: number;
  tokens: number;
  /** Probability for hidden states, attention and classifier alike. */
  dropout: number;
  /** Whether to use plain Adam without weight decay and clipping, which stock tfjs lacks, to compare losses. */
  plainAdam: boolean;
}

/** One implementation of the training step, on the backend that is set. */
export interface Peer {
  /**
   * Records one step: forward, backward, update. Returns when JavaScript is free again; `loss` resolves to the mean
   * loss before the update, once the whole step has been computed.
   */
  step(rows: Rows): { loss: () => Promise<number> };
  /** Disposes all tensors. */
  dispose(): void;
}

/** Small enough that one step from random weights is no leap, large enough that the next loss shows the update. */
export const LEARNING_RATE = 1e-4;

export const WEIGHT_DECAY = 0.01;
