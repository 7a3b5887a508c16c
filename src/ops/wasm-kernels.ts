import { wasmMemory } from "../gpu/tfjs-internals.ts";
import ownKernels from "./kernels.as";
import sharedKernels from "./kernels.as?shared";

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

const instances = new WeakMap<WebAssembly.Memory, WasmKernels>();

/** Our own kernels, on the memory of the wasm backend that runs. Needs SIMD, which `startBackend` checks. */
export function wasmKernels(): WasmKernels {
  const memory = wasmMemory();
  const known = instances.get(memory);
  if (known) return known;
  const isShared = typeof SharedArrayBuffer !== "undefined" && memory.buffer instanceof SharedArrayBuffer;
  const bytes = Uint8Array.from(atob(isShared ? sharedKernels : ownKernels), (letter) => letter.charCodeAt(0));
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory, log: Math.log } });
  const kernels = exports as unknown as WasmKernels;
  instances.set(memory, kernels);
  return kernels;
}
