import { getBackend } from "@tensorflow/tfjs-core";
import { runningOutline } from "./outline.ts";

/**
 * The kind of backend that runs, or of which an outline runs. This is the one place that asks: all else calls this for
 * what differs between devices (sizes of batches, bunches of reading), and `isOutline` where nothing is to be computed.
 */
export function runningKind(): "webgpu" | "wasm" | "cpu" {
  const outline = runningOutline();
  if (outline) return outline.device.kind;
  const name = getBackend();
  return name === "webgpu" || name === "wasm" ? name : "cpu";
}

/** True where tensors have sizes and no contents. */
export function isOutline(): boolean {
  return runningOutline() !== null;
}

/** True on a GPU, where work is recorded: on the webgpu backend, not on an outline of it. */
export function isOnGpu(): boolean {
  return getBackend() === "webgpu";
}
