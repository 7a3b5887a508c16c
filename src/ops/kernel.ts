import { engine, registerKernel, type NamedAttrMap, type Tensor, type TensorInfo } from "@tensorflow/tfjs-core";

type Outputs = Record<string, TensorInfo>;

/** The two ways one kernel is computed: with stock ops and plain loops (wasm, cpu), and in WGSL (webgpu). */
export interface KernelPair<Inputs, Attributes, Out extends Outputs> {
  portable: (inputs: Inputs, attributes: Attributes) => Out;
  webgpu: (inputs: Inputs, attributes: Attributes) => Out;
}

/**
 * Registers a kernel with tfjs under `name`, for all backends, and returns the function that runs it on the one that
 * is set. Outputs are named; they belong to the caller, who disposes them.
 */
export function defineKernel<Inputs extends object, Attributes extends object, Out extends Outputs>(
  name: string,
  pair: KernelPair<Inputs, Attributes, Out>,
): (inputs: Inputs, attributes: Attributes) => { [K in keyof Out]: Tensor } {
  let names: string[] = [];
  for (const backendName of ["cpu", "wasm", "webgpu"]) {
    const compute = backendName === "webgpu" ? pair.webgpu : pair.portable;
    registerKernel({
      kernelName: name,
      backendName,
      kernelFunc({ inputs, attrs }) {
        const outputs = compute(inputs as unknown as Inputs, attrs as unknown as Attributes);
        names = Object.keys(outputs);
        return Object.values(outputs);
      },
    });
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
