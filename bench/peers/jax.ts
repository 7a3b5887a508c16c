import {
  defaultDevice,
  getWebGPUDevice,
  init,
  blockUntilReady,
  jit,
  nn,
  numpy as np,
  tree,
  valueAndGrad,
  type Device,
} from "@jax-js/jax";
import { provideWebGpu } from "../../src/cli/node-backend.ts";
import { adapterName, isSoftware } from "../../src/gpu/adapter.ts";
import { LEARNING_RATE, WEIGHT_DECAY, type Peer, type PeerSettings } from "./peer.ts";
import type { ModelShape, Rows, Weights } from "../inputs/model-shape.ts";

/** Starts jax-js on WebGPU; it has one device for the whole process, and is given the adapter that ours is given. */
export async function openJax(): Promise<{ adapter: string; device: GPUDevice }> {
  await provideWebGpu();
  const started = await init("webgpu");
  if (!started.includes("webgpu")) throw new Error("jax-js found no WebGPU.");
  defaultDevice("webgpu");
  const device = getWebGPUDevice();
  const { adapterInfo } = device;
  return { adapter: adapterName(adapterInfo) + (isSoftware(adapterInfo) ? " (software)" : ""), device };
}

/** jax-js on the device of `openJax`. It has no dropout whatever is asked for, and does less by that. */
export function jaxPeer({ shape, weights, plainAdam }: PeerSettings): Peer {
  const options = { learningRate: LEARNING_RATE, weightDecay: plainAdam ? 0 : WEIGHT_DECAY };
  const jax = new JaxStep(shape, weights, options, "webgpu");
  return {
    step: (rows) => jax.step(rows, Math.max(...rows.ids.map((row) => row.length))),
    dispose: () => jax.dispose(),
  };
}

// jax-js's trees of arrays have to be type aliases.
type Arrays = Record<string, np.Array>;
type Moments = { first: Arrays; second: Arrays };
type PaddedRows = {
  /** [rows · length] each. */
  ids: np.Array;
  types: np.Array;
  positions: np.Array;
  /** 0 where a token is, −1e9 on padding [rows, 1, 1, length]. */
  maskBias: np.Array;
  /** [rows] */
  labels: np.Array;
};

/** Weight decay, which the AdamW step leaves out when it is 0. */
interface JaxStepOptions {
  learningRate: number;
  weightDecay: number;
}

/**
 * The training step that a person writes with jax-js: padded rows, value and gradient of the loss by one `jit`, AdamW
 * by hand in another. It drops nothing and clips nothing, and so does less than the step it is compared with.
 *
 * jax-js counts references: whoever passes an array on gives it away, and takes a `ref` to keep it.
 */
export class JaxStep {
  private weights: Arrays;
  private moments: Moments;
  private steps = 0;
  private readonly valueAndGradient;
  private readonly update;

  constructor(
    shape: ModelShape,
    weights: Weights,
    options: JaxStepOptions,
    private readonly device: Device,
  ) {
    const arrays = [...weights].map(([name, { shape: dimensions, values }]): [string, np.Array] => {
      const array = np.array(values, { shape: dimensions, device });
      return [name, isLinear(name) ? np.transpose(array) : array];
    });
    this.weights = Object.fromEntries(arrays);
    const zeros = () =>
      Object.fromEntries(arrays.map(([name, { shape: dimensions }]) => [name, np.zeros(dimensions, { device })]));
    this.moments = { first: zeros(), second: zeros() };
    this.valueAndGradient = jit(valueAndGrad((own: Arrays, rows: PaddedRows) => lossOf(shape, own, rows)));
    this.update = jit((own: Arrays, gradients: Arrays, moments: Moments, step: np.Array) =>
      adamW(own, gradients, moments, step, options),
    );
  }

  /**
   * One step: forward, backward, update. Returns when it is recorded.
   *
   * @param length tokens to which every row is padded
   * @returns the mean loss before the update, once the whole step has been computed
   */
  step(rows: Rows, length: number): { loss: () => Promise<number> } {
    const [loss, gradients] = this.valueAndGradient(tree.ref(this.weights), this.padRows(rows, length));
    const step = np.array(new Float32Array([++this.steps]), { shape: [], device: this.device });
    [this.weights, this.moments] = this.update(this.weights, gradients, this.moments, step);
    const updated = this.weights;
    return {
      async loss() {
        await blockUntilReady(updated);
        // Its type names Float16Array, which ES2023 does not have.
        const values: unknown = await loss.data();
        if (!(values instanceof Float32Array)) throw new Error("The loss is not of float32.");
        return values[0] ?? NaN;
      },
    };
  }

  dispose(): void {
    tree.dispose(this.weights);
    tree.dispose(this.moments);
    this.valueAndGradient.dispose();
    this.update.dispose();
  }

