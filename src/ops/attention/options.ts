import type { Dropout } from "../dropout/random.ts";

/** What the attention op needs to know besides its tensors. */
export interface AttentionOptions {
  tokens: number;
  heads: number;
  /** Of the probabilities. */
  dropout: Dropout;
}
