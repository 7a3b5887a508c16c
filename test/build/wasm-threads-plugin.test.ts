import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { removeThreadPool } from "../../build/wasm-threads-plugin.ts";

const path = "node_modules/@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js";

describe("removeThreadPool", () => {
  it("leaves the installed package without threads of its own", () => {
    const code = readFileSync(path, "utf8");
    expect(code).toContain("pthreadPoolSize=8");
    const changed = removeThreadPool(code);
    expect(changed).not.toContain("pthreadPoolSize=8");
    expect(changed).toContain('if(!numWorkersToLoad)removeRunDependency("wasm-instantiate")');
  });

  it("throws when there is nothing to change", () => {
    expect(() => removeThreadPool("export default 1;")).toThrow("to change");
  });
});
