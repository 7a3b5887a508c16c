import * as tf from "@tensorflow/tfjs";
import { LEARNING_RATE, type Peer, type PeerSettings } from "./peer.ts";
import type { ModelShape, Rows, Weights } from "../inputs/model-shape.ts";

/**
 * Stock tfjs on the backend that is set, whose stock kernels must be registered.
 *
 * @param padded tokens to which rows are padded at least; they are padded to the longest of them anyhow
 */
export function stockPeer({ shape, weights, dropout }: PeerSettings, padded = 0): Peer {
  const stock = new StockTfjsStep(shape, weights, LEARNING_RATE, dropout);
  return {
    step(rows) {
      const length = Math.max(padded, ...rows.ids.map((row) => row.length));
      const pending = stock.step(rows, length);
      return {
        async loss() {
          const [value = NaN] = await pending.data();
          pending.dispose();
          return value;
        },
      };
    },
    dispose: () => stock.dispose(),
  };
}

/** Rows as the classic recipe lays them out: padded to one length, with a mask. */
interface PaddedRows {
  ids: tf.Tensor2D;
  types: tf.Tensor2D;
  /** 0 where a token is, −1e9 on padding [rows, 1, 1, length]. */
  maskBias: tf.Tensor;
  labels: tf.Tensor1D;
}

/**
 * The training step that a person writes with tfjs's public API alone: padded rows, every op a stock op, gradients by
 * the tape, updates by `tf.train.adam`. It runs on whatever backend is set.
 *
 * Adam is what tfjs has. It does less than the step it is compared with: no weight decay, no clipping, no gradient
 * norm; made of stock ops these would add several dispatches for each of the 105 parameters. Linear weights are kept
 * as tfjs's own dense layers keep them, [inputs, outputs].
 */
export class StockTfjsStep {
  private readonly variables = new Map<string, tf.Variable>();
  private readonly optimizer: tf.Optimizer;

  /** @param dropout probability for hidden states, attention and classifier alike; 0 for none */
  constructor(
    private readonly shape: ModelShape,
    weights: Weights,
    learningRate: number,
    public dropout: number,
  ) {
    for (const [name, { shape: dimensions, values }] of weights) {
      const initial = tf.tidy(() => {
        const tensor = tf.tensor(values, dimensions);
        return isLinear(name) ? tf.transpose(tensor) : tensor;
      });
      this.variables.set(name, tf.variable(initial, true));
      initial.dispose();
    }
    this.optimizer = tf.train.adam(learningRate, 0.9, 0.999, 1e-8);
  }

  /**
   * One step: forward, backward, update. Returns when it is recorded.
   *
   * @param length tokens to which every row is padded
   * @returns the mean loss before the update, to be read and disposed by the caller
   */
  step(rows: Rows, length: number): tf.Scalar {
    const padded = padRows(rows, length);
    const loss = this.optimizer.minimize(() => this.loss(padded), true, [...this.variables.values()]);
    tf.dispose([padded.ids, padded.types, padded.maskBias, padded.labels]);
    if (!loss) throw new Error("minimize was asked for the cost and returned none.");
    return loss;
  }

  /** The mean loss alone, without an update. */
  evaluate(rows: Rows, length: number): tf.Scalar {
    return tf.tidy(() => this.loss(padRows(rows, length)));
  }

  /** Values of one weight as they are now, in the layout it was given in. */
  async read(name: string): Promise<Float32Array> {
    const kept = tf.tidy(() => (isLinear(name) ? tf.transpose(this.weight(name)) : tf.clone(this.weight(name))));
    const values = await kept.data<"float32">();
    kept.dispose();
    return values;
  }

  dispose(): void {
    this.optimizer.dispose();
    tf.dispose([...this.variables.values()]);
  }

  private weight(name: string): tf.Variable {
    const variable = this.variables.get(name);
    if (!variable) throw new Error(`The weights have no ${name}.`);
    return variable;
  }

