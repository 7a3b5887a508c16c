import "@tensorflow/tfjs-backend-cpu";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { setBackend } from "@tensorflow/tfjs-core";
import { fileURLToPath } from "node:url";

const wasmFolder = fileURLToPath(new URL("../node_modules/@tensorflow/tfjs-backend-wasm/wasm-out/", import.meta.url));

/** Starts a backend that needs no GPU, without `src/gpu/backend.ts`, whose webgpu part Node loads only when bundled. */
export async function useNodeBackend(name: "cpu" | "wasm"): Promise<void> {
  if (name === "wasm") setWasmPaths(wasmFolder);
  if (!(await setBackend(name))) throw new Error(`The backend ${name} did not start.`);
}
