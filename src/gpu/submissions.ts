import type { Uniform } from "./program.ts";

/**
 * The work of a submission is kept under about 100 ms, by measured cost: Windows resets a GPU that does not answer for
 * 2 s, and a page whose GPU is busy cannot draw.
 */
const TARGET_MS = 100;
/** Most dispatches of a submission. */
export const MOST_DISPATCHES = 64;

/** Where WebGPU lets a uniform binding begin; no struct is larger. */
export const SLOT_BYTES = 256;

/** A submission has a slot of uniforms for each dispatch. */
export const UNIFORM_BYTES = MOST_DISPATCHES * SLOT_BYTES;

/** How many dispatches of one device go into a submission, from what they cost so far. */
export class Pace {
  /** Dispatches that a submission should have. */
  perSubmission = 16;
  private sinceMeasure = 0;
  private measureStart = 0;

  /** Called for every recorded dispatch. */
  countDispatch(): void {
    if (this.sinceMeasure++ === 0) this.measureStart = performance.now();
  }

  /**
   * Called when a read-back shows that what was recorded before it is done. With steps that are read one bunch behind,
   * the dispatches of the next bunch are counted instead: bunches are alike, so that the cost of one comes out.
   */
  workDone(): void {
    if (this.sinceMeasure > 0) {
      const msPerDispatch = (performance.now() - this.measureStart) / this.sinceMeasure;
      this.perSubmission = Math.floor(Math.min(MOST_DISPATCHES, Math.max(1, TARGET_MS / msPerDispatch)));
    }
    this.sinceMeasure = 0;
  }
}

/** Uniforms of the open submission of one device, a slot for each dispatch: one write takes them to the GPU. */
export class UniformSlots {
  private readonly bytes = new ArrayBuffer(UNIFORM_BYTES);
  private readonly slots = Array.from({ length: MOST_DISPATCHES }, (_, i) => {
    return new DataView(this.bytes, SLOT_BYTES * i, SLOT_BYTES);
  });
  private used = 0;

  /** Puts the fields of a struct into the next slot; returns its offset in bytes. */
  put(uniforms: readonly Uniform[]): number {
    const offset = SLOT_BYTES * this.used;
    const fields = this.slots[this.used++];
    if (!fields) throw new Error(`A submission has ${MOST_DISPATCHES} dispatches at most.`);
    let at = 0;
    for (const uniform of uniforms) {
      if ("u32" in uniform) fields.setUint32(at, uniform.u32, true);
      else fields.setFloat32(at, uniform.f32, true);
      at += 4;
    }
    return offset;
  }

  /** Called just before each submission. */
  write(queue: GPUQueue, buffer: GPUBuffer): void {
    if (this.used > 0) queue.writeBuffer(buffer, 0, this.bytes, 0, SLOT_BYTES * this.used);
    this.used = 0;
  }
}
