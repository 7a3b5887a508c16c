import * as v from "valibot";
import type { ModelConfig, PositionProducts } from "../model/config.ts";
import { Problem } from "../problem/problem.ts";
import { activation, checkHeadSize, count, layerCount, poolingOf, rate, tabtune } from "./config-fields.ts";
import { rowOf, sideOf } from "./deberta-v2/buckets.ts";

const types = v.array(v.picklist(["c2p", "p2c"]));

/** `pos_att_type`: a list, or one text with bars between. */
const positionProducts = v.pipe(
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
  // Without a product its table of positions would stand unused.
  v.check(({ contentToPosition, positionToContent }) => contentToPosition || positionToContent, "c2p or p2c, or both"),
);

/** The fields that all DeBERTas have; those with one value alone are what other values would compute otherwise. */
export const debertaFields = {
  vocab_size: count,
  hidden_size: count,
  num_hidden_layers: layerCount,
  num_attention_heads: count,
  intermediate_size: count,
  max_position_embeddings: count,
  hidden_act: v.optional(activation, "gelu"),
  layer_norm_eps: v.optional(v.number(), 1e-7),
  hidden_dropout_prob: v.optional(rate, 0.1),
  attention_probs_dropout_prob: v.optional(rate, 0.1),
  pooler_dropout: v.optional(rate, 0),
  pooler_hidden_act: v.optional(activation, "gelu"),
  cls_dropout: v.nullish(rate),
  initializer_range: v.optional(v.number(), 0.02),
  max_relative_positions: v.optional(v.number(), -1),
  pos_att_type: positionProducts,
  relative_attention: v.literal(true),
  position_biased_input: v.literal(false),
  type_vocab_size: v.optional(v.literal(0), 0),
  tabtune,
};

type Fields = v.InferOutput<v.ObjectSchema<typeof debertaFields, undefined>>;

/** What to build: BERT's layers, whose scores have products with positions by distance. `buckets` is 0 for none. */
export function debertaConfig(
  fields: Fields,
  buckets: number,
): Omit<ModelConfig, "family" | "names" | "trainsBesideLowRank"> {
  checkHeadSize(fields.hidden_size, fields.num_attention_heads);
  // Without a number of its own the most that is told apart is that of the positions.
  const most = fields.max_relative_positions < 1 ? fields.max_position_embeddings : fields.max_relative_positions;
  const table = { buckets: Math.max(0, buckets), most };
  const classifierDropout = fields.cls_dropout ?? fields.hidden_dropout_prob;
  refuseOtherDropout(fields.pooler_dropout, classifierDropout);
  const products = fields.pos_att_type;
  const headSize = fields.hidden_size / fields.num_attention_heads;
  const summands = 1 + Number(products.contentToPosition) + Number(products.positionToContent);
  return {
    vocabularySize: fields.vocab_size,
    hiddenSize: fields.hidden_size,
    layers: fields.num_hidden_layers,
    heads: fields.num_attention_heads,
    intermediateSize: fields.intermediate_size,
    maxPositions: fields.max_position_embeddings,
    relativeBuckets: 2 * sideOf(table),
    bucketOf: (distance) => rowOf(distance, table),
    positionProducts: products,
    attentionScale: 1 / Math.sqrt(headSize * summands),
    typeVocabularySize: 0,
    activation: fields.hidden_act,
    layerForm: "post-norm",
    layerNormEpsilon: fields.layer_norm_eps,
    hiddenDropout: fields.hidden_dropout_prob,
    attentionDropout: fields.attention_probs_dropout_prob,
    classifierDropout,
    dropsAttentionOutput: true,
    head: [
      { part: "pooler", dropsInput: fields.pooler_dropout > 0, activation: fields.pooler_hidden_act },
      { part: "classifier", dropsInput: true, activation: "none" },
    ],
    initializerRange: fields.initializer_range,
    pooling: poolingOf(fields.tabtune),
  };
}

/** Throws a Problem for a pooler that drops with a rate of its own. */
function refuseOtherDropout(pooler: number, classifier: number): void {
  if (pooler === 0 || pooler === classifier) return;
  throw new Problem({
    found: `config.json has pooler_dropout = ${pooler}, and the classifier drops with ${classifier}.`,
    expected: "The pooler was expected to drop nothing, or with the classifier's rate.",
    remedy: "Set pooler_dropout to 0 in config.json.",
  });
}
