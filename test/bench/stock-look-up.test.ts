import { describe, expect, it } from "vitest";
import { miniLm, randomRows, randomWeights } from "../../bench/inputs/model-shape.ts";
import { LEARNING_RATE } from "../../bench/peers/peer.ts";
import { lossesOf } from "../../bench/peers/step-cost.ts";
import { stockPeer } from "../../bench/peers/stock.ts";
import { useNodeBackend } from "../node-backend.ts";

const small = { ...miniLm, layers: 1, hidden: 16, heads: 2, intermediate: 16, vocabulary: 20, positions: 16 };
const weights = randomWeights(small, 5);
// Among twenty ids in thirty places many come more than once, and their gradients have to be added up.
const rows = randomRows([7, 3, 11, 9], small, 6);

async function lossesOn(backend: "cpu" | "wasm"): Promise<number[]> {
  await useNodeBackend(backend);
  const settings = { shape: small, weights, rows: 4, tokens: 30, dropout: 0, plainAdam: true };
  const peer = stockPeer(settings);
  const losses = await lossesOf(peer, rows, 20);
  peer.dispose();
  return losses;
}

describe("looking up embeddings with stock ops", () => {
  it("trains on wasm as it does on cpu", async () => {
    const [cpu, wasm] = [await lossesOn("cpu"), await lossesOn("wasm")];
    wasm.forEach((loss, step) => expect(Math.abs(loss - (cpu[step] ?? NaN)), `step ${step}`).toBeLessThan(1e-5));
    expect(Math.abs((wasm[0] ?? NaN) - (wasm[19] ?? NaN))).toBeGreaterThan(10 * LEARNING_RATE);
  });
});
