/** The shape of a step, which cannot be read from its buffers: these have the size of the largest batch. */
export interface StepShape {
  /** Tokens of each row. */
  lengths: readonly number[];
  /** Rows of the tensors that have one for each token. */
  tokenCapacity: number;
  hidden: number;
  heads: number;
}

/** The work of one dispatch, independent of its kernel. */
interface Work {
  /** For people; dispatches of one kind do the same to the same shape. */
  kind: string;
  /** Multiplications and additions of matrix products; 0 where only memory counts. */
  flops: number;
  /** Bytes that must be read and written, each once. */
  bytes: number;
}

/**
 * The work of a dispatch from the name of its program and from the bytes of its storage bindings, in their order (0 for
 * a buffer that was bound before). A program that has no rule here is taken to read or write each of its bindings once.
 */
export function workOf(label: string, sizes: readonly number[], step: StepShape): Work {
  const [name = "", constants = ""] = label.split(/(?=\{)/);
  if (name.startsWith("matmul ")) return matmulWork(name, sizes, step);
  const tokens = step.lengths.reduce((sum, length) => sum + length, 0);
  const { hidden, heads } = step;
  /** Bytes of one number for each token and each place of the hidden state. */
  const row = 4 * tokens * hidden;
  const at = (binding: number) => sizes[binding] ?? 0;
  const whole = sizes.reduce((sum, size) => sum + size, 0);
  const memory = (kind: string, bytes: number): Work => ({ kind, flops: 0, bytes });
  const pairs = step.lengths.reduce((sum, length) => sum + length * length, 0);
  // Each product of attention multiplies and adds once for a pair of tokens and a place of the hidden state.
  const attention = (kind: string, products: number, rows: number): Work => {
    return { kind, flops: 2 * products * pairs * hidden, bytes: rows * row + 16 * tokens * heads };
  };
  switch (name) {
    case "attention":
    case "attention-tiled":
      return attention("attention, forward", 2, 4);
    case "attention-by-query":
    case "attention-by-query-tiled":
      return attention("attention, backward by query", 3, 6);
    case "attention-by-key":
    case "attention-by-key-tiled":
      return attention("attention, backward by key", 4, 6);
    case "layer-norm":
      return memory("LayerNorm, forward", (at(1) > 0 ? 4 : 3) * row);
    case "layer-norm-backward":
      return memory("LayerNorm, backward", (constants.includes('"PLACE":0') ? 4 : 3) * row);
    case "embedding-gather":
      return memory("embedding, forward", 4 * row);
    case "embedding-scatter":
      return memory("embedding, backward", at(1) + at(3) + row);
    case "pool-gather":
      return memory("[CLS] of each row, forward", 2 * at(2));
    case "pool-scatter":
      return memory("[CLS] of each row, backward", at(0) + row);
    case "gradient-squares":
    case "gradient-squares by fours":
      return memory("gradient norm, sums of squares", whole);
    case "gradient-norm":
      return memory("gradient norm, its end", whole);
    case "adamw":
    case "adamw by eights":
      // Read: gradient, weight, two moments; written: all but the gradient.
      return memory("AdamW, large parameters", 7 * at(4));
    case "adamw of rows":
    case "adamw of rows by eights":
      // The gradient has some rows alone, and there is a list of them.
      return memory("AdamW, table by rows", 6 * at(4) + at(3) + at(5));
    case "adamw-together":
      return memory("AdamW, small parameters", 7 * (at(3) + at(5) + at(7)));
    default:
      return memory(name, whole);
  }
}

/** A linear layer of `outputs` × `inputs`, as its operands show it. */
interface Layer {
  outputs: number;
  inputs: number;
  /** Rows of the tensors. */
  capacity: number;
  /** Numbers read and written for each row that is there. */
  perRow: number;
}

/** From the floats of each binding: see src/ops/linear/operands.wgsl. */
const LAYERS: Record<string, (floats: readonly number[]) => Layer> = {
  /** x, w, bias, y and perhaps z. */
  FORWARD([, weight = 0, outputs = 0, ...results]) {
    const [inputs, [y = 0]] = [weight / outputs, results];
    return { outputs, inputs, capacity: y / outputs, perRow: inputs + results.length * outputs };
  },
  /** dy, w, perhaps what is added or goes through, dx. */
  INPUT_GRADIENT([dy = 0, weight = 0, ...others]) {
    const dx = others.at(-1) ?? 0;
    const capacity = Math.sqrt((dy * dx) / weight);
    const [outputs, inputs] = [dy / capacity, dx / capacity];
    return { outputs, inputs, capacity, perRow: outputs + others.length * inputs };
  },
  /** dy, x, dw, db. */
  WEIGHT_GRADIENT([dy = 0, , weight = 0, outputs = 0]) {
    const inputs = weight / outputs;
    return { outputs, inputs, capacity: dy / outputs, perRow: outputs + inputs };
  },
};

const PRODUCTS: Record<string, string> = {
  FORWARD: "y = x · wᵀ",
  INPUT_GRADIENT: "dx = dy · w",
  WEIGHT_GRADIENT: "dw = dyᵀ · x",
};

function matmulWork(name: string, sizes: readonly number[], { lengths, tokenCapacity }: StepShape): Work {
  const product = / (FORWARD|INPUT_GRADIENT|WEIGHT_GRADIENT) /.exec(name)?.[1] ?? "";
  const layer = LAYERS[product]?.(sizes.map((size) => size / 4));
  if (!layer) throw new Error(`The bench does not know the product ${name}.`);
  const { outputs, inputs, capacity, perRow } = layer;
  const tokens = lengths.reduce((sum, length) => sum + length, 0);
  const rows = capacity === tokenCapacity ? tokens : lengths.length;
  return {
    kind: `${PRODUCTS[product]}, ${inputs} to ${outputs}${capacity === tokenCapacity ? "" : ", of rows"}`,
    flops: 2 * rows * outputs * inputs,
    bytes: 4 * (rows * perRow + outputs * inputs + outputs),
  };
}
