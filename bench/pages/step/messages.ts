import type { Rows } from "../../inputs/model-shape.ts";
import type { StepCost } from "../../peers/step-cost.ts";

/** The case that a page measures, with MiniLM's shape. */
export interface BrowserCase {
  peer: "ours" | "stock";
  backend: "wasm" | "webgpu";
  /** Number of threads on wasm. */
  threads: number;
  /** Each is measured by a peer of its own. */
  batches: Rows[];
  repeats: number;
  dropout: number;
  /** Number of steps without dropout on the first batch whose losses are reported. */
  comparedSteps: number;
}

export interface BrowserResult {
  /** The backend's own description, e.g. "SIMD, 2 threads". */
  adapter: string;
  losses: number[];
  costs: StepCost[];
}

/** Answers of the worker; first it may ask for threads. */
export type BrowserAnswer = { result: BrowserResult } | { error: string } | { start: unknown };

declare global {
  interface Window {
    /** Measures in a worker, as the app trains in one. */
    measureStep: (one: BrowserCase) => Promise<BrowserResult>;
  }
}
