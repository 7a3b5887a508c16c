import * as v from "valibot";
import { architectureOf } from "../io/architecture.ts";
import type { Activation } from "../ops/activation/activation.ts";
import { Problem } from "../problem/problem.ts";
import { poolings, type Pooling } from "./pooling.ts";

/** What the model needs of a `config.json` of model type "bert", or of one that is BERT by its fields. */
export interface BertConfig {
  vocabularySize: number;
  hiddenSize: number;
  layers: number;
  heads: number;
  intermediateSize: number;
  maxPositions: number;
  typeVocabularySize: number;
  activation: Activation;
  layerNormEpsilon: number;
  hiddenDropout: number;
  attentionDropout: number;
  classifierDropout: number;
  initializerRange: number;
  /** What the checkpoint's own classifier sees of a row; a field of ours, "pooler" where it is not there. */
  pooling: Pooling;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
/** More than any BERT has; a larger number would list tensors without end. */
const MOST_LAYERS = 1000;
const rate = v.pipe(v.number(), v.minValue(0), v.ltValue(1));

const schema = v.object({
  model_type: v.nullish(v.literal("bert")),
  vocab_size: count,
  hidden_size: count,
  num_hidden_layers: v.pipe(count, v.maxValue(MOST_LAYERS)),
  num_attention_heads: count,
  intermediate_size: count,
  max_position_embeddings: count,
  type_vocab_size: v.optional(count, 2),
  hidden_act: v.optional(v.picklist(["gelu", "gelu_new", "relu"]), "gelu"),
  layer_norm_eps: v.optional(v.number(), 1e-12),
  hidden_dropout_prob: v.optional(rate, 0.1),
  attention_probs_dropout_prob: v.optional(rate, 0.1),
  classifier_dropout: v.nullish(rate),
  initializer_range: v.optional(v.number(), 0.02),
  position_embedding_type: v.optional(v.literal("absolute"), "absolute"),
  is_decoder: v.optional(v.literal(false), false),
  tabtune: v.nullish(v.object({ pooling: v.optional(v.picklist(poolings), "pooler") })),
});

/**
 * Reads a parsed `config.json`. Throws a Problem for another architecture and for sizes the model cannot have:
 * the head size (hidden size / heads) is a multiple of 4 up to 128.
 */
export function parseBertConfig(json: unknown): BertConfig {
  checkFamily(json);
  const parsed = v.safeParse(schema, json);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new Problem({
      found: `config.json has ${v.getDotPath(issue) ?? "no object"} = ${issue.received}.`,
      expected: `It was expected to be ${issue.expected ?? "another value"}.`,
      remedy: "Take the config.json that belongs to this checkpoint, unchanged.",
      details: parsed.issues.map((one) => `${v.getDotPath(one) ?? "(file)"}: ${one.message}`).join("\n"),
    });
  }
  const file = parsed.output;
  const headSize = file.hidden_size / file.num_attention_heads;
  if (!Number.isInteger(headSize) || headSize % 4 !== 0 || headSize > 128) {
    throw new Problem({
      found: `The hidden size ${file.hidden_size} over ${file.num_attention_heads} heads gives a head size of ${headSize}.`,
      expected: "Attention works with head sizes that are multiples of 4, up to 128.",
      remedy: "Choose another checkpoint.",
    });
  }
  return {
    vocabularySize: file.vocab_size,
    hiddenSize: file.hidden_size,
    layers: file.num_hidden_layers,
    heads: file.num_attention_heads,
    intermediateSize: file.intermediate_size,
    maxPositions: file.max_position_embeddings,
    typeVocabularySize: file.type_vocab_size,
    activation: file.hidden_act,
    layerNormEpsilon: file.layer_norm_eps,
    hiddenDropout: file.hidden_dropout_prob,
    attentionDropout: file.attention_probs_dropout_prob,
    classifierDropout: file.classifier_dropout ?? file.hidden_dropout_prob,
    initializerRange: file.initializer_range,
    pooling: file.tabtune?.pooling ?? "pooler",
  };
}

/** Throws a Problem where the file names another family, or names none and has not BERT's fields. */
function checkFamily(json: unknown): void {
  const file: Record<string, unknown> = typeof json === "object" && json !== null ? { ...json } : {};
  const { model_type: type } = file;
  const architecture = architectureOf(json);
  if (type === "bert") return;
  const found =
    typeof type === "string"
      ? `The checkpoint is of type “${type}”.`
      : architecture !== null && !architecture.startsWith("Bert")
        ? `config.json has no model_type, and the architecture it names is ${architecture}.`
        : // BERT has two types of segments and pads with token 0; RoBERTa has the same fields.
          file.type_vocab_size === 1 && file.pad_token_id === 1
          ? "config.json has no model_type, and its fields are those of RoBERTa."
          : null;
  if (found === null) return;
  throw new Problem({
    found,
    expected: "Tabtune trains models of type “bert”.",
    remedy: "Choose a BERT checkpoint, e.g. bert-base-uncased, a MiniLM or a multilingual BERT.",
  });
}
