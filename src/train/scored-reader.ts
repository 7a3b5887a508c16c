import type { Tensor } from "@tensorflow/tfjs-core";
import { readTensors } from "../gpu/read-back.ts";
import { runningDevice } from "../gpu/running.ts";
import { BunchedReader, MOST_STEPS_A_READ, type ReadStep } from "./bunched-reader.ts";
import { nextTask } from "./next-task.ts";

/** Fewest batches of a bunch, for which there is always memory: two bunches are held, one of them being read. */
const FEWEST = 2;
/** Most bytes of the outputs of a bunch that has more batches. */
const BUNCH_BYTES = 2 ** 20;

/** The output of a batch that waits to be read. */
interface Scored {
  output: Tensor;
  /** Rows of the batch. */
  rows: number;
}

type ReadBatches = ReadStep<Scored, Float32Array>[];

/**
 * Reads the outputs of batches that are scored, one bunch behind the GPU. Off the GPU each is there at once, and is read
 * at once.
 */
export class ScoredReader {
  private reader: BunchedReader<Scored, Float32Array> | null = null;

  /** Adds the output of a batch, which is disposed when it is read; returns those that have come. */
  async add(scored: Scored): Promise<ReadBatches> {
    const device = runningDevice();
    const reader = (this.reader ??= new BunchedReader(readOutputs, mostBatches(scored.output)));
    reader.add(scored);
    // So that the GPU does not wait for the next batch to be gathered.
    device.submit();
    if (device.kind !== "webgpu") return this.rest();
    // Times are not those of a GPU on an outline, which takes the memory of a run that is never behind.
    if (device.computes ? !reader.isFull : reader.count < FEWEST) return [];
    const read = await reader.turn();
    await nextTask();
    return read;
  }

  /** All outputs that have not been returned yet. */
  async rest(): Promise<ReadBatches> {
    const read = (await this.reader?.rest()) ?? [];
    await nextTask();
    return read;
  }
}

function mostBatches(output: Tensor): number {
  return Math.max(FEWEST, Math.min(MOST_STEPS_A_READ, Math.floor(BUNCH_BYTES / (4 * output.size))));
}

async function readOutputs(batches: readonly Scored[]): Promise<Float32Array[]> {
  const outputs = batches.map(({ output }) => output);
  const values = await readTensors(outputs);
  for (const held of outputs) held.dispose();
  return values;
}
