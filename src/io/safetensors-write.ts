import { toFloat16 } from "./float16.ts";

/** Types in which weights are written. */
export type WeightDtype = "float32" | "float16";

const formatNames = { float32: "F32", float16: "F16" } as const;
const elementBytes = { float32: 4, float16: 2 } as const;

/**
 * The beginning of a safetensors file: 8 bytes of length and the JSON header, padded with spaces to a multiple of 8.
 * The tensors' bytes (`encodeTensor`) must follow in the order of `entries`, with nothing between them.
 */
export function safetensorsHeader(
  entries: readonly { name: string; dtype: WeightDtype; shape: readonly number[] }[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  let position = 0;
  // Joined from parts, because an object treats a key "__proto__" specially.
  const parts = [`"__metadata__":${JSON.stringify(metadata)}`];
  for (const { name, dtype, shape } of entries) {
    const start = position;
    position += shape.reduce((product, size) => product * size, elementBytes[dtype]);
    const entry = { dtype: formatNames[dtype], shape, data_offsets: [start, position] };
    parts.push(`${JSON.stringify(name)}:${JSON.stringify(entry)}`);
  }
  const json = new TextEncoder().encode(`{${parts.join(",")}}`);
  const length = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + length).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, 8);
  return bytes;
}

/**
 * The bytes of a tensor as the file holds them; float16 is rounded to nearest, ties to even.
 * In float32 they are a view of `values`, not a copy.
 */
export function encodeTensor(values: Float32Array<ArrayBuffer>, dtype: WeightDtype): Uint8Array<ArrayBuffer> {
  if (dtype === "float32") return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const halves = new Uint16Array(values.length);
  for (let index = 0; index < values.length; index++) halves[index] = toFloat16(values[index] ?? 0);
  return new Uint8Array(halves.buffer);
}
