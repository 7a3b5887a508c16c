import { describe, expect, it } from "vitest";
import { browserPage, type BrowserRun } from "../../bench/sections/browser.ts";
import { baseStep, largerPage, type LargerStep } from "../../bench/sections/larger.ts";
import { torchPage } from "../../bench/sections/torch.ts";

const cost = (minMs: number) => ({ minMs, medianMs: minMs + 1, jsMs: 1, repeats: 3 });

describe("the page of the comparison with PyTorch", () => {
  it("says so where there is no PyTorch", () => {
    expect(torchPage(null)).toContain("Not measured");
  });

  it("shows ours beside PyTorch's by threads, with the ratios", () => {
    const torch = [
      { threads: 1, minMs: 800, medianMs: 810 },
      { threads: 2, minMs: 500, medianMs: 505 },
    ];
    const ours = [{ threads: 1, minMs: 1000, medianMs: 1001 }];
    const shape = { name: "MiniLM, 8 × 32", rows: 8, tokens: 256, paddedTokens: 256, operations: 20e9, ours, torch };
    const page = torchPage({ torch: "2.15.0", transformers: "5.24.0", peak: 50, shapes: [shape] });
    expect(page).toContain("PyTorch 2.15.0, transformers 5.24.0");
    expect(page.split("\n")).toContain(
      "| MiniLM, 8 × 32 | 256 | 256 | 1,000 (1,001) | 800 (810) | – | 500 (505) | 0.80 | – |",
    );
    // 20 GFLOP take 400 ms at 50 GFLOP/s, and half of it on two threads.
    expect(page.split("\n")).toContain("| MiniLM, 8 × 32 | 20.0 | 0.40 | – | 2.00 | 2.50 |");
    expect(page).toContain("8 × 32: times as fast as PyTorch, 1 thread | at least 0.85 | 0.80 | **missed** |");
    expect(page).not.toContain("PyTorch, 2 threads | at least");
  });
});

describe("the page of the step in the browser", () => {
  it("puts stock tfjs over ours with as many threads, and leaves out what was not measured", () => {
    const run = (peer: BrowserRun["peer"], adapter: string, ms: number): BrowserRun => ({
      peer,
      backend: "wasm",
      adapter,
      short: cost(ms),
      sst2: cost(2 * ms),
    });
    const gpu: BrowserRun = { peer: "ours", backend: "webgpu", adapter: "SwiftShader", short: cost(5000), sst2: null };
    const runs = [run("ours", "1 thread", 100), run("ours", "2 threads", 60), run("stock", "1 thread", 350), gpu];
    const sst2 = { real: true, rows: 16, tokens: 409 };
    const lines = browserPage({ chromium: "156", cores: 2, sst2, runs }).split("\n");
    expect(lines).toContain("| Tabtune, wasm, 1 thread | 100 | 101 | 3.5 | 200 | 201 | 3.5 |");
    expect(lines).toContain("| Tabtune, wasm, 2 threads | 60 | 61 |  | 120 | 121 |  |");
    expect(lines).toContain("| stock tfjs, wasm, 1 thread | 350 | 351 |  | 700 | 701 |  |");
    expect(lines).toContain("| Tabtune, webgpu, SwiftShader | 5,000 | 5,001 |  |  |  |  |");
  });
});

describe("the page of a larger step", () => {
  it("puts each peer over ours on its backend, and says what failed", () => {
    const uncounted = { failure: null, dispatches: null, peakBytes: null };
    const steps: LargerStep[] = [
      {
        peer: "Tabtune, AdamW",
        backend: "webgpu",
        cost: cost(16_000),
        failure: null,
        dispatches: 366,
        peakBytes: 18e8,
      },
      { peer: "Tabtune, AdamW", backend: "wasm", cost: cost(2000), ...uncounted },
      { peer: "jax-js, AdamW", backend: "webgpu", cost: cost(40_000), ...uncounted, dispatches: 1900 },
      { peer: "stock tfjs, Adam", backend: "wasm", cost: null, ...uncounted, failure: "memory access out of bounds" },
    ];
    const page = largerPage(baseStep, { adapters: ["SwiftShader", "SIMD"], steps });
    expect(page).toContain("Adapters: SwiftShader; SIMD.");
    expect(page.split("\n").slice(-4)).toEqual([
      "| Tabtune, AdamW, webgpu | 16,000 | 1.0 | 1 | 366 | 1,800.0 |",
      "| Tabtune, AdamW, wasm | 2,000 | 1.0 | – | – | – |",
      "| jax-js, AdamW, webgpu | 40,000 | 2.5 | 1 | 1,900 | – |",
      "| stock tfjs, Adam, wasm | failed: memory access out of bounds | – | – | – | – |",
    ]);
  });
});
