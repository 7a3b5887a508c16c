import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesSource } from "../../src/io/byte-source.ts";
import { decodeText, detectEncoding } from "../../src/io/text-encoding.ts";

function source(bytes: Iterable<number>) {
  return bytesSource("x.csv", Uint8Array.from(bytes));
}

function utf16(text: string, littleEndian: boolean): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(2 * text.length));
  for (let index = 0; index < text.length; index++) bytes.setUint16(2 * index, text.charCodeAt(index), littleEndian);
  return new Uint8Array(bytes.buffer);
}

const table = "text,label\nBlåbær 😀 “good”,1\n";

describe("detectEncoding and decodeText", () => {
  it.each<[string, Iterable<number>, string]>([
    ["UTF-8", Buffer.from(table), "utf-8"],
    ["UTF-8 with a mark", [0xef, 0xbb, 0xbf, ...Buffer.from(table)], "utf-8"],
    ["UTF-16 with a mark", [0xff, 0xfe, ...utf16(table, true)], "utf-16le"],
    ["UTF-16, big end first, with a mark", [0xfe, 0xff, ...utf16(table, false)], "utf-16be"],
    ["UTF-16 without a mark", utf16(table, true), "utf-16le"],
    ["UTF-16, big end first, without a mark", utf16(table, false), "utf-16be"],
  ])("read %s", async (_, bytes, encoding) => {
    expect(await detectEncoding(source(bytes))).toBe(encoding);
    expect(await decodeText(source(bytes), encoding)).toBe(table);
  });

  it("read Windows-1252 with its quotes, dashes and euro sign", async () => {
    const bytes = [0x93, 0x41, 0x94, 0x20, 0x96, 0x20, 0x80, 0x35, 0xa3, 0xe9, 0x81];
    expect(await detectEncoding(source(bytes))).toBe("windows-1252");
    expect(await decodeText(source(bytes), "windows-1252")).toBe("“A” – €5£é\u0081");
  });

  it("keep UTF-8 when one character among many is cut", async () => {
    const bytes = [...Buffer.from("é".repeat(50)), 0xe2, 0x82, 0x20, ...Buffer.from("ok")];
    expect(await detectEncoding(source(bytes))).toBe("utf-8");
    expect(await decodeText(source(bytes), "utf-8")).toBe(`${"é".repeat(50)}\ufffd ok`);
  });

  it("find the first invalid byte wherever it stands, in files of many chunks", async () => {
    const bytes = new Uint8Array(9 << 20).fill(0x61);
    expect(await detectEncoding(bytesSource("x", bytes))).toBe("utf-8");
    bytes[bytes.length - 1] = 0xe9;
    expect(await detectEncoding(bytesSource("x", bytes))).toBe("windows-1252");
    expect((await decodeText(bytesSource("x", bytes), "windows-1252")).slice(-2)).toBe("aé");
  });

  it("join characters that straddle two chunks", async () => {
    const text = "é".repeat(4 << 20);
    const shifted = bytesSource("x", new Uint8Array(Buffer.from(`a${text}`)));
    expect(await detectEncoding(shifted)).toBe("utf-8");
    expect((await decodeText(shifted, "utf-8")) === `a${text}`).toBe(true);
  });

  it("call any valid UTF-8 so and give it back", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme" }), async (text) => {
        const bytes = Buffer.from(`text,label\n${text}`);
        expect(await detectEncoding(source(bytes))).toBe("utf-8");
        expect(await decodeText(source(bytes), "utf-8")).toBe(`text,label\n${text}`);
      }),
    );
  });
});
