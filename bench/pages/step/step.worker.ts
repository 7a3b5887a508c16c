import { setBackend } from "@tensorflow/tfjs-core";
import { getThreadsCount, setThreadsCount, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import plain from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.wasm?url";
import simd from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm?url";
import threaded from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.wasm?url";
import { startBackend } from "../../../src/gpu/backend.ts";
import { startThreads } from "../../../src/ops/wasm-kernels.ts";
import { miniLm, randomWeights } from "../../inputs/model-shape.ts";
import { ourPeer } from "../../peers/ours.ts";
import { lossesOf, repeatStep, tokensOf, type StepCost } from "../../peers/step-cost.ts";
import { stockPeer } from "../../peers/stock.ts";
import type { BrowserAnswer, BrowserCase, BrowserResult } from "./messages.ts";

const wasmPaths = {
  "tfjs-backend-wasm.wasm": plain,
  "tfjs-backend-wasm-simd.wasm": simd,
  "tfjs-backend-wasm-threaded-simd.wasm": threaded,
};

async function start({ backend, threads: wasmThreads }: BrowserCase): Promise<string> {
  const startThread = (start: unknown) => self.postMessage({ start });
  const { adapter } = await startBackend(backend, { wasmPaths, wasmThreads, startThread });
  if (backend === "wasm") await startThreads();
  return adapter;
}

/** tfjs-wasm with threads of its own, which our backend does without: see vite.config.ts. */
async function startStockWasm(threads: number): Promise<string> {
  setWasmPaths(wasmPaths);
  setThreadsCount(threads);
  await setBackend("wasm");
  return `SIMD, ${getThreadsCount()} threads`;
}

async function measure(one: BrowserCase): Promise<BrowserResult> {
  if (typeof SharedArrayBuffer === "undefined") throw new Error("The page has no shared memory, so no threads.");
  const adapter = one.backend === "wasm" && one.peer === "stock" ? await startStockWasm(one.threads) : await start(one);
  const weights = randomWeights(miniLm, 1);
  const peerFor = async (batch: BrowserCase["batches"][number], dropout: number, plainAdam: boolean) => {
    const room = { rows: batch.ids.length, tokens: tokensOf(batch) };
    const settings = { shape: miniLm, weights, ...room, dropout, plainAdam };
    return one.peer === "ours" ? ourPeer(settings) : stockPeer(settings);
  };

  const losses: number[] = [];
  const [first] = one.batches;
  if (first && one.comparedSteps > 0) {
    const peer = await peerFor(first, 0, true);
    losses.push(...(await lossesOf(peer, first, one.comparedSteps)));
    peer.dispose();
  }
  const costs: StepCost[] = [];
  for (const batch of one.batches) {
    const peer = await peerFor(batch, one.dropout, false);
    await lossesOf(peer, batch, 1);
    costs.push(await repeatStep(peer, batch, one.repeats));
    peer.dispose();
  }
  return { adapter, losses, costs };
}

self.onmessage = async ({ data }: MessageEvent<BrowserCase>) => {
  const answer = await measure(data).then(
    (result): BrowserAnswer => ({ result }),
    (error: unknown): BrowserAnswer => ({ error: error instanceof Error ? (error.stack ?? error.message) : "?" }),
  );
  self.postMessage(answer);
};
