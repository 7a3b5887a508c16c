import type { Tensor } from "@tensorflow/tfjs-core";
import { f32, u32 } from "../../gpu/program.ts";
import { hostOutput, hostView } from "../host.ts";
import { defineKernel } from "../kernel.ts";
import { sigmoid } from "../sigmoid.ts";
import bernoulliWgsl from "./bernoulli.wgsl?raw";
import differenceWgsl from "./difference.wgsl?raw";
import numbersWgsl from "./numbers.wgsl?raw";

/** What a number of the outputs is: the logit of a label, or the value of a regression. */
type Kind = "logit" | "value";

const programs = {
  logit: { name: "consistency-loss-logits", wgsl: bernoulliWgsl + numbersWgsl },
  value: { name: "consistency-loss-values", wgsl: differenceWgsl + numbersWgsl },
};

const distances: Record<Kind, (x: number, y: number) => [loss: number, dx: number, dy: number]> = {
  logit(x, y) {
    const [p, q] = [sigmoid(x), sigmoid(y)];
    const slope = (own: number, logit: number) => own * sigmoid(-logit);
    return [0.5 * (p - q) * (x - y), 0.5 * (slope(p, x) * (x - y) + p - q), 0.5 * (slope(q, y) * (y - x) + q - p)];
  },
  value: (x, y) => [(x - y) ** 2, 2 * (x - y), 2 * (y - x)],
};

type Inputs = { first: Tensor; second: Tensor };
type Attributes = { numbers: number; scale: number; kind: Kind };

const kernel = defineKernel("TabtuneNumberConsistency", {
  portable: ({ first, second }: Inputs, { numbers, scale, kind }: Attributes) => {
    const [loss, dFirst, dSecond] = [hostOutput([1]), hostOutput(first.shape), hostOutput(second.shape)];
    const [x, y, dx, dy] = [first, second, dFirst, dSecond].map(hostView);
    let total = 0;
    for (let at = 0; at < numbers; at++) {
      const [apart, ofX, ofY] = distances[kind](x?.[at] ?? NaN, y?.[at] ?? NaN);
      total += apart;
      if (dx) dx[at] = scale * ofX;
      if (dy) dy[at] = scale * ofY;
    }
    hostView(loss)[0] = scale * total;
    return { loss, dFirst, dSecond };
  },
  webgpu: ({ first, second }, { numbers, scale, kind }, gpu) => {
    const [loss, dFirst, dSecond] = [gpu.output([1]), gpu.output(first.shape), gpu.output(second.shape)];
    gpu.dispatch(programs[kind], [first, second, loss, dFirst, dSecond], [u32(numbers), f32(scale)], [1]);
    return { loss, dFirst, dSecond };
  },
});

/**
 * How far two outputs of the same rows are apart where each of their first `numbers` numbers is a prediction of its own,
 * summed and times `scale`, with the gradients of both. Of logits it is the mean of KL(p‖q) and KL(q‖p) of the two
 * probabilities of each label; of values the squared difference.
 * Source: Liang et al. 2021, R-Drop.
 */
export function numberConsistency(first: Tensor, second: Tensor, options: Attributes) {
  return kernel({ first, second }, { ...options });
}