  private padRows(rows: Rows, length: number): PaddedRows {
    const { device } = this;
    const pad = (row: number[], filler: number) => [...row, ...new Array<number>(length - row.length).fill(filler)];
    const integers = (values: number[]) => np.array(Int32Array.from(values), { dtype: np.int32, device });
    const bias = rows.ids.flatMap((row) => pad(new Array<number>(row.length).fill(0), -1e9));
    return {
      ids: integers(rows.ids.flatMap((row) => pad(row, 0))),
      types: integers(rows.types.flatMap((row) => pad(row, 0))),
      positions: integers(rows.ids.flatMap(() => [...new Array<number>(length).keys()])),
      maskBias: np.array(Float32Array.from(bias), { shape: [rows.ids.length, 1, 1, length], device }),
      labels: integers(rows.labels),
    };
  }
}

/** Mean cross-entropy of an encoder's classifier; consumes its arguments, as jax-js does. */
function lossOf(shape: ModelShape, weights: Arrays, { ids, types, positions, maskBias, labels }: PaddedRows): np.Array {
  const [rows = 0, , , length = 0] = maskBias.shape;
  const { layers, heads, hidden } = shape;
  const weight = (name: string): np.Array => {
    const array = weights[name];
    if (!array) throw new Error(`The weights have no ${name}.`);
    return array;
  };
  const linear = (x: np.Array, name: string) => np.matmul(x, weight(`${name}.weight`)).add(weight(`${name}.bias`));
  const norm = (x: np.Array, name: string) =>
    nn
      .standardize(x, -1, { epsilon: shape.layerNormEpsilon })
      .mul(weight(`${name}.weight`))
      .add(weight(`${name}.bias`));

  // Looked up in one row of ids: the gradient of a lookup in a matrix of ids cannot be jitted.
  const table = (name: string, at: np.Array) => np.take(weight(`bert.embeddings.${name}_embeddings.weight`), at, 0);
  const sum = table("word", ids).add(table("token_type", types)).add(table("position", positions));
  let x = norm(sum, "bert.embeddings.LayerNorm");

  for (let layer = 0; layer < layers; layer++) {
    const prefix = `bert.encoder.layer.${layer}`;
    const split = (name: string, axes: number[]) =>
      np.transpose(
        linear(x.ref, `${prefix}.attention.self.${name}`).reshape([rows, length, heads, hidden / heads]),
        axes,
      );
    const scores = np.matmul(split("query", [0, 2, 1, 3]), split("key", [0, 2, 3, 1])).mul(Math.sqrt(heads / hidden));
    const shares = nn.softmax(scores.add(maskBias.ref), -1);
    const context = np.transpose(np.matmul(shares, split("value", [0, 2, 1, 3])), [0, 2, 1, 3]);
    const attended = linear(context.reshape([rows * length, hidden]), `${prefix}.attention.output.dense`);
    const middle = norm(attended.add(x), `${prefix}.attention.output.LayerNorm`);
    const inner = nn.gelu(linear(middle.ref, `${prefix}.intermediate.dense`), { approximate: false });
    x = norm(linear(inner, `${prefix}.output.dense`).add(middle), `${prefix}.output.LayerNorm`);
  }
  maskBias.dispose();

  const first = x.reshape([rows, length, hidden]).slice([], 0);
  const logits = linear(np.tanh(linear(first, "bert.pooler.dense")), "classifier");
  return nn
    .logSoftmax(logits, -1)
    .mul(nn.oneHot(labels, shape.classes))
    .sum()
    .mul(-1 / rows);
}

const BETAS = [0.9, 0.999] as const;
const EPSILON = 1e-8;

/** AdamW (Loshchilov and Hutter 2019) with PyTorch's places of bias correction and ε; uses up all it is given. */
function adamW(
  weights: Arrays,
  gradients: Arrays,
  moments: Moments,
  step: np.Array,
  { learningRate, weightDecay }: JaxStepOptions,
): [Arrays, Moments] {
  const [updated, first, second]: [Arrays, Arrays, Arrays] = [{}, {}, {}];
  const [beta1, beta2] = BETAS;
  const correction1 = np.subtract(1, np.power(beta1, step.ref));
  const correction2 = np.subtract(1, np.power(beta2, step));
  for (const [name, weight] of Object.entries(weights)) {
    const [gradient, m, v] = [gradients[name], moments.first[name], moments.second[name]];
    if (!gradient || !m || !v) throw new Error(`${name} has no gradient or no moments.`);
    const nextM = m.mul(beta1).add(gradient.ref.mul(1 - beta1));
    const nextV = v.mul(beta2).add(np.square(gradient).mul(1 - beta2));
    const deviation = np.sqrt(nextV.ref.div(correction2.ref)).add(EPSILON);
    const direction = nextM.ref.div(correction1.ref).div(deviation);
    const decay = isDecayed(name) ? learningRate * weightDecay : 0;
    updated[name] = weight.mul(1 - decay).sub(direction.mul(learningRate));
    first[name] = nextM;
    second[name] = nextV;
  }
  correction1.dispose();
  correction2.dispose();
  return [updated, { first, second }];
}

/** Matrices that multiply, kept as [inputs, outputs], as opposed to tables that are looked up. */
function isLinear(name: string): boolean {
  return name.endsWith(".weight") && !name.includes("embeddings.") && !name.includes("LayerNorm");
}

/** No decay on biases and LayerNorm. */
function isDecayed(name: string): boolean {
  return name.endsWith(".weight") && !name.includes("LayerNorm");
}
