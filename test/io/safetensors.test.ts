import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { bytesSource } from "../../src/io/byte-source.ts";
import { fileSource } from "../../src/io/node-file.ts";
import { openSafetensors, readTensor } from "../../src/io/safetensors.ts";
import { Problem } from "../../src/problem/problem.ts";
import { thrownBy } from "./thrown-by.ts";

const folder = new URL("../cases/safetensors/", import.meta.url).pathname;

const manifest = v.parse(
  v.object({ cases: v.array(v.object({ file: v.string(), expect: v.string() })) }),
  JSON.parse(readFileSync(`${folder}manifest.json`, "utf8")),
);

/** A file with one tensor "w" over the given bytes. */
function oneTensor(dtype: string, count: number, data: Uint8Array<ArrayBuffer>) {
  const header = JSON.stringify({
    __metadata__: { format: "pt" },
    w: { dtype, shape: [count], data_offsets: [0, data.length] },
  });
  const bytes = new Uint8Array(8 + header.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(new TextEncoder().encode(header), 8);
  bytes.set(data, 8 + header.length);
  return bytesSource("model.safetensors", bytes);
}

describe("openSafetensors", () => {
  it("covers every file of the borrowed cases", () => {
    const files = readdirSync(folder).filter((name) => name.endsWith(".safetensors"));
    expect(manifest.cases.map((one) => one.file).sort()).toEqual(files.sort());
  });

  it.each(manifest.cases)("judges $file as the Rust library: $expect", async ({ file, expect: verdict }) => {
    const opening = openSafetensors(await fileSource(folder + file));
    if (verdict === "Ok") {
      expect(await opening).toHaveProperty("tensors");
      return;
    }
    const problem = await thrownBy(opening);
    expect(`Err:${problem.details.split(":")[0]}`).toBe(verdict);
    expect(problem.found).toContain(file);
  });

  it("says of a truncated file how much is missing", async () => {
    const whole = oneTensor("F32", 4, new Uint8Array(16));
    const cut = bytesSource("model.safetensors", await whole.slice(0, whole.size - 5));
    const problem = await thrownBy(openSafetensors(cut));
    expect(problem.found).toContain("cut off");
    expect(problem.found).toContain("16 bytes of weights and 11 are there");
    expect(problem.remedy).not.toBe("");
  });

  it("refuses a gap and an overlap between tensors", async () => {
    const entry = (from: number, to: number) => ({ dtype: "U8", shape: [to - from], data_offsets: [from, to] });
    for (const second of [entry(5, 8), entry(3, 8)]) {
      const header = new TextEncoder().encode(JSON.stringify({ a: entry(0, 4), b: second }));
      const bytes = new Uint8Array(8 + header.length + 8);
      new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
      bytes.set(header, 8);
      expect((await thrownBy(openSafetensors(bytesSource("x", bytes)))).details).toMatch(/^InvalidOffset/);
    }
  });

  it("refuses a header of the wrong form with a Problem, whatever JSON it is", async () => {
    const entry = fc.record(
      { dtype: fc.constantFrom("F32", "X", 1), shape: fc.jsonValue(), data_offsets: fc.jsonValue() },
      { requiredKeys: [] },
    );
    const header = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(fc.string(), entry),
      fc.record({ __metadata__: fc.jsonValue() }),
    );
    await fc.assert(
      fc.asyncProperty(header, async (json) => {
        const text = new TextEncoder().encode(JSON.stringify(json));
        const bytes = new Uint8Array(8 + text.length + 1);
        new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
        bytes.set(text, 8);
        // The one byte of data belongs to no tensor, so that none of these can be sound.
        const error: unknown = await openSafetensors(bytesSource("x", bytes)).catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(Problem);
      }),
      { numRuns: 500 },
    );
  });

  it("keeps a tensor that is called __proto__", async () => {
    const header = new TextEncoder().encode('{"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}');
    const bytes = new Uint8Array(8 + header.length + 1);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
    bytes.set(header, 8);
    expect([...(await openSafetensors(bytesSource("x", bytes))).tensors.keys()]).toEqual(["__proto__"]);
  });
});

describe("readTensor", () => {
  it("reads the four float types as float32", async () => {
    const values = [0, -0, 1, -2.5, 65504, 2 ** -24];
    const halves = new Uint16Array([0, 0x8000, 0x3c00, 0xc100, 0x7bff, 1]);
    const brains = new Uint16Array([0, 0x8000, 0x3f80, 0xc020]);
    const cases: [string, ArrayBuffer, number[]][] = [
      ["F32", new Float32Array(values).buffer, values],
      ["F64", new Float64Array(values).buffer, values],
      ["F16", halves.buffer, values],
      ["BF16", brains.buffer, values.slice(0, 4)],
    ];
    for (const [dtype, buffer, expected] of cases) {
      const file = await openSafetensors(oneTensor(dtype, expected.length, new Uint8Array(buffer)));
      expect([...(await readTensor(file, "w"))]).toEqual(expected);
      expect(file.metadata.get("format")).toBe("pt");
    }
  });

  it("reads a tensor larger than a chunk without losing an element", async () => {
    const values = Float32Array.from({ length: (9 << 20) / 4 + 3 }, (_, index) => index);
    const file = await openSafetensors(oneTensor("F32", values.length, new Uint8Array(values.buffer)));
    const read = await readTensor(file, "w");
    expect(Buffer.compare(Buffer.from(read.buffer), Buffer.from(values.buffer))).toBe(0);
  });

  it("names a tensor that is not there, and a type that holds no weights", async () => {
    const file = await openSafetensors(oneTensor("I64", 1, new Uint8Array(8)));
    expect((await thrownBy(readTensor(file, "pooler"))).found).toContain('"pooler"');
    expect((await thrownBy(readTensor(file, "w"))).found).toContain("I64");
  });
});
