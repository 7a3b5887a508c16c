import { afterEach, beforeAll, expect, it, vi } from "vitest";
import { countDevice, type DeviceCounter } from "../../bench/meters/counting-device.ts";
import { miniLm, randomRows, randomWeights } from "../../bench/inputs/model-shape.ts";
import { ourPeer } from "../../bench/peers/ours.ts";
import { startBackend } from "../../src/gpu/backend.ts";
import { backendOptions } from "../ops/backends.ts";

let counter: DeviceCounter;
let device: GPUDevice;

beforeAll(async () => {
  await startBackend("webgpu", {
    ...backendOptions,
    wrapDevice(opened) {
      counter = countDevice(opened);
      device = opened;
      return opened;
    },
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

// As many as MiniLM's own: that depends on its layers, and on which of its parameters share an AdamW dispatch.
const shape = { ...miniLm, hidden: 144, intermediate: 288, vocabulary: 200, positions: 128 };

it("records a training step of six layers in 140 dispatches at most", async () => {
  const rows = randomRows([5, 9, 7], shape, 2);
  const weights = randomWeights(shape, 1);
  const peer = await ourPeer({ shape, weights, rows: 3, tokens: 21, dropout: 0.1, plainAdam: false });
  await peer.step(rows).loss();
  counter.reset();
  await peer.step(rows).loss();
  expect(counter.snapshot().dispatches).toBeLessThanOrEqual(140);
  peer.dispose();
});

it("binds in a step what the one before has bound, though its losses wait to be read", async () => {
  const rows = randomRows([5, 9, 7], shape, 2);
  const weights = randomWeights(shape, 1);
  const peer = await ourPeer({ shape, weights, rows: 3, tokens: 21, dropout: 0.1, plainAdam: false });
  for (let step = 0; step < 4; step++) await peer.step(rows).loss();
  const made = vi.spyOn(device, "createBindGroup");
  await peer.step(rows).loss();
  expect(made).not.toHaveBeenCalled();
  const bunch = async () => {
    const waiting = [1, 2, 3].map(() => peer.step(rows));
    for (const step of waiting) await step.loss();
  };
  await bunch();
  // A loss and what the norm tells, of each step but the first; and what lists two types, which is as large as the latter.
  expect(made.mock.calls.length).toBeLessThanOrEqual(3 * 2);
  made.mockClear();
  await bunch();
  expect(made).not.toHaveBeenCalled();
  peer.dispose();
});
