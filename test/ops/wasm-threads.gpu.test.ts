import { expect, it } from "vitest";
import type { ThreadsReport } from "./threads.worker.ts";

function startThread(start: unknown): void {
  const thread = new Worker(new URL("../../src/ops/wasm-thread.worker.ts", import.meta.url), { type: "module" });
  thread.postMessage(start);
}

it("gives the same bits on three threads as on one", async () => {
  const worker = new Worker(new URL("./threads.worker.ts", import.meta.url), { type: "module" });
  const { adapter, atFirst, atWork, alone, different } = await new Promise<ThreadsReport>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<ThreadsReport | { start: unknown }>) => {
      if ("start" in data) startThread(data.start);
      else resolve(data);
    };
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage(null);
  });
  worker.terminate();
  expect(adapter).toBe("SIMD, 3 threads");
  expect(atFirst).toBe(1);
  expect(atWork).toBe(3);
  expect(alone.length).toBe(16);
  for (const values of alone) expect(values.some((value) => value !== 0 && Number.isFinite(value))).toBe(true);
  expect(different).toEqual([0, 0, 0, 0, 0]);
});
