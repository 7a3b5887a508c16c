import { readFileSync } from "node:fs";
import { readRleBitPackedHybrid } from "hyparquet/src/encoding.js";
import { describe, expect, it } from "vitest";
import { boundRuns } from "../../build/parquet-runs-plugin.ts";

describe("boundRuns", () => {
  it("changes the installed package, once", () => {
    const code = readFileSync("node_modules/hyparquet/src/encoding.js", "utf8");
    expect(boundRuns(code)).toContain("Math.min(header >>> 1, output.length - seen)");
    expect(() => boundRuns(boundRuns(code))).toThrow("to patch");
  });

  it.each([
    [[0x14, 7], 3],
    [[0x08, 1, 0xfe, 0x01, 2], 6],
  ])("a run of %j ends where the page ends", (bytes, room) => {
    const output = new Array<number>(room);
    readRleBitPackedHybrid({ view: new DataView(Uint8Array.from(bytes).buffer), offset: 0 }, 3, output, bytes.length);
    expect(output).toHaveLength(room);
    expect(output.at(-1)).toBe(bytes.at(-1));
  });
});
