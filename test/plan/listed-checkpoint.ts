import { bytesSource } from "../../src/io/byte-source.ts";
import type { ModelConfig } from "../../src/model/config.ts";
import { parameterLayout } from "../../src/model/layout.ts";
import type { LoadableModel } from "../../src/run/open-model.ts";

const source = bytesSource("model.safetensors", new Uint8Array(0));

/**
 * A checkpoint that lists all tensors of a classifier of so many classes and holds none of them: what a plan may read
 * of one.
 */
export function listedCheckpoint(config: ModelConfig, classes = 3): LoadableModel {
  const layout = parameterLayout(config, classes, "pooler");
  const names = layout.flatMap(({ parts, partShape: shape }) => parts.map((name) => [name, shape] as const));
  const tensors = new Map(names.map(([name, shape]) => [name, { source, dtype: "F32", shape, start: 0, end: 0 }]));
  const labelNames = Array.from({ length: classes }, (_, i) => `class ${i}`);
  return {
    config,
    files: { weights: { metadata: new Map(), tensors } },
    summary: { name: "listed", labelNames, head: { kind: "single-label", classes: labelNames, obstacle: null } },
  };
}
