import plain from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.wasm?url";
import simd from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm?url";
import threaded from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.wasm?url";
import type { ThreadNotice, TrainNotice } from "./protocol.ts";
import { serve } from "./request.ts";
import { threadCount } from "../gpu/thread-count.ts";
import { createTrainService } from "./train-service.ts";
import { browserTuningStore } from "./tuning-store.ts";

const options = {
  wasmPaths: {
    "tfjs-backend-wasm.wasm": plain,
    "tfjs-backend-wasm-simd.wasm": simd,
    "tfjs-backend-wasm-threaded-simd.wasm": threaded,
  },
  wasmThreads: threadCount(self, navigator.hardwareConcurrency),
  startThread: (start: unknown) => self.postMessage({ type: "startThread", start } satisfies ThreadNotice),
};

serve(
  self,
  createTrainService(options, browserTuningStore(), (notice: TrainNotice) => self.postMessage(notice)),
);
