import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesSource } from "../../src/io/byte-source.ts";
import { openSafetensors, readTensor } from "../../src/io/safetensors.ts";
import { encodeTensor, safetensorsHeader, type WeightDtype } from "../../src/io/safetensors-write.ts";

interface Tensor {
  name: string;
  dtype: WeightDtype;
  shape: number[];
  values: Float32Array<ArrayBuffer>;
}

async function written(tensors: Tensor[], metadata: Record<string, string>) {
  const parts = [safetensorsHeader(tensors, metadata), ...tensors.map((one) => encodeTensor(one.values, one.dtype))];
  return bytesSource("model.safetensors", new Uint8Array(await new Blob(parts).arrayBuffer()));
}

const tensor = fc
  .record({
    name: fc.string().filter((name) => name !== "__metadata__"),
    dtype: fc.constantFrom<WeightDtype>("float32", "float16"),
    shape: fc.array(fc.nat(4), { maxLength: 3 }),
    integers: fc.array(fc.integer({ min: -2048, max: 2048 }), { minLength: 64, maxLength: 64 }),
  })
  .map(({ name, dtype, shape, integers }): Tensor => {
    const size = shape.reduce((product, length) => product * length, 1);
    return { name, dtype, shape, values: Float32Array.from(integers.slice(0, size), (integer) => integer / 16) };
  });

describe("safetensorsHeader and encodeTensor", () => {
  it("write what the reader, which checks all that the Rust library checks, reads back", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(tensor, { selector: (one) => one.name, maxLength: 6 }),
        fc.dictionary(fc.string(), fc.string()),
        async (tensors, metadata) => {
          const file = await openSafetensors(await written(tensors, metadata));
          expect([...file.tensors.keys()].sort()).toEqual(tensors.map((one) => one.name).sort());
          expect([...file.metadata].sort()).toEqual(Object.entries(metadata).sort());
          for (const one of tensors) {
            expect(file.tensors.get(one.name)?.shape).toEqual(one.shape);
            expect([...(await readTensor(file, one.name))]).toEqual([...one.values]);
          }
        },
      ),
    );
  });

  it("starts the data at a multiple of 8 bytes", () => {
    for (const name of ["a", "ab", "abc", "abcdefgh"]) {
      const header = safetensorsHeader([{ name, dtype: "float16", shape: [2] }], { format: "pt" });
      expect(header.length % 8).toBe(0);
    }
  });

  it("halves the bytes in float16 and takes a view in float32", () => {
    const values = Float32Array.from([1, 2, 3]);
    expect(encodeTensor(values, "float16").length).toBe(6);
    expect(encodeTensor(values, "float32").buffer).toBe(values.buffer);
    expect([...encodeTensor(values.subarray(1, 2), "float32")]).toEqual([0, 0, 0, 0x40]);
  });
});
