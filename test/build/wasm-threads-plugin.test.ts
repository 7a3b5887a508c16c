import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { removeScriptDir } from "../../build/wasm-threads-plugin.ts";

const path = "node_modules/@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js";

describe("removeScriptDir", () => {
  it("leaves the installed package's factory without a reference to the outer variable", () => {
    const code = readFileSync(path, "utf8");
    const factory = (source: string) => source.slice(source.indexOf("function(WasmBackendModuleThreadedSimd)"));
    expect(factory(code)).toContain("_scriptDir");
    expect(factory(removeScriptDir(code))).not.toContain("_scriptDir");
  });

  it("throws when there is nothing to patch", () => {
    expect(() => removeScriptDir("export default 1;")).toThrow("to patch");
  });
});
