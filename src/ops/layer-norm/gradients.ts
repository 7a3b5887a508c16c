import type { Dropout } from "../dropout/random.ts";

export interface BackwardOptions {
  tokens: number;
  dropout: Dropout;
  /** Where the forward pass dropped: from what it added, or from its output. */
  onBranch: boolean;
  /** False where neither gamma nor beta trains. */
  wantsParameters: boolean;
}

/** dx[T, H]; dBranch[T, H] of `addAndNorm`; dGamma[H] and dBeta[H] where they are wanted. */
export type LayerNormGradients<T> = {
  dx: T;
  dBranch?: T;
  dGamma?: T;
  dBeta?: T;
};
