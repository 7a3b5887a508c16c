import plain from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.wasm?url";
import simd from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm?url";
import threaded from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.wasm?url";
import { onWasm, startBackend } from "../../../src/gpu/backend.ts";
import { runningGpu } from "../../../src/gpu/running.ts";
import { startThreads } from "../../../src/ops/wasm-kernels.ts";
import { measureMachine } from "../../../src/run/machine/measure-machine.ts";
import { threadCount } from "../../../src/gpu/thread-count.ts";
import type { GpuAnswer } from "./messages.ts";

const answer = (message: GpuAnswer) => self.postMessage(message);
const options = {
  wasmPaths: {
    "tfjs-backend-wasm.wasm": plain,
    "tfjs-backend-wasm-simd.wasm": simd,
    "tfjs-backend-wasm-threaded-simd.wasm": threaded,
  },
  wasmThreads: threadCount(self, navigator.hardwareConcurrency),
  startThread: (start: unknown) => answer({ start }),
};

async function measure() {
  await startBackend("webgpu", options);
  return measureMachine(runningGpu(), {
    extent: "whole",
    browser: navigator.userAgent,
    cores: navigator.hardwareConcurrency,
    onProcessor: (work) =>
      onWasm(options, async (processor) => {
        await startThreads();
        return work(processor);
      }),
    onPiece: (what, done, total) => answer({ what, done, total }),
  });
}

measure().then(
  (result) => answer({ result }),
  (error: unknown) => answer({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
);
