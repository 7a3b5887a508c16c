import fc from "fast-check";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { type ByteSource, bytesSource, readAll } from "../../src/io/byte-source.ts";
import { openZip } from "../../src/io/zip-in.ts";
import { Problem } from "../../src/problem/problem.ts";
import { thrownBy } from "./thrown-by.ts";
import { contents } from "./zip-contents.ts";

describe("openZip", () => {
  const text = "tabtune ".repeat(200_000);
  const files = { "m/config.json": Buffer.from("{}"), "m/vocab.txt": Buffer.from(text), "m/empty": new Uint8Array(0) };

  it("unpacks deflated files and passes over folders", async () => {
    const zip = bytesSource("x.zip", new Uint8Array(zipSync({ ...files, "m/folder/": new Uint8Array(0) })));
    expect(zip.size).toBeLessThan(text.length / 10);
    expect(await contents(zip)).toEqual([
      ["m/config.json", "{}"],
      ["m/vocab.txt", text],
      ["m/empty", ""],
    ]);
  });

  it("reads of a stored file only the bytes that are asked for", async () => {
    const zip = bytesSource("x.zip", new Uint8Array(zipSync(files, { level: 0 })));
    let read = 0;
    const counted: ByteSource = {
      ...zip,
      slice(start, end) {
        read += end - start;
        return zip.slice(start, end);
      },
    };
    const vocabulary = (await openZip(counted)).find((source) => source.name === "m/vocab.txt");
    read = 0;
    expect(Buffer.from((await vocabulary?.slice(8, 16)) ?? []).toString()).toBe("tabtune ");
    expect(read).toBeLessThan(100);
  });

  it("refuses what is cut off, damaged, locked or not a zip", async () => {
    const whole = new Uint8Array(zipSync(files));
    const broken = async (change: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>) =>
      (await thrownBy(contents(bytesSource("x.zip", change(whole.slice()))))).found;
    expect(await broken((bytes) => bytes.slice(0, -30))).toContain("no directory");
    expect(await broken(() => new Uint8Array(0))).toContain("no directory");
    expect(await broken((bytes) => bytes.slice(10))).toContain("breaks off after 0");
    const directory = Buffer.from(whole).indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    expect(await broken((bytes) => bytes.fill(1, directory + 8, directory + 9))).toContain("password");
    expect(await broken((bytes) => bytes.fill(99, directory + 10, directory + 11))).toContain("method 99");
    expect(await broken((bytes) => bytes.fill(7, directory + 24, directory + 25))).toContain("where 7 are stated");
    const end = whole.length - 22;
    expect(await broken((bytes) => bytes.fill(0xff, end + 16, end + 20))).toContain("Zip64");
    const vocabulary = Buffer.from(whole).indexOf("m/vocab.txt") + "m/vocab.txt".length;
    expect(await broken((bytes) => bytes.fill(0xff, vocabulary, vocabulary + 20))).toContain("cannot be unpacked");
  });

  it("fails with a Problem, or not at all, whatever bytes are changed", async () => {
    const whole = new Uint8Array(
      zipSync({ "a/config.json": Buffer.from('{"a":1}'.repeat(20)), b: Buffer.from("xyz") }),
    );
    const outcomes = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1 }), async (changes) => {
        const bytes = whole.slice();
        for (const [at, value] of changes) bytes[at] = value;
        try {
          await Promise.all((await openZip(bytesSource("x.zip", bytes))).map(readAll));
          outcomes.add("read");
        } catch (error) {
          outcomes.add("refused");
          expect(error).toBeInstanceOf(Problem);
        }
      }),
      { numRuns: 500 },
    );
    expect([...outcomes].sort()).toEqual(["read", "refused"]);
  });
});
