import { createRandom } from "../../src/data/random.ts";
import type { EncodedDataset } from "../../src/data/rows.ts";

/** The sizes of a classifier that a training step depends on. */
export interface ModelShape {
  layers: number;
  hidden: number;
  heads: number;
  intermediate: number;
  vocabulary: number;
  positions: number;
  types: number;
  classes: number;
  /** Epsilon of every LayerNorm. */
  layerNormEpsilon: number;
}

/** One weight by its Hugging Face name; `values` in row-major order. */
interface Weight {
  shape: number[];
  values: Float32Array<ArrayBuffer>;
}

export type Weights = Map<string, Weight>;

/** all-MiniLM-L6-v2 with a classifier of two classes. */
export const miniLm: ModelShape = {
  layers: 6,
  hidden: 384,
  heads: 12,
  intermediate: 1536,
  vocabulary: 30522,
  positions: 512,
  types: 2,
  classes: 2,
  layerNormEpsilon: 1e-12,
};

/** bert-base-uncased with a classifier of two classes. */
export const bertBase: ModelShape = { ...miniLm, layers: 12, hidden: 768, intermediate: 3072 };

/** Names and shapes of all parameters of `BertForSequenceClassification`, in its order. */
export function parameterShapes(shape: ModelShape): Map<string, number[]> {
  const { hidden, intermediate } = shape;
  const shapes = new Map<string, number[]>();
  const linear = (name: string, outputs: number, inputs: number) => {
    shapes.set(`${name}.weight`, [outputs, inputs]);
    shapes.set(`${name}.bias`, [outputs]);
  };
  const norm = (name: string) => {
    shapes.set(`${name}.weight`, [hidden]);
    shapes.set(`${name}.bias`, [hidden]);
  };
  shapes.set("bert.embeddings.word_embeddings.weight", [shape.vocabulary, hidden]);
  shapes.set("bert.embeddings.position_embeddings.weight", [shape.positions, hidden]);
  shapes.set("bert.embeddings.token_type_embeddings.weight", [shape.types, hidden]);
  norm("bert.embeddings.LayerNorm");
  for (let layer = 0; layer < shape.layers; layer++) {
    const prefix = `bert.encoder.layer.${layer}`;
    for (const part of ["query", "key", "value"]) linear(`${prefix}.attention.self.${part}`, hidden, hidden);
    linear(`${prefix}.attention.output.dense`, hidden, hidden);
    norm(`${prefix}.attention.output.LayerNorm`);
    linear(`${prefix}.intermediate.dense`, intermediate, hidden);
    linear(`${prefix}.output.dense`, hidden, intermediate);
    norm(`${prefix}.output.LayerNorm`);
  }
  linear("bert.pooler.dense", hidden, hidden);
  linear("classifier", shape.classes, hidden);
  return shapes;
}

/** config.json of an encoder of these sizes, as `BertModel` writes it. */
export function configFile(shape: ModelShape): Record<string, unknown> {
  return {
    architectures: ["BertModel"],
    model_type: "bert",
    vocab_size: shape.vocabulary,
    hidden_size: shape.hidden,
    num_hidden_layers: shape.layers,
    num_attention_heads: shape.heads,
    intermediate_size: shape.intermediate,
    max_position_embeddings: shape.positions,
    type_vocab_size: shape.types,
    layer_norm_eps: shape.layerNormEpsilon,
  };
}

/**
 * Initial weights as transformers makes them: normal with deviation 0.02 (its `initializer_range`), biases 0, LayerNorm 1 and 0.
 * The time of a step does not depend on the values; equal seeds give equal weights.
 */
export function randomWeights(shape: ModelShape, seed: number): Weights {
  const random = createRandom(seed);
  // Box and Muller 1958; 1 − u keeps the logarithm finite.
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const weights: Weights = new Map();
  for (const [name, dimensions] of parameterShapes(shape)) {
    const values = new Float32Array(dimensions.reduce((product, size) => product * size, 1));
    if (name.endsWith("LayerNorm.weight")) values.fill(1);
    else if (!name.endsWith(".bias")) values.forEach((_, i) => (values[i] = 0.02 * normal()));
    weights.set(name, { shape: dimensions, values });
  }
  return weights;
}

/** Rows of token ids with the class of each; a row is as long as it is, nothing is padded. */
export interface Rows {
  ids: number[][];
  /** Segment (0 or 1) of each token. */
  types: number[][];
  labels: number[];
}

/** The first `count` of the rows. */
export function firstRows({ ids, types, labels }: Rows, count: number): Rows {
  return { ids: ids.slice(0, count), types: types.slice(0, count), labels: labels.slice(0, count) };
}

/** Rows of the given lengths with random ids above the special tokens' ([CLS] is 101, [SEP] 102), one segment. */
export function randomRows(lengths: readonly number[], shape: ModelShape, seed: number): Rows {
  const random = createRandom(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const lowest = Math.min(1000, shape.vocabulary >> 1);
  const id = () => lowest + below(shape.vocabulary - lowest);
  return {
    ids: lengths.map((length) => Array.from({ length }, id)),
    types: lengths.map((length) => new Array<number>(length).fill(0)),
    labels: lengths.map(() => below(shape.classes)),
  };
}

/** Random ids in rows whose lengths cycle evenly from the shortest to the longest. */
export function randomDataset(
  count: number,
  [shortest, longest]: [number, number],
  vocabulary: number,
  seed: number,
): EncodedDataset {
  const lengths = Array.from({ length: count }, (_, row) => shortest + ((row * 7) % (longest - shortest + 1)));
  return endToEnd(randomRows(lengths, { ...miniLm, vocabulary }, seed));
}

/** Rows as a run holds them: laid end to end. */
export function endToEnd({ ids, types, labels }: Rows): EncodedDataset {
  const rowStart = new Int32Array(ids.length + 1);
  ids.forEach((row, i) => (rowStart[i + 1] = (rowStart[i] ?? 0) + row.length));
  return {
    ids: Int32Array.from(ids.flat()),
    types: Int32Array.from(types.flat()),
    rowStart,
    fullLengths: Int32Array.from(ids, (row) => row.length),
    labels: Int32Array.from(labels),
  };
}
