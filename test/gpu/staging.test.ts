import "@tensorflow/tfjs-backend-cpu";
import { zeros, type Tensor } from "@tensorflow/tfjs-core";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { inPieces, type Piece } from "../../src/gpu/staging.ts";

const LATENCY = 100;
const MEGABYTE = 2 ** 20;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A queue that answers 100 ms after each read-back, however little it is; sees how many wait at once. */
function fakeQueue() {
  const seen = { reads: 0, waiting: 0, most: 0, bytes: 0 };
  const read = async (pieces: readonly Piece[], bytes: number) => {
    seen.reads++;
    seen.most = Math.max(seen.most, ++seen.waiting);
    seen.bytes += bytes;
    await new Promise((resolve) => setTimeout(resolve, LATENCY));
    for (const { tensor, result, start, count } of pieces) {
      result.set(
        Float32Array.from({ length: count }, (_, i) => tensor.id + start + i),
        start,
      );
    }
    seen.waiting--;
  };
  return { seen, read };
}

/** How often the whole waits for the queue, one wait after another. */
async function waits(tensors: Tensor[], read: ReturnType<typeof fakeQueue>["read"]): Promise<number> {
  const before = Date.now();
  const reading = inPieces(tensors, read);
  await vi.runAllTimersAsync();
  const values = await reading;
  values.forEach((own, i) => {
    const first = tensors[i]?.id ?? NaN;
    expect([own.length, own[0], own.at(-1)]).toEqual([tensors[i]?.size, first, Math.fround(first + own.length - 1)]);
  });
  return (Date.now() - before) / LATENCY;
}

it("waits once for two hundred small tensors", async () => {
  const { seen, read } = fakeQueue();
  expect(
    await waits(
      Array.from({ length: 200 }, (_, i) => zeros([i + 1])),
      read,
    ),
  ).toBe(1);
  expect(seen).toMatchObject({ reads: 1, waiting: 0 });
});

it("waits for 90 MB three times, through two staging buffers of 16 MB", async () => {
  const { seen, read } = fakeQueue();
  const tensors = [48, 1, 1, 40].map((megabytes) => zeros([(megabytes * MEGABYTE) / 4]));
  expect(await waits(tensors, read)).toBe(3);
  expect(seen).toMatchObject({ reads: 6, most: 2, bytes: 90 * MEGABYTE });
});

it("fails where any read fails, and begins no further one", async () => {
  let reads = 0;
  const read = async () => {
    const own = ++reads;
    await new Promise((resolve) => setTimeout(resolve, LATENCY));
    if (own === 1) throw new Error("The GPU refused.");
  };
  const failed = expect(inPieces([zeros([(100 * MEGABYTE) / 4])], read)).rejects.toThrow("refused");
  await vi.runAllTimersAsync();
  await failed;
  expect(reads).toBe(2);
});
