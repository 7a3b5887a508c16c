import type { Tensor } from "@tensorflow/tfjs-core";
import { dropoutKey, NO_DROPOUT } from "../../../src/ops/dropout/random.ts";
import {
  addAndNorm,
  addAndNormGradient,
  normAndDrop,
  normAndDropGradient,
} from "../../../src/ops/layer-norm/layer-norm.ts";
import { randomValues, toCapacity, toTensor } from "../numbers.ts";

const shapes = [
  { name: "1 token", tokens: 1, hidden: 8 },
  { name: "odd T", tokens: 13, hidden: 12 },
  { name: "an odd number of fours", tokens: 3, hidden: 28 },
  { name: "a hidden size of twos", tokens: 5, hidden: 78 },
  { name: "an odd hidden size", tokens: 5, hidden: 91 },
  { name: "a hidden size above one workgroup", tokens: 2, hidden: 260 },
  { name: "a row of maximum length", tokens: 512, hidden: 4 },
];
const dropouts = [
  { kind: "no dropout", dropout: NO_DROPOUT },
  { kind: "dropout 0.3", dropout: { rate: 0.3, key: dropoutKey(7, 2, 0, 5) } },
];

/** Shapes without dropout and with it. */
export const withDropouts = (some: typeof shapes) =>
  some.flatMap((shape) => dropouts.map((dropout) => ({ ...shape, ...dropout })));

export const layerNormCases = withDropouts(shapes);
type LayerNormCase = (typeof layerNormCases)[number];

export const epsilon = 1e-12;

/** Inputs of LayerNorm, with a branch beside x, and the gradient of its output. */
export function layerNormValues({ tokens, hidden }: Pick<LayerNormCase, "tokens" | "hidden">) {
  return {
    x: randomValues([tokens, hidden], 1, 2),
    branch: randomValues([tokens, hidden], 2),
    gamma: randomValues([hidden], 3),
    beta: randomValues([hidden], 4),
    dy: randomValues([tokens, hidden], 5),
  };
}

type LayerNormValues = ReturnType<typeof layerNormValues>;

/** All that `addAndNorm` and its gradient give, with room for `spare` more tokens. */
export function onBranch({ tokens, dropout }: LayerNormCase, values: LayerNormValues, spare: number) {
  const { x, branch, gamma, beta, dy } = values;
  const capacity = tokens + spare;
  const [scale, gradient] = [toTensor(gamma), toCapacity(dy, capacity)];
  const options = { tokens, epsilon, dropout };
  const { y, ...saved } = addAndNorm(
    toCapacity(x, capacity),
    toCapacity(branch, capacity),
    scale,
    toTensor(beta),
    options,
  );
  const { parameters, ...below } = addAndNormGradient(gradient, saved, scale, {
    tokens,
    dropout,
    wantsParameters: true,
  });
  if (!parameters) throw new Error("The parameters' gradients are missing.");
  return { y, ...saved, ...below, ...parameters };
}

/** The same of `normAndDrop`. */
export function onOutput(
  { tokens, dropout }: LayerNormCase,
  values: LayerNormValues,
  spare: number,
): Record<string, Tensor> {
  const { x, gamma, beta, dy } = values;
  const capacity = tokens + spare;
  const [scale, gradient] = [toTensor(gamma), toCapacity(dy, capacity)];
  const { y, ...saved } = normAndDrop(toCapacity(x, capacity), scale, toTensor(beta), { tokens, epsilon, dropout });
  const { dx, parameters } = normAndDropGradient(gradient, saved, scale, { tokens, dropout, wantsParameters: true });
  return { y, ...saved, dx, ...parameters };
}