  private loss(rows: PaddedRows): tf.Scalar {
    let hidden = this.embeddings(rows);
    for (let layer = 0; layer < this.shape.layers; layer++) {
      hidden = this.layer(hidden, rows.maskBias, `bert.encoder.layer.${layer}`);
    }
    const [count = 0, , width = 0] = hidden.shape;
    const first = tf.reshape(tf.slice(hidden, [0, 0, 0], [count, 1, width]), [count, width]);
    const pooled = this.drop(tf.tanh(this.linear(first, "bert.pooler.dense")));
    const logits = this.linear(pooled, "classifier");
    const truth = tf.oneHot(rows.labels, this.shape.classes);
    return tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(logits), truth), -1)));
  }

  private embeddings({ ids, types }: PaddedRows): tf.Tensor {
    const prefix = "bert.embeddings";
    const length = ids.shape[1];
    const words = lookUp(this.weight(`${prefix}.word_embeddings.weight`), ids);
    const segments = lookUp(this.weight(`${prefix}.token_type_embeddings.weight`), types);
    const positions = tf.slice(
      this.weight(`${prefix}.position_embeddings.weight`),
      [0, 0],
      [length, this.shape.hidden],
    );
    return this.drop(this.norm(tf.add(tf.add(words, segments), positions), `${prefix}.LayerNorm`));
  }

  private layer(input: tf.Tensor, maskBias: tf.Tensor, prefix: string): tf.Tensor {
    const [rows = 0, length = 0, hidden = 0] = input.shape;
    // Stock matmuls of a 3-D by a 2-D tensor broadcast the weight over rows; two dimensions make one large matmul.
    const tokens = tf.reshape(input, [rows * length, hidden]);
    const context = this.attention(tokens, maskBias, rows, length, `${prefix}.attention.self`);
    const attended = this.drop(this.linear(context, `${prefix}.attention.output.dense`));
    const middle = this.norm(tf.add(attended, tokens), `${prefix}.attention.output.LayerNorm`);
    const inner = gelu(this.linear(middle, `${prefix}.intermediate.dense`));
    const outer = this.drop(this.linear(inner, `${prefix}.output.dense`));
    return tf.reshape(this.norm(tf.add(outer, middle), `${prefix}.output.LayerNorm`), input.shape);
  }

  private attention(tokens: tf.Tensor, maskBias: tf.Tensor, rows: number, length: number, prefix: string): tf.Tensor {
    const { heads, hidden } = this.shape;
    const size = hidden / heads;
    const split = (name: string) =>
      tf.transpose(tf.reshape(this.linear(tokens, `${prefix}.${name}`), [rows, length, heads, size]), [0, 2, 1, 3]);
    const scores = tf.mul(tf.matMul(split("query"), split("key"), false, true), 1 / Math.sqrt(size));
    const shares = this.drop(tf.softmax(tf.add(scores, maskBias)));
    return tf.reshape(tf.transpose(tf.matMul(shares, split("value")), [0, 2, 1, 3]), [rows * length, hidden]);
  }

  private linear(input: tf.Tensor, name: string): tf.Tensor {
    return tf.add(tf.matMul(input, this.weight(`${name}.weight`)), this.weight(`${name}.bias`));
  }

  private norm(input: tf.Tensor, name: string): tf.Tensor {
    const { mean, variance } = tf.moments(input, -1, true);
    const standard = tf.div(tf.sub(input, mean), tf.sqrt(tf.add(variance, this.shape.layerNormEpsilon)));
    return tf.add(tf.mul(standard, this.weight(`${name}.weight`)), this.weight(`${name}.bias`));
  }

  private drop(input: tf.Tensor): tf.Tensor {
    return this.dropout > 0 ? tf.dropout(input, this.dropout) : input;
  }
}

/** Matrices that multiply, as opposed to tables that are looked up. */
function isLinear(name: string): boolean {
  return name.endsWith(".weight") && !name.includes("embeddings.") && !name.includes("LayerNorm");
}

/** GELU with the true error function (Hendrycks and Gimpel 2016). */
function gelu(input: tf.Tensor): tf.Tensor {
  return tf.mul(tf.mul(input, 0.5), tf.add(tf.erf(tf.mul(input, Math.SQRT1_2)), 1));
}

function padRows(rows: Rows, length: number): PaddedRows {
  const pad = (row: number[], filler: number) => [...row, ...new Array<number>(length - row.length).fill(filler)];
  const matrix = (values: number[][], filler: number) =>
    tf.tensor2d(Int32Array.from(values.flatMap((row) => pad(row, filler))), [values.length, length], "int32");
  const mask = rows.ids.flatMap((row) => pad(new Array<number>(row.length).fill(0), -1e9));
  return {
    ids: matrix(rows.ids, 0),
    types: matrix(rows.types, 0),
    maskBias: tf.tensor(Float32Array.from(mask), [rows.ids.length, 1, 1, length]),
    labels: tf.tensor1d(Int32Array.from(rows.labels), "int32"),
  };
}

/**
 * Rows of a table [entries, width] by their indices. The gradient of tfjs's own `gather` needs UnsortedSegmentSum, a
 * kernel that tfjs-wasm lacks: there it is given the one other stock op that adds up rows with equal indices.
 */
function lookUp(table: tf.Tensor, indices: tf.Tensor): tf.Tensor {
  if (tf.getBackend() !== "wasm") return tf.gather(table, indices);
  const [entries = 0, width = 0] = table.shape;
  const gather = tf.customGrad((x) => {
    if (!(x instanceof tf.Tensor)) throw new Error("The table is not a tensor.");
    return {
      value: tf.gather(x, indices),
      gradFunc: (dy: tf.Tensor | tf.Tensor[]) => {
        if (!(dy instanceof tf.Tensor)) throw new Error("There is more than one gradient.");
        return tf.scatterND(tf.reshape(indices, [indices.size, 1]), tf.reshape(dy, [indices.size, width]), [
          entries,
          width,
        ]);
      },
    };
  });
  return gather(table);
}
