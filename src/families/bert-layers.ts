import type { LowRankTarget } from "../model/low-rank.ts";
import type { ParameterNames } from "../model/names.ts";

/** The names of the layers in BERT and in the families whose code began as a copy of BERT's; `base` is their beginning. */
export function bertLayer(base: string): ParameterNames["layer"] {
  return (index) => {
    const prefix = `${base}encoder.layer.${index}`;
    return {
      query: `${prefix}.attention.self.query`,
      key: `${prefix}.attention.self.key`,
      value: `${prefix}.attention.self.value`,
      attentionOutput: `${prefix}.attention.output.dense`,
      attentionNorm: `${prefix}.attention.output.LayerNorm`,
      intermediate: `${prefix}.intermediate.dense`,
      output: `${prefix}.output.dense`,
      outputNorm: `${prefix}.output.LayerNorm`,
    };
  };
}

/** The modules of such layers, as PEFT's adapter_config.json names them. */
export function bertTargets(target: LowRankTarget, layers: number): string[] {
  switch (target) {
    case "query":
    case "key":
    case "value":
      return [target];
    case "attentionOutput":
      return ["attention.output.dense"];
    case "intermediate":
      return ["intermediate.dense"];
    case "output":
      // "output.dense" alone would be the end of "attention.output.dense" too.
      return Array.from({ length: layers }, (_, layer) => `layer.${layer}.output.dense`);
  }
}
