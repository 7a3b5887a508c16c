import { describe, expect, it } from "vitest";
import { readTextLines } from "../../src/data/text-lines.ts";
import { bytesSource } from "../../src/io/byte-source.ts";
import { Problem } from "../../src/problem/problem.ts";
import { textSource } from "../io/model-folder.ts";

describe("readTextLines", () => {
  it("gives one text a line, without empty lines, whatever ends a line", async () => {
    const source = textSource("own.txt", "one, with a comma\r\n\n  two “quoted” \rthree\n");
    expect(await readTextLines(source)).toEqual(["one, with a comma", "two “quoted”", "three"]);
  });

  it("reads other encodings", async () => {
    const latin = bytesSource("own.txt", Uint8Array.from([0x63, 0x61, 0x66, 0xe9, 0x0a, 0x62]));
    expect(await readTextLines(latin)).toEqual(["café", "b"]);
  });

  it("leaves out texts that are held out, and says when nothing is left", async () => {
    const source = textSource("own.txt", "one\ntwo\n");
    expect(await readTextLines(source, [" two"])).toEqual(["one"]);
    await expect(readTextLines(source, ["two", "one"])).rejects.toThrow(Problem);
  });
});
