import type { Rows } from "../../inputs/model-shape.ts";
import type { StepCost } from "../../peers/step-cost.ts";

/** What a page is to measure, with MiniLM's shape. */
export interface BrowserCase {
  peer: "ours" | "stock";
  backend: "wasm" | "webgpu";
  /** Of wasm. */
  threads: number;
  /** Each is measured by a peer of its own. */
  batches: Rows[];
  repeats: number;
  dropout: number;
  /** Steps without dropout on the first batch, of which the losses are told. */
  comparedSteps: number;
}

export interface BrowserResult {
  /** As the backend tells of itself, e.g. "SIMD, 2 threads". */
  adapter: string;
  losses: number[];
  costs: StepCost[];
}

/** What the worker answers; first it may ask for threads. */
export type BrowserAnswer = { result: BrowserResult } | { error: string } | { start: unknown };

declare global {
  interface Window {
    /** Measures in a worker, as the app trains in one. */
    measureStep: (one: BrowserCase) => Promise<BrowserResult>;
  }
}
