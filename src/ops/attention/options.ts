import type { Tensor } from "@tensorflow/tfjs-core";
import type { Dropout } from "../dropout/random.ts";

/**
 * What scores have besides q · k, by the distance of query and key: `table` has a row for each distance from 1 − span to
 * span − 1, query − key, which are more than any two tokens of a row have. That of a frozen one has no gradient on GPUs,
 * where it takes a pass of its own.
 */
export type Relative =
  | {
      /** A number for each head, added after scaling: table[2·span − 1, heads]. */
      kind: "bias";
      isFrozen?: boolean;
      span: number;
      table: Tensor;
    }
  | {
      /**
       * Products with positions, before scaling (He et al. 2021, DeBERTa): table[2·span − 1, parts · H] has a query and
       * a key of each distance side by side, laid out as in qkv; a third part is not read.
       */
      kind: "products";
      isFrozen?: boolean;
      span: number;
      table: Tensor;
      parts: 2 | 3;
      /** Whether queries are multiplied with the keys of positions, and keys with their queries. */
      contentToPosition: boolean;
      positionToContent: boolean;
    };

/** What kind of attention it is; a kernel is specialized for it when it is compiled. */
export interface AttentionForm {
  /** A query looks at keys at most so far away, to both sides; all of its row where not given. */
  window?: number | null | undefined;
  /** What scores are multiplied with; 1 / √(head size) where not given. */
  scale?: number | undefined;
  relative?: Relative | null | undefined;
}

/** What the attention op needs to know besides its tensors. */
export interface AttentionOptions {
  tokens: number;
  heads: number;
  /** Applied to the probabilities. */
  dropout: Dropout;
  form?: AttentionForm | undefined;
}

/** The same with first token and end of each row on the host [B + 1]. */
export type HostOptions = AttentionOptions & { rowStart: Int32Array };

/** `bounds` is int32 [T, 2]: first token and end of the token's row; `blocks` int32 [·, 4], as `rowBlocks` has them. */
export type ForwardInputs = { qkv: Tensor; bounds: Tensor; blocks: Tensor };
export type BackwardInputs = ForwardInputs & { dOut: Tensor; out: Tensor; lse: Tensor };

/** Tokens of the longest row. */
export function longestRow(rowStart: Int32Array): number {
  return rowStart.reduce((most, start, i) => Math.max(most, start - (rowStart[i - 1] ?? start)), 0);
}
