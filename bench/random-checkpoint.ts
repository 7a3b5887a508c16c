import { bytesSource, type ByteSource } from "../src/io/byte-source.ts";
import { encodeTensor, safetensorsHeader } from "../src/io/safetensors-write.ts";
import { openModel, type OpenedModel } from "../src/run/open-model.ts";
import { randomWeights, type BertShape } from "./minilm-shape.ts";

const SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

/** A classifier that was never trained, opened as if it had been dropped: its files are made in memory. */
export async function openRandomModel(shape: BertShape, seed: number): Promise<OpenedModel> {
  const weights = [...randomWeights(shape, seed)];
  const entries = weights.map(([name, { shape: sizes }]) => ({ name, dtype: "float32" as const, shape: sizes }));
  const tensors = weights.map(([, { values }]) => encodeTensor(values, "float32"));
  const file = await new Blob([safetensorsHeader(entries, {}), ...tensors]).arrayBuffer();
  return openModel([
    jsonSource("config.json", configOf(shape)),
    jsonSource("tokenizer.json", tokenizerOf(shape.vocabulary)),
    bytesSource("model.safetensors", new Uint8Array(file)),
  ]);
}

function configOf({ layers, hidden, heads, intermediate, vocabulary, positions, types, classes }: BertShape) {
  return {
    model_type: "bert",
    vocab_size: vocabulary,
    hidden_size: hidden,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    intermediate_size: intermediate,
    max_position_embeddings: positions,
    type_vocab_size: types,
    id2label: Object.fromEntries(Array.from({ length: classes }, (_, k) => [String(k), `old ${k}`])),
  };
}

/** A word for each id after the special tokens. */
function tokenizerOf(vocabulary: number) {
  const words = [...SPECIAL, ...Array.from({ length: vocabulary - SPECIAL.length }, (_, i) => `w${i}`)];
  return {
    version: "1.0",
    added_tokens: SPECIAL.map((content, id) => ({ id, content, special: true, normalized: false })),
    normalizer: { type: "BertNormalizer", lowercase: true },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: { type: "BertProcessing", cls: ["[CLS]", 2], sep: ["[SEP]", 3] },
    model: { type: "WordPiece", unk_token: "[UNK]", vocab: Object.fromEntries(words.map((word, id) => [word, id])) },
  };
}

function jsonSource(name: string, value: unknown): ByteSource {
  return bytesSource(name, new TextEncoder().encode(JSON.stringify(value)));
}
