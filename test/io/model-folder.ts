import { bytesSource, type ByteSource } from "../../src/io/byte-source.ts";
import { encodeTensor, safetensorsHeader } from "../../src/io/safetensors-write.ts";

/** A source over a text. */
export function textSource(name: string, text: string): ByteSource {
  return bytesSource(name, new TextEncoder().encode(text));
}

/** A safetensors file with one float32 tensor of two values. */
export async function weightsSource(name: string, tensor: string): Promise<ByteSource> {
  const parts = [
    safetensorsHeader([{ name: tensor, dtype: "float32", shape: [2] }], { format: "pt" }),
    encodeTensor(Float32Array.from([1, 2]), "float32"),
  ];
  return bytesSource(name, new Uint8Array(await new Blob(parts).arrayBuffer()));
}

/** The least that makes a checkpoint, with `prefix` before each name. */
export async function modelFolder(prefix = ""): Promise<ByteSource[]> {
  return [
    textSource(`${prefix}config.json`, '{"model_type":"bert"}'),
    textSource(`${prefix}tokenizer.json`, '{"model":{}}'),
    await weightsSource(`${prefix}model.safetensors`, "w"),
  ];
}
