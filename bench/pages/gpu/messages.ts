import type { MachineMeasurement } from "../../../src/run/machine/measure-machine.ts";

/** What the worker sends: requests for threads, the piece under way, and at last the measurement or an error. */
export type GpuAnswer =
  | { start: unknown }
  | { what: string; done: number; total: number }
  | { result: MachineMeasurement }
  | { error: string };

/** Where the page posts what it is doing and, at the end, the result: the server of the bench listens there. */
export const ANSWER_PATH = "/answer";
