import plain from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.wasm?url";
import simd from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm?url";
import threaded from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.wasm?url";
import type { TrainNotice } from "./protocol.ts";
import { serve } from "./request.ts";
import { createTrainService } from "./train-service.ts";
import { browserTuningStore } from "./tuning-store.ts";

const options = {
  wasmPaths: {
    "tfjs-backend-wasm.wasm": plain,
    "tfjs-backend-wasm-simd.wasm": simd,
    "tfjs-backend-wasm-threaded-simd.wasm": threaded,
  },
  // One core is left to the page. Without cross-origin isolation there is no shared memory, so no threads.
  wasmThreads: self.crossOriginIsolated ? Math.max(1, navigator.hardwareConcurrency - 1) : 1,
};

serve(
  self,
  createTrainService(options, browserTuningStore(), (notice: TrainNotice) => self.postMessage(notice)),
);
