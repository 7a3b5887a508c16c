import type { TensorInfo } from "@tensorflow/tfjs-core";

type DataId = TensorInfo["dataId"];

/** Where bindings may begin: 256 bytes, in float32 numbers. */
const STEP = 64;
/**
 * Most bytes of a buffer that tensors share. It is what every GPU binds, and bounds how long a dispatch over all of it
 * takes.
 */
const BLOCK_BYTES = 2 ** 27;

/** A buffer that several tensors share; `Buffer` is what the device calls one. */
interface Block<Buffer> {
  buffer: Buffer;
  /** Tensors in it that exist. */
  tensors: number;
}

/** Where a tensor lies in a shared buffer, in float32 numbers. */
export interface Place<Buffer = unknown> {
  block: Block<Buffer>;
  first: number;
  size: number;
  /** Where the next tensor begins. Between the two are zeros. */
  next: number;
}

/**
 * The shared buffers of one device: tensors lie in them side by side, so that one dispatch can go over many. A buffer is
 * freed with the last of its tensors, and does not go back to the pool, where only tensors of its very size could use it.
 */
export class Arenas<Buffer> {
  private readonly places = new Map<DataId, Place<Buffer>>();

  /**
   * @param space.allocate a buffer of this many bytes, with zeros in it
   * @param space.free destroys a buffer
   */
  constructor(private readonly space: { allocate: (bytes: number) => Buffer; free: (buffer: Buffer) => void }) {}

  /** Allocates buffers for tensors that lie in this order, and gives each its place. */
  add(tensors: readonly TensorInfo[], largestBuffer: number): void {
    const most = Math.min(BLOCK_BYTES, largestBuffer) / 4;
    let open: { info: TensorInfo; first: number; size: number; next: number }[] = [];
    const close = () => {
      const end = open.at(-1)?.next;
      if (end === undefined) return;
      const block = { buffer: this.space.allocate(4 * end), tensors: open.length };
      for (const { info, ...place } of open) this.places.set(info.dataId, { block, ...place });
      open = [];
    };
    for (const info of tensors) {
      const size = info.shape.reduce((a, b) => a * b, 1);
      const padded = Math.ceil(size / STEP) * STEP;
      if ((open.at(-1)?.next ?? 0) + padded > most) close();
      const first = open.at(-1)?.next ?? 0;
      open.push({ info, first, size, next: first + padded });
    }
    close();
  }

  /** Null for a tensor that has a buffer of its own. */
  placeOf({ dataId }: Pick<TensorInfo, "dataId">): Place<Buffer> | null {
    return this.places.get(dataId) ?? null;
  }

  /** Called when the data of any tensor is gone. */
  remove(dataId: DataId): void {
    const block = this.places.get(dataId)?.block;
    this.places.delete(dataId);
    if (block && --block.tensors === 0) this.space.free(block.buffer);
  }
}

/** Whether `later` begins where `earlier` ends, in the same buffer. */
export function isNext(earlier: Place | null, later: Place | null): boolean {
  return earlier !== null && earlier.block === later?.block && earlier.next === later.first;
}
