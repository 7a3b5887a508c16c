import type { Tensor } from "@tensorflow/tfjs-core";
import { readTensor, readTensors } from "../gpu/read-back.ts";
import { runningDevice } from "../gpu/running.ts";

/** Bytes of tensors that are read together, where none is larger alone. */
const BUNCH_BYTES = 2 ** 24;

/** Neighbours that are read together: what they hold, until it is taken. */
interface Bunch {
  first: number;
  tensors: readonly Tensor[];
  reading: Promise<Map<Tensor, Float32Array<ArrayBuffer>>>;
}

/**
 * Float tensors that are wanted one after another: on a GPU they are read in bunches, the next one while this one is
 * worked on. A wait for each would be 20 s for 200 tensors where an answer takes 100 ms. Tensors must not change meanwhile.
 */
export class ReadAhead {
  private readonly placeOf: ReadonlyMap<Tensor, number>;
  private current: Bunch | null = null;
  private next: Bunch | null = null;

  /** @param tensors in the order in which they will be wanted */
  constructor(private readonly tensors: readonly Tensor[]) {
    this.placeOf = new Map(tensors.map((tensor, place) => [tensor, place]));
  }

  /** Values of a tensor, row-major, in an array of their own. */
  async take(tensor: Tensor): Promise<Float32Array<ArrayBuffer>> {
    const place = this.placeOf.get(tensor);
    if (place === undefined || runningDevice().kind !== "webgpu") return readTensor(tensor);
    if (!holds(this.current, tensor)) {
      this.current = holds(this.next, tensor) ? this.next : this.begin(place);
      this.next = this.begin(this.current.first + this.current.tensors.length);
    }
    const values = await this.current.reading;
    const own = values.get(tensor);
    // One that was taken before is read again, since whoever has it may have passed it on.
    if (!own) return readTensor(tensor);
    values.delete(tensor);
    return own;
  }

  private begin(first: number): Bunch {
    let [end, bytes] = [first, 0];
    for (let tensor = this.tensors[end]; tensor; tensor = this.tensors[++end]) {
      bytes += 4 * tensor.size;
      if (bytes > BUNCH_BYTES && end > first) break;
    }
    const tensors = this.tensors.slice(first, end);
    const reading = readTensors(tensors).then(
      (values) => new Map(tensors.flatMap((tensor, i) => (values[i] ? [[tensor, values[i]] as const] : []))),
    );
    // A failure reaches whoever takes one of them, if anybody does.
    reading.catch(() => undefined);
    return { first, tensors, reading };
  }
}

const holds = (bunch: Bunch | null, tensor: Tensor): bunch is Bunch => bunch?.tensors.includes(tensor) ?? false;
