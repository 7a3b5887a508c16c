import { engine, tensor, type Tensor } from "@tensorflow/tfjs-core";
import { largestBuffer } from "../gpu/memory.ts";
import { cleared, placed, queueDone, submit } from "../gpu/program.ts";
import { isOnGpu, isOutline } from "../gpu/running.ts";
import { webGpu } from "../gpu/tfjs-internals.ts";
import { Problem } from "../problem/problem.ts";

/** The browser copies what is written at once. */
const CHUNK = 2 ** 22;

/**
 * A float32 or int32 tensor that is on the device at once. tfjs uploads at the first use, so a model just loaded would
 * stand whole in main memory, and a batch would take a mapped buffer made and destroyed for each of its tensors; this
 * way each is written in pieces and let go. Throws a Problem for one that is larger than any tensor of this GPU.
 */
export function deviceTensor(
  values: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>,
  shape: readonly number[],
): Tensor {
  const dtype = values instanceof Float32Array ? "float32" : "int32";
  if (isOutline()) return engine().makeTensorFromTensorInfo(placed([...shape], dtype));
  if (!isOnGpu()) return tensor(values, [...shape], dtype);
  if (values.byteLength > largestBuffer()) throw tooLarge(values.byteLength, shape);
  const backend = webGpu();
  const made = placed([...shape], dtype);
  const buffer = backend.tensorMap.get(made.dataId).resource;
  if (!buffer) throw new Error("A tensor without a buffer was filled.");
  // The buffer may be one that recorded work still reads, and the queue writes at once.
  submit();
  for (let start = 0; start < values.length; start += CHUNK) {
    backend.queue.writeBuffer(buffer, 4 * start, values, start, Math.min(CHUNK, values.length - start));
  }
  return engine().makeTensorFromTensorInfo(made);
}

/**
 * A float tensor like those of `deviceTensor`, of values that take time to make: on an outline, whose tensors have
 * none, they are not made.
 */
export function filledTensor(shape: readonly number[], values: () => Float32Array<ArrayBuffer>): Tensor {
  return isOutline() ? deviceZeros(shape) : deviceTensor(values(), shape);
}

/** The same of values that may have to be read first. */
export async function readTensorOf(
  shape: readonly number[],
  values: () => Float32Array<ArrayBuffer> | Promise<Float32Array<ArrayBuffer>>,
): Promise<Tensor> {
  return isOutline() ? deviceZeros(shape) : deviceTensor(await values(), shape);
}

/** A float tensor of zeros; on webgpu it never stands in main memory. */
export function deviceZeros(shape: readonly number[]): Tensor {
  if (isOnGpu() || isOutline()) return engine().makeTensorFromTensorInfo(cleared([...shape]));
  return tensor(new Float32Array(shape.reduce((a, b) => a * b, 1)), [...shape], "float32");
}

/**
 * Resolves when the device has taken what was uploaded: until then it stands a second time in memory that the driver
 * holds, so a large model is uploaded in portions.
 */
export async function uploadsDone(): Promise<void> {
  if (isOnGpu()) await queueDone();
}

function tooLarge(bytes: number, shape: readonly number[]): Problem {
  const megabytes = (count: number) => `${(count / 1e6).toFixed(1)} MB`;
  return new Problem({
    found: `A weight of ${shape.join(" × ")} numbers takes ${megabytes(bytes)}.`,
    expected: `This GPU holds at most ${megabytes(largestBuffer())} in one piece.`,
    remedy: "Take a model with a smaller vocabulary, or train on the processor (backend “wasm”).",
  });
}
