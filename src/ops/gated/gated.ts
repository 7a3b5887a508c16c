import type { Tensor } from "@tensorflow/tfjs-core";
import { u32, type Program } from "../../gpu/program.ts";
import { ACTIVATION_CODE, activate, activationSlope, type Activation } from "../activation/activation.ts";
import activationWgsl from "../activation/activation.wgsl?raw";
import { computeOnHost, hostOutput } from "../host.ts";
import { defineKernel } from "../kernel.ts";
import type { Recorder } from "../../gpu/device.ts";
import { callAll, threadParts, wasmPointer } from "../wasm-kernels.ts";
import gatedWgsl from "./gated.wgsl?raw";
import gradientWgsl from "./gradient.wgsl?raw";

interface Attributes {
  activation: Activation;
  tokens: number;
}

const program = (gpu: Recorder, name: string, wgsl: string, activation: Activation): Program =>
  gpu.program(`${name} ${activation}`, () => ({
    name,
    wgsl,
    constants: { ACTIVATION: ACTIVATION_CODE[activation] },
    prelude: activationWgsl,
  }));

const forwardOnHost = ({ z }: { z: Tensor }, { activation, tokens }: Attributes) => {
  const inner = (z.shape[1] ?? 0) / 2;
  const y = computeOnHost([z], [z.shape[0] ?? 0, inner], (out, values = out) => {
    for (let t = 0; t < tokens; t++) {
      const at = 2 * inner * t;
      for (let i = 0; i < inner; i++) {
        out[inner * t + i] = activate(activation, values[at + i] as number) * (values[at + inner + i] as number);
      }
    }
  });
  return { y };
};

const backwardOnHost = ({ dy, z }: { dy: Tensor; z: Tensor }, { activation, tokens }: Attributes) => {
  const inner = (z.shape[1] ?? 0) / 2;
  const dz = computeOnHost([dy, z], z.shape, (out, gradients = out, values = out) => {
    for (let t = 0; t < tokens; t++) {
      const at = 2 * inner * t;
      for (let i = 0; i < inner; i++) {
        const gradient = gradients[inner * t + i] as number;
        const [a, gate] = [values[at + i] as number, values[at + inner + i] as number];
        out[at + i] = gradient * gate * activationSlope(activation, a);
        out[at + inner + i] = gradient * activate(activation, a);
      }
    }
  });
  return { dz };
};

/** The parts of the tokens that threads share, by the first of each. */
const tokenParts = (tokens: number, inner: number) => threadParts(tokens, 1, 16 * tokens * inner);

const forwardKernel = defineKernel("TabtuneGated", {
  portable: forwardOnHost,
  wasm: ({ z }, attributes) => {
    const { activation, tokens } = attributes;
    if (activation !== "gelu") return forwardOnHost({ z }, attributes);
    const inner = (z.shape[1] ?? 0) / 2;
    const y = hostOutput([z.shape[0] ?? 0, inner]);
    const calls = tokenParts(tokens, inner).map(({ from, to }) => {
      return [wasmPointer(z) + 8 * from * inner, wasmPointer(y) + 4 * from * inner, to - from, inner];
    });
    callAll("gatedGelu", calls);
    return { y };
  },
  webgpu: ({ z }, { activation, tokens }, gpu) => {
    const inner = (z.shape[1] ?? 0) / 2;
    const y = gpu.output([z.shape[0] ?? 0, inner]);
    const workgroups = [Math.ceil((tokens * inner) / 64)] as const;
    gpu.dispatch(program(gpu, "gated", gatedWgsl, activation), [z, y], [u32(tokens), u32(inner)], workgroups);
    return { y };
  },
});

const backwardKernel = defineKernel("TabtuneGatedBackward", {
  portable: backwardOnHost,
  wasm: ({ dy, z }, attributes) => {
    const { activation, tokens } = attributes;
    if (activation !== "gelu") return backwardOnHost({ dy, z }, attributes);
    const inner = (z.shape[1] ?? 0) / 2;
    const dz = hostOutput(z.shape);
    const calls = tokenParts(tokens, inner).map(({ from, to }) => {
      const [ofZ, ofDy, ofDz] = [z, dy, dz].map(wasmPointer) as [number, number, number];
      return [ofZ + 8 * from * inner, ofDy + 4 * from * inner, ofDz + 8 * from * inner, to - from, inner];
    });
    callAll("gatedGeluGradient", calls);
    return { dz };
  },
  webgpu: ({ dy, z }, { activation, tokens }, gpu) => {
    const inner = (z.shape[1] ?? 0) / 2;
    const dz = gpu.output(z.shape);
    const workgroups = [Math.ceil((tokens * inner) / 64)] as const;
    const compiled = program(gpu, "gated-gradient", gradientWgsl, activation);
    gpu.dispatch(compiled, [dy, z, dz], [u32(tokens), u32(inner)], workgroups);
    return { dz };
  },
});

/** y[T, I] = act(first half of z[T, 2·I]) ⊙ second half (Shazeer 2020, GLU Variants Improve Transformer). */
export function gated(z: Tensor, activation: Activation, tokens: number): Tensor {
  return forwardKernel({ z }, { activation, tokens }).y;
}

/** dz[T, 2·I] from dy[T, I]. */
export function gatedGradient(dy: Tensor, z: Tensor, activation: Activation, tokens: number): Tensor {
  return backwardKernel({ dy, z }, { activation, tokens }).dz;
}
