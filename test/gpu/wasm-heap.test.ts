import "@tensorflow/tfjs-backend-wasm";
import {
  backend,
  findBackendFactory,
  registerBackend,
  removeBackend,
  tensor1d,
  type Tensor,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { createRandom } from "../../src/data/random.ts";
import type { WasmInternals } from "../../src/gpu/tfjs-internals.ts";
import { WasmHeap } from "../../src/gpu/wasm-heap.ts";
import { useNodeBackend } from "../node-backend.ts";

/** A heap of its own for these tests, in the state in which every run finds it. */
beforeAll(async () => {
  const factory = findBackendFactory("wasm");
  removeBackend("wasm");
  registerBackend("wasm", factory);
  await useNodeBackend("wasm");
  tensor1d([0]).dispose();
});

describe("a heap without memory", () => {
  it("places tensors where tfjs-wasm does, whatever is freed between", () => {
    const wasm = backend() as unknown as WasmInternals;
    const pointer = ({ dataId }: Tensor) => wasm.getMemoryOffset(dataId);
    const heap = new WasmHeap();
    const random = createRandom(7);
    const held: { tensor: Tensor; place: number }[] = [];
    let first = 0;
    for (let turn = 0; turn < 100; turn++) {
      const frees = held.length > 0 && random() < 0.4;
      if (frees) {
        const [one] = held.splice(Math.floor(random() * held.length), 1);
        one?.tensor.dispose();
        if (one) heap.free(one.place);
        continue;
      }
      // A word table first, then numbers of all sizes, from one to some ten thousand.
      const size = turn === 0 ? 100_000 : Math.floor(Math.exp(random() * 10));
      const tensor = tensor1d(new Float32Array(size));
      const place = heap.allocate(4 * size);
      if (turn === 0) first = pointer(tensor) - place;
      expect(pointer(tensor) - first, `turn ${turn}`).toBe(place);
      held.push({ tensor, place });
    }
    for (const { tensor } of held) tensor.dispose();
  });

  it("joins neighbours that are free, and reaches no further while they have room", () => {
    const heap = new WasmHeap();
    const places = [40_000, 40_000, 40_000, 40_000].map((size) => heap.allocate(size));
    const { bytes } = heap;
    expect(bytes).toBeGreaterThan(160_000);
    for (const place of places.slice(0, 3)) heap.free(place);
    expect(heap.allocate(119_000)).toBe(places[0]);
    expect(heap.bytes).toBe(bytes);
    heap.allocate(40_000);
    expect(heap.bytes).toBeGreaterThan(bytes);
    expect(() => heap.free(12)).toThrow("freed that the heap does not have");
  });
});
