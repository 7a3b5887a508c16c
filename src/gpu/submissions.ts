import type { Uniform } from "./program.ts";

/** Most dispatches of a submission. */
const MOST_DISPATCHES = 64;

/** Where WebGPU lets a uniform binding begin; no struct is larger. */
export const SLOT_BYTES = 256;

/** A submission has a slot of uniforms for each dispatch. */
export const UNIFORM_BYTES = MOST_DISPATCHES * SLOT_BYTES;

/** Uniforms of the open submission of one device, a slot for each dispatch: one write takes them to the GPU. */
export class UniformSlots {
  private readonly bytes = new ArrayBuffer(UNIFORM_BYTES);
  private readonly slots = Array.from({ length: MOST_DISPATCHES }, (_, i) => {
    return new DataView(this.bytes, SLOT_BYTES * i, SLOT_BYTES);
  });
  private used = 0;

  /** Whether every slot is used. */
  get isFull(): boolean {
    return this.used === MOST_DISPATCHES;
  }

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
