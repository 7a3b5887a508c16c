type Kernel = (...numbers: number[]) => void;

/** What `kernels.as` exports; each is described there. */
export interface WasmKernels {
  multiply: Kernel;
  columnSums: Kernel;
  repeatRow: Kernel;
  gelu: Kernel;
  throughGelu: Kernel;
  attention: Kernel;
  attentionGradient: Kernel;
  layerNorm: Kernel;
  layerNormGradient: Kernel;
  layerNormParameters: Kernel;
  adamw: Kernel;
  sumOfSquares: (x: number, count: number) => number;
}

/** A kernel that can run on parts of its work side by side. */
export type PartKernel = Exclude<keyof WasmKernels, "sumOfSquares">;

/** The kernels of a compiled `kernels.as`, on a memory of the kind that it was compiled for. */
export function openKernels(module: WebAssembly.Module, memory: WebAssembly.Memory): WasmKernels {
  const { exports } = new WebAssembly.Instance(module, { env: { memory, log: Math.log } });
  return exports as unknown as WasmKernels;
}
