import type { Tensor } from "@tensorflow/tfjs-core";
import type { Dropout } from "../dropout/random.ts";

/** What the attention op needs to know besides its tensors. */
export interface AttentionOptions {
  tokens: number;
  heads: number;
  /** Applied to the probabilities. */
  dropout: Dropout;
}

/** The same with first token and end of each row on the host [B + 1]. */
export type HostOptions = AttentionOptions & { rowStart: Int32Array };

/** `bounds` is int32 [T, 2]: first token and end of the token's row; `blocks` int32 [·, 4], as `rowBlocks` has them. */
export type ForwardInputs = { qkv: Tensor; bounds: Tensor; blocks: Tensor };
export type BackwardInputs = ForwardInputs & { dOut: Tensor; out: Tensor; lse: Tensor };
