import { MOST_DISPATCHES } from "./flush.ts";
import { webGpu } from "./tfjs-internals.ts";

/** Where WebGPU lets a uniform binding begin; no struct is larger. */
export const SLOT_BYTES = 256;

/** A submission has a slot for each dispatch. */
export const UNIFORM_BYTES = MOST_DISPATCHES * SLOT_BYTES;

/** Uniforms of the open submission, a slot a dispatch: they reach the GPU by one write, just before it. */
const bytes = new ArrayBuffer(UNIFORM_BYTES);
const slots = Array.from({ length: MOST_DISPATCHES }, (_, i) => {
  return { offset: SLOT_BYTES * i, fields: new DataView(bytes, SLOT_BYTES * i, SLOT_BYTES) };
});
let used = 0;
let buffer: GPUBuffer | null = null;

/** Forgets the buffer: it belongs to a device that is gone. */
export function resetUniforms(): void {
  buffer = null;
  used = 0;
}

/** The buffer of all slots, counted among the backend's. */
export function uniformBuffer(): GPUBuffer {
  const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.UNIFORM;
  return (buffer ??= webGpu().bufferManager.acquireBuffer(bytes.byteLength, usage));
}

/** The slot of the next dispatch. */
export function nextSlot(): { offset: number; fields: DataView } {
  const slot = slots[used++];
  if (!slot) throw new Error(`A submission has ${MOST_DISPATCHES} dispatches at most.`);
  return slot;
}

/** Called just before each submission. */
export function writeSlots(): void {
  if (used > 0) webGpu().queue.writeBuffer(uniformBuffer(), 0, bytes, 0, SLOT_BYTES * used);
  used = 0;
}
