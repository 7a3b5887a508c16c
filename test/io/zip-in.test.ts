import fc from "fast-check";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { type ByteSource, bytesSource, readAll } from "../../src/io/byte-source.ts";
import { openZip } from "../../src/io/zip-in.ts";
import { Problem } from "../../src/problem/problem.ts";
import { thrownBy } from "./thrown-by.ts";
import { zip64File } from "./zip64-file.ts";
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

  it("reads Zip64 files, as streaming writers make them whatever their size", async () => {
    const whole = zip64File("m/config.json", '{"a":1}');
    expect(await contents(bytesSource("x.zip", whole))).toEqual([["m/config.json", '{"a":1}']]);
    // Without the record, or with one that lies elsewhere, nothing is guessed.
    const lost = whole.slice();
    lost.fill(0, lost.length - 42, lost.length - 38);
    expect((await thrownBy(openZip(bytesSource("x.zip", lost)))).found).toContain("no Zip64 record");
  });

  /** One file of zeros, deflated, whose directory states another size. */
  function zeros(bytes: number, stated: number, name = "m/config.json"): ByteSource {
    const whole = new Uint8Array(zipSync({ [name]: [new Uint8Array(bytes), { level: 9 }] }));
    const directory = Buffer.from(whole).indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    new DataView(whole.buffer).setUint32(directory + 24, stated, true);
    return bytesSource("x.zip", whole);
  }

  it("never inflates beyond what is stated", async () => {
    const [entry] = await openZip(zeros(160 * 2 ** 20, 1000));
    const before = process.memoryUsage().rss;
    const { found } = await thrownBy(entry ? readAll(entry) : Promise.resolve());
    expect(found).toContain("beyond the 1000 bytes that are stated");
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 2 ** 20);
  });

  it.each([65 * 2 ** 20, 0xfffffff0])(
    "refuses a bomb by the size it states, before it inflates: %d",
    async (stated) => {
      const { found } = await thrownBy(contents(zeros(2 ** 20, stated, "m/model.safetensors")));
      expect(found).toContain(`to ${stated.toLocaleString("en")} bytes`);
    },
  );

  it("refuses files that share bytes", async () => {
    const whole = new Uint8Array(zipSync({ "a.txt": Buffer.from("first file"), "b.txt": Buffer.from("second file") }));
    const second = Buffer.from(whole).lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    new DataView(whole.buffer).setUint32(second + 42, 5, true);
    expect((await thrownBy(openZip(bytesSource("x.zip", whole)))).found).toContain("a.txt and b.txt share bytes");
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
