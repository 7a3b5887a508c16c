import * as v from "valibot";
import type { PositionProducts } from "../model/config.ts";
import { Problem } from "../problem/problem.ts";

const types = v.array(v.picklist(["c2p", "p2c"]));

/** `pos_att_type`: a list, or one text with bars between. Files without it have products of contents alone. */
export const positionProducts = v.pipe(
  v.union([
    v.pipe(
      v.string(),
      v.transform((text) => text.split("|")),
      types,
    ),
    types,
  ]),
  v.transform((list): PositionProducts => ({
    contentToPosition: list.includes("c2p"),
    positionToContent: list.includes("p2c"),
  })),
);

/** How distances are shared; without a number of its own the most is that of the positions. */
export function positionTable(fields: {
  position_buckets?: number;
  max_relative_positions: number;
  max_position_embeddings: number;
}): { buckets: number; most: number } {
  const { position_buckets: buckets = 0, max_relative_positions: most, max_position_embeddings: positions } = fields;
  return { buckets: Math.max(0, buckets), most: most < 1 ? positions : most };
}

/** Throws a Problem for a pooler that drops with a rate of its own. */
export function refuseOtherDropout(pooler: number, classifier: number): void {
  if (pooler === 0 || pooler === classifier) return;
  throw new Problem({
    found: `config.json has pooler_dropout = ${pooler}, and the classifier drops with ${classifier}.`,
    expected: "The pooler was expected to drop nothing, or with the classifier's rate.",
    remedy: "Set pooler_dropout to 0 in config.json.",
  });
}
