import { beforeAll, expect, it } from "vitest";
import { countDevice, type DeviceCounter } from "../../bench/counting-device.ts";
import { miniLm, randomRows, randomWeights } from "../../bench/minilm-shape.ts";
import { ourPeer } from "../../bench/our-peer.ts";
import { startBackend } from "../../src/gpu/backend.ts";
import { backendOptions } from "../ops/backends.ts";

let counter: DeviceCounter;

beforeAll(async () => {
  await startBackend("webgpu", {
    ...backendOptions,
    wrapDevice(device) {
      counter = countDevice(device);
      return device;
    },
  });
});

// As many as MiniLM's own: that depends on its layers, and on which of its parameters share an AdamW dispatch.
const shape = { ...miniLm, hidden: 144, intermediate: 288, vocabulary: 200, positions: 128 };

it("records a training step of six layers in 192 dispatches", async () => {
  const rows = randomRows([5, 9, 7], shape, 2);
  const weights = randomWeights(shape, 1);
  const peer = await ourPeer({ shape, weights, rows: 3, tokens: 21, dropout: 0.1, plainAdam: false });
  await peer.step(rows).loss();
  counter.reset();
  await peer.step(rows).loss();
  expect(counter.snapshot().dispatches).toBeLessThanOrEqual(192);
  peer.dispose();
});
