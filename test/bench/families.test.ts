import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { familyConfig, familyTypes, parameterCount } from "../../bench/inputs/family-configs.ts";
import { miniLm, randomRows } from "../../bench/inputs/model-shape.ts";
import { countHeap } from "../../bench/meters/counted-heap.ts";
import { randomPeer } from "../../bench/peers/ours.ts";
import { familiesPage } from "../../bench/sections/families/families.ts";
import { families } from "../../src/families/registry.ts";

const small = { layers: 2, hidden: 32, heads: 4, intermediate: 64, vocabulary: 200, positions: 16 };

describe("the config.json of each family", () => {
  it.each(families.map(({ type }) => type))("has the sizes that were asked for, and drops by a tenth: %s", (type) => {
    const config = familyConfig(type, small);
    expect(config).toMatchObject({
      ...{ family: type, layers: 2, hiddenSize: 32, heads: 4, intermediateSize: 64, vocabularySize: 200 },
      ...{ hiddenDropout: 0.1, attentionDropout: type === "modernbert" ? 0 : 0.1, classifierDropout: 0.1 },
    });
    expect(config.maxPositions).toBe(16);
  });

  it("counts BERT's weights", () => {
    const layer = 4 * (32 * 32 + 32) + 2 * 32 * 64 + 64 + 32 + 4 * 32;
    const embeddings = (200 + 16 + 2) * 32 + 2 * 32;
    const head = 32 * 32 + 32 + 3 * 32 + 3;
    expect(parameterCount(familyConfig("bert", small), 3)).toBe(embeddings + 2 * layer + head);
  });
});

describe("a step from random weights", () => {
  beforeAll(async () => {
    await tf.setBackend("cpu");
  });

  it.each(families.map(({ type }) => type))("has the loss of a guess, and learns its rows: %s", async (type) => {
    const rows = randomRows([7, 3, 11, 5], { ...miniLm, vocabulary: small.vocabulary }, 6);
    const config = { ...familyConfig(type, small), hiddenDropout: 0, attentionDropout: 0, classifierDropout: 0 };
    const held = tf.memory().numTensors;
    const peer = await randomPeer(config, 2, { rows: 4, tokens: 26 });
    const losses: number[] = [];
    for (let i = 0; i < 6; i++) losses.push(await peer.step(rows).loss());
    expect(Math.abs((losses[0] ?? NaN) - Math.log(2))).toBeLessThan(0.1);
    expect(losses[5]).toBeLessThan(losses[0] ?? NaN);
    peer.dispose();
    expect(tf.memory().numTensors).toBe(held);
  });
});

describe("the page of families", () => {
  const step = (processorMs: number, peakBytes: number) => ({ ms: 2 * processorMs, processorMs, peakBytes });
  const lines = (adapters: Parameters<typeof familiesPage>[0]["adapters"]) => {
    const bert = { wasm: step(400, 250e6), webgpu: step(3000, 260e6) };
    const modern = { wasm: step(500, 300e6), webgpu: step(4500, 310e6) };
    const families = [
      { type: "bert", parameters: 13_700_000, steps: bert },
      { type: "modernbert", parameters: 17_000_000, steps: modern },
    ];
    return familiesPage({ adapters, families }).split("\n");
  };

  it("shows each family beside BERT", () => {
    const page = lines({ wasm: "SIMD, 1 thread", webgpu: "SwiftShader" });
    expect(page).toContain("| BERT (`bert`) | 13.7 M | 800 | 400 | 1.00 | 250.0 | 6,000 | 3,000 | 1.00 | 260.0 |");
    const modern = "| ModernBERT (`modernbert`) | 17.0 M | 1,000 | 500 | 1.25 | 300.0 | 9,000 | 4,500 | 1.50 | 310.0 |";
    expect(page).toContain(modern);
  });

  it("shows one backend where the other was not measured", () => {
    expect(lines({ wasm: "SIMD, 1 thread" })).toContain("| BERT (`bert`) | 13.7 M | 800 | 400 | 1.00 | 250.0 |");
  });

  it("is of every family that there is", () => {
    expect(familyTypes).toEqual(families.map(({ type }) => type));
  });
});

it("a heap's counter knows how far it ever reached, above 2 GiB too", () => {
  const places = [1000, 500, 2 ** 31 - 2 ** 32, 600];
  const wasm = { _malloc: (bytes: number) => (bytes > 0 ? (places.shift() ?? NaN) : 0) };
  const counter = countHeap(wasm);
  expect(counter.peakBytes).toBe(0);
  const peaks = [100, 700, 8, 1000].map((bytes) => {
    wasm._malloc(bytes);
    return counter.peakBytes;
  });
  expect(peaks).toEqual([100, 700, 2 ** 31 + 8 - 500, 2 ** 31 + 8 - 500]);
});
