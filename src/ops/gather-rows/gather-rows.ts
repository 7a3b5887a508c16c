import type { Tensor } from "@tensorflow/tfjs-core";
import { u32 } from "../../gpu/program.ts";
import { runningDevice } from "../../gpu/running.ts";
import { deviceTensor } from "../device-tensor.ts";
import { computeOnHost } from "../host.ts";
import { defineKernel } from "../kernel.ts";
import gatherWgsl from "./gather.wgsl?raw";
import scatterWgsl from "./scatter.wgsl?raw";

/** Some tokens of a batch, e.g. the masked ones, uploaded with it. */
export interface Places {
  count: number;
  /** Rows of what is gathered: room for the run's most on webgpu, else `count`. */
  capacity: number;
  /** Token of each place, int32 [capacity]; and the same on the host [count]. */
  tokens: Tensor;
  hostTokens: Int32Array;
  /** For each token its place plus 1, or 0: int32 [T]. */
  placeOf: Tensor;
}

const gather = { name: "gather-rows", wgsl: gatherWgsl };
const scatter = { name: "gather-rows-scatter", wgsl: scatterWgsl };

/**
 * Uploads places, no token twice. `tokenCapacity` is the first dimension of the batch's tensors; `most` is how many
 * places the run's largest batch has.
 */
export function uploadPlaces(places: Int32Array, tokenCapacity: number, most: number): Places {
  const count = places.length;
  if (count > most) throw new Error(`${count} places do not fit into ${most}.`);
  const capacity = runningDevice().kind === "webgpu" ? most : count;
  const tokens = new Int32Array(capacity);
  tokens.set(places);
  const placeOf = new Int32Array(tokenCapacity);
  places.forEach((token, place) => (placeOf[token] = place + 1));
  return {
    count,
    capacity,
    tokens: deviceTensor(tokens, [capacity]),
    hostTokens: places,
    placeOf: deviceTensor(placeOf, [tokenCapacity]),
  };
}

/** Frees what places hold on the device. */
export function disposePlaces({ tokens, placeOf }: Places): void {
  tokens.dispose();
  placeOf.dispose();
}

type Attributes = { count: number; capacity: number; hostTokens: Int32Array };

const forwardKernel = defineKernel("TabtuneGatherRows", {
  portable: ({ x }: { x: Tensor; tokens: Tensor }, { count, hostTokens }: Attributes) => {
    const hidden = x.shape[1] ?? 0;
    const y = computeOnHost([x], [count, hidden], (out, values) => {
      hostTokens.forEach((token, place) => {
        out.set(values.subarray(token * hidden, (token + 1) * hidden), place * hidden);
      });
    });
    return { y };
  },
  webgpu: ({ x, tokens }, { count, capacity }, gpu) => {
    const hidden = x.shape[1] ?? 0;
    const y = gpu.output([capacity, hidden]);
    gpu.dispatch(gather, [x, tokens, y], [u32(count), u32(hidden)], [Math.ceil((count * hidden) / 64)]);
    return { y };
  },
});

type BackwardAttributes = { tokens: number; hostTokens: Int32Array };

const backwardKernel = defineKernel("TabtuneGatherRowsBackward", {
  portable: ({ dy }: { dy: Tensor; placeOf: Tensor }, { tokens, hostTokens }: BackwardAttributes) => {
    const hidden = dy.shape[1] ?? 0;
    const dx = computeOnHost([dy], [tokens, hidden], (out, values) => {
      hostTokens.forEach((token, place) => {
        out.set(values.subarray(place * hidden, (place + 1) * hidden), token * hidden);
      });
    });
    return { dx };
  },
  webgpu: ({ dy, placeOf }, { tokens }, gpu) => {
    const hidden = dy.shape[1] ?? 0;
    const dx = gpu.output([placeOf.size, hidden]);
    gpu.dispatch(scatter, [dy, placeOf, dx], [u32(tokens), u32(hidden)], [Math.ceil((tokens * hidden) / 64)]);
    return { dx };
  },
});

/** y[M, H] = x[T, H] at each place. */
export function gatherRows(x: Tensor, { count, capacity, tokens, hostTokens }: Omit<Places, "placeOf">): Tensor {
  return forwardKernel({ x, tokens }, { count, capacity, hostTokens }).y;
}

/** dx[T, H] from dy[M, H]: zero but at the places. `tokens` is T. */
export function gatherRowsGradient(dy: Tensor, { placeOf, hostTokens }: Places, tokens: number): Tensor {
  return backwardKernel({ dy, placeOf }, { tokens, hostTokens }).dx;
}
