import { appendFileSync, closeSync, openSync } from "node:fs";
import type { TrainEvent } from "../train/events.ts";
import { systemReason } from "./system-problem.ts";

/** The events of a run, a line each, as they come. A disk that refuses them does not end the run. */
export class MetricsFile {
  private readonly file: number;
  /** Why the events could not be written, or null. */
  failure: string | null = null;

  /** Throws what the system reports where the file cannot be made. */
  constructor(readonly path: string) {
    this.file = openSync(path, "w");
  }

  write(event: TrainEvent): void {
    if (this.failure !== null) return;
    const failure = this.attempt(() => appendFileSync(this.file, `${JSON.stringify(event)}\n`));
    if (failure !== null) console.error(`${this.path} cannot be written: ${failure}. The training goes on.`);
  }

  close(): void {
    this.attempt(() => closeSync(this.file));
  }

  private attempt(work: () => void): string | null {
    try {
      work();
    } catch (error) {
      this.failure ??= systemReason(error);
    }
    return this.failure;
  }
}
