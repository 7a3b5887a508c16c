import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesSource } from "../../src/io/byte-source.ts";
import { packedBytes, packTree, readTree } from "../../src/io/state-tree.ts";
import { Problem } from "../../src/problem/problem.ts";
import { thrownBy } from "./thrown-by.ts";

async function packed(tree: unknown): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: BlobPart[] = [];
  for await (const piece of packTree(tree)) pieces.push(new Uint8Array(piece));
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

const numbers = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(Infinity, -Infinity, NaN, -0, 0));
const keys = fc.oneof(fc.string(), fc.constantFrom("__proto__", "constructor", "$array", "$number", "length"));
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: "small" },
    ...[numbers, fc.string(), fc.boolean(), fc.constant(null)],
    ...[fc.float32Array(), fc.float64Array(), fc.int32Array(), fc.uint32Array(), fc.uint8Array()],
    fc.array(tie("tree"), { maxLength: 5 }),
    fc.dictionary(keys, tie("tree"), { maxKeys: 5, noNullPrototype: true }),
  ),
}));

describe("a tree of values and arrays of numbers", () => {
  it("comes back as it was, to the bit", async () => {
    await fc.assert(
      fc.asyncProperty(tree, async (whole) => {
        expect(await readTree(bytesSource("state", await packed(whole)))).toEqual(whole);
      }),
      { numRuns: 300 },
    );
  });

  it("reads numbers of tensors when their turn comes, in their own pieces", async () => {
    const asked: string[] = [];
    const lazy = (name: string, ...pieces: Float32Array[]) => ({
      kind: "lazy" as const,
      length: pieces.reduce((sum, piece) => sum + piece.length, 0),
      pieces: function* () {
        asked.push(name);
        yield* pieces;
      },
    });
    const parts = [Float32Array.of(1, NaN, 3), Float32Array.of(-0, 0.1)];
    const bytes = await packed({ a: lazy("a", ...parts), b: lazy("b", Float32Array.of(7)), c: lazy("c") });
    expect(asked).toEqual(["a", "b", "c"]);
    expect(await readTree(bytesSource("state", bytes))).toEqual({
      a: Float32Array.of(1, NaN, 3, -0, 0.1),
      b: Float32Array.of(7),
      c: new Float32Array(0),
    });
  });

  it("leaves out fields that are undefined", async () => {
    const read = await readTree(bytesSource("state", await packed({ a: undefined, b: 1 })));
    expect(Object.keys(read as object)).toEqual(["b"]);
  });

  it.each([
    ["a function", { run: () => 1 }],
    ["a map", { map: new Map() }],
    ["a date", [new Date()]],
    ["16-bit numbers", Int16Array.of(1)],
  ])("refuses %s, which would not come back", async (_, value) => {
    await expect(packed(value)).rejects.toThrow(/cannot be saved/);
  });

  it("refuses a tensor of another length than it said", async () => {
    const short = { kind: "lazy", length: 3, pieces: () => [Float32Array.of(1)] };
    await expect(packed(short)).rejects.toThrow("12 bytes of a tensor were expected, and 4 came.");
  });

  it("says which file is cut, or no such file", async () => {
    const bytes = await packed({ weights: new Float32Array(20), name: "a" });
    for (const length of [0, 7, 15, 16, 40, bytes.length - 1]) {
      const { found } = await thrownBy(readTree(bytesSource("save-1", bytes.slice(0, length))));
      expect(found).toBe("The file save-1 is not a whole saved state.");
    }
    const other = bytes.slice();
    other[0] = 0;
    expect((await thrownBy(readTree(bytesSource("x", other)))).found).toContain("The file x is not a whole");
  });

  it("gives a tree or a Problem whichever byte of it is changed", async () => {
    const bytes = await packed({ weights: new Float32Array(3), name: "a", odd: [NaN, { $array: 1 }], step: 7 });
    for (let at = 0; at < bytes.length; at++) {
      for (const mask of [1, 4, 0x40]) {
        const changed = bytes.with(at, (bytes[at] ?? 0) ^ mask);
        const read = await readTree(bytesSource("state", changed)).catch((error: unknown) => error);
        if (read instanceof Error) expect(read, `byte ${at}`).toBeInstanceOf(Problem);
      }
    }
  });

  it("is as long as was said before", async () => {
    await fc.assert(
      fc.asyncProperty(tree, async (whole) => {
        expect((await packed(whole)).length).toBe(packedBytes(whole));
      }),
    );
  });
});
