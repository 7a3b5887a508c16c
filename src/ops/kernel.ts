import {
  backend,
  engine,
  registerKernel,
  type KernelBackend,
  type NamedAttrMap,
  type Tensor,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import type { Recorder } from "../gpu/device.ts";
import { OUTLINE } from "../gpu/outline.ts";
import { deviceOf } from "../gpu/running.ts";

type Outputs = Record<string, TensorInfo>;

/** The ways one kernel is computed. */
interface KernelWays<Inputs, Attributes, Out extends Outputs> {
  /** With stock ops and plain loops: on cpu, and on wasm where there is no other. */
  portable: (inputs: Inputs, attributes: Attributes) => Out;
  /** With our own WebAssembly (`kernels.as`), for the kernels that take most of a step. */
  wasm?: (inputs: Inputs, attributes: Attributes) => Out;
  /** In WGSL, recorded on the device; an outline runs it too, where what it dispatches is left out. */
  webgpu: (inputs: Inputs, attributes: Attributes, gpu: Recorder) => Out;
}

/**
 * Registers a kernel with tfjs under `name`, for all backends, and returns the function that runs it on the one that
 * is set. Outputs are named; they belong to the caller, who disposes them.
 */
export function defineKernel<Inputs extends object, Attributes extends object, Out extends Outputs>(
  name: string,
  ways: KernelWays<Inputs, Attributes, Out>,
): (inputs: Inputs, attributes: Attributes) => { [K in keyof Out]: Tensor } {
  let names: string[] = [];
  const register = (backendName: string, compute: (...needed: [Inputs, Attributes, KernelBackend]) => Out) =>
    registerKernel({
      kernelName: name,
      backendName,
      kernelFunc({ inputs, attrs, backend: own }) {
        const outputs = compute(inputs as unknown as Inputs, attrs as unknown as Attributes, own as KernelBackend);
        names = Object.keys(outputs);
        return Object.values(outputs);
      },
    });
  const { portable, wasm = portable, webgpu } = ways;
  register("cpu", portable);
  register("wasm", wasm);
  for (const recording of ["webgpu", OUTLINE]) {
    // The devices of these two backends are recorders.
    register(recording, (inputs, attributes, own) => webgpu(inputs, attributes, deviceOf(own) as Recorder));
  }
  return (inputs, attributes) => {
    const tensors = engine().runKernel<Tensor[]>(
      name,
      inputs as unknown as Parameters<ReturnType<typeof engine>["runKernel"]>[1],
      attributes as unknown as NamedAttrMap,
    );
    return Object.fromEntries(names.map((key, i) => [key, tensors[i]])) as { [K in keyof Out]: Tensor };
  };
}

/** The same data under another tensor, to be disposed by itself: what a kernel returns that worked in place. */
export function sameData({ dataId, shape, dtype }: TensorInfo): TensorInfo {
  backend().incRef(dataId);
  return { dataId, shape, dtype };
}

/** What a kernel writes: `into` under another tensor where it is given, else a new tensor. */
export function outputInto(gpu: Recorder, into: TensorInfo | undefined, shape: readonly number[]): TensorInfo {
  return into ? sameData(into) : gpu.output(shape);
}
