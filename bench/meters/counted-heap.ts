import { backend, findBackendFactory, registerBackend, removeBackend, tensor1d } from "@tensorflow/tfjs-core";
import { startNodeBackend } from "../../src/cli/node-backend.ts";

/** The heap of tfjs-wasm, from where its first tensor begins to where its farthest one ever ended. */
interface HeapCounter {
  readonly peakBytes: number;
}

/** The part of Emscripten's module through which tfjs-wasm takes memory for tensors. */
interface Allocator {
  _malloc: (bytes: number) => number;
}

/** The wasm backend in Node, one thread, with a heap that nobody has used and a counter on it. */
export async function openCountedHeap(): Promise<{ adapter: string; counter: HeapCounter }> {
  // The backend's factory is there once it was started.
  await startNodeBackend("wasm");
  const factory = findBackendFactory("wasm");
  removeBackend("wasm");
  registerBackend("wasm", factory, 2);
  const { adapter } = await startNodeBackend("wasm");
  // Emscripten puts the function itself in place at the first call.
  tensor1d([0]).dispose();
  const { wasm } = backend() as unknown as { wasm: Allocator };
  return { adapter, counter: countHeap(wasm) };
}

/** Counts what is allocated from now on. */
export function countHeap(wasm: Allocator): HeapCounter {
  let [first, end] = [Infinity, 0];
  const malloc = wasm._malloc;
  wasm._malloc = (bytes) => {
    const pointer = malloc(bytes);
    // Addresses above 2 GiB come as negative numbers.
    const start = pointer >>> 0;
    first = Math.min(first, start);
    end = Math.max(end, start + bytes);
    return pointer;
  };
  return {
    get peakBytes() {
      return Math.max(0, end - first);
    },
  };
}
