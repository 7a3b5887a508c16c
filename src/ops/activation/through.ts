import type { Tensor } from "@tensorflow/tfjs-core";
import { u32 } from "../../gpu/program.ts";
import { computeOnHost } from "../host.ts";
import { defineKernel } from "../kernel.ts";
import { ACTIVATION_CODE, activationSlope, type Activation } from "./activation.ts";
import activationWgsl from "./activation.wgsl?raw";
import throughWgsl from "./through.wgsl?raw";

interface Attributes {
  activation: Activation;
  count: number;
}

const kernel = defineKernel("TabtuneThroughActivation", {
  portable: ({ dy, z }: { dy: Tensor; z: Tensor }, { activation, count }: Attributes) => ({
    dz: computeOnHost([dy, z], z.shape, (out, gradients, values) => {
      for (let i = 0; i < count; i++) out[i] = (gradients[i] ?? 0) * activationSlope(activation, values[i] ?? 0);
    }),
  }),
  webgpu: ({ dy, z }, { activation, count }, gpu) => {
    const dz = gpu.output(z.shape);
    const program = gpu.program(`through-activation ${activation}`, () => ({
      name: "through-activation",
      wgsl: throughWgsl,
      constants: { ACTIVATION: ACTIVATION_CODE[activation] },
      prelude: activationWgsl,
    }));
    gpu.dispatch(program, [dy, z, dz], [u32(count)], [Math.ceil(count / 64)]);
    return { dz };
  },
});

/**
 * dz = dy ⊙ act′(z) of the first `count` elements, where something other than a dense layer comes after the activation
 * (else `linearGradientThrough` does it on the way).
 */
export function gradientThroughActivation(dy: Tensor, z: Tensor, activation: Activation, count: number): Tensor {
  return kernel({ dy, z }, { activation, count }).dz;
}
