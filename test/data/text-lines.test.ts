import { describe, expect, it } from "vitest";
import { linesWithout, openTextFile, summarizeTextFile } from "../../src/data/text-lines.ts";
import { bytesSource } from "../../src/io/byte-source.ts";
import { Problem } from "../../src/problem/problem.ts";
import { textSource } from "../io/model-folder.ts";

describe("a plain text file", () => {
  it("gives one text a line, without empty lines, whatever ends a line", async () => {
    const source = textSource("own.txt", "one, with a comma\r\n\n  two “quoted” \rthree\n");
    expect((await openTextFile(source)).lines).toEqual(["one, with a comma", "two “quoted”", "three"]);
  });

  it("is read in other encodings", async () => {
    const latin = bytesSource("own.txt", Uint8Array.from([0x63, 0x61, 0x66, 0xe9, 0x0a, 0x62]));
    expect(await openTextFile(latin)).toMatchObject({ encoding: "windows-1252", lines: ["café", "b"] });
    const wide = bytesSource("own.txt", Uint8Array.from([0xff, 0xfe, 0x61, 0, 0x0a, 0, 0x62, 0]));
    expect(await openTextFile(wide)).toMatchObject({ encoding: "utf-16le", lines: ["a", "b"] });
  });

  it("leaves out texts that are held out, and says when nothing is left", async () => {
    const file = await openTextFile(textSource("own.txt", "one\ntwo\n"));
    expect(linesWithout(file, [" two"])).toEqual(["one"]);
    expect(() => linesWithout(file, ["two", "one"])).toThrow(/All texts of own.txt are held out too/);
  });

  it.each([
    ["has no text in it", textSource("own.txt", " \n\n")],
    ["has no text in it", bytesSource("own.txt", new Uint8Array(0))],
    ["is a PDF", textSource("own.txt", "%PDF-1.7 and so on")],
    [
      "does not look like text",
      bytesSource(
        "own.txt",
        Uint8Array.from({ length: 500 }, (_, i) => (i * 37) % 256),
      ),
    ],
  ])("that is none is refused: %s", async (found, source) => {
    const error: unknown = await openTextFile(source).catch((thrown: unknown) => thrown);
    if (!(error instanceof Problem)) throw new Error("It was not refused.");
    expect(error.found).toContain(found);
    expect(error.expected).toContain("plain text file");
    expect(error.remedy).not.toContain("CSV");
  });

  it("is told of by its lines, words and first lines, which are cut", async () => {
    const lines = ["a b  c", "x".repeat(400), ...Array.from({ length: 8 }, (_, i) => `line ${i}`)];
    const summary = summarizeTextFile(await openTextFile(textSource("own.txt", lines.join("\n\n"))));
    expect(summary).toMatchObject({ name: "own.txt", encoding: "utf-8", lines: 10, words: 3 + 1 + 16 });
    expect(summary.preview.map(({ length }) => length)).toEqual([6, 300, 6, 6, 6]);
  });
});
