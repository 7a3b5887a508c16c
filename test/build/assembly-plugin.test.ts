import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { compileAssembly } from "../../build/assembly-plugin.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "assembly-"));
});

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function run(file: string, shared: boolean, memory: WebAssembly.Memory): Promise<WebAssembly.Exports> {
  const { module } = await compileAssembly(file, { shared });
  return new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(module)), { env: { memory } }).exports;
}

describe("compileAssembly", () => {
  it("compiles a file and what it imports, for the memory that it is given", async () => {
    const part = write("part.as", "export function half(x: f32): f32 { return x / 2; }");
    const whole = write(
      "whole.as",
      'import { half } from "./part";\nexport function halve(at: usize): void { store<f32>(at, half(load<f32>(at))); }',
    );
    const { files } = await compileAssembly(whole, {});
    expect(files.sort()).toEqual([part, whole]);
    for (const shared of [false, true]) {
      const memory = new WebAssembly.Memory({ initial: 1, maximum: 2, shared });
      const { halve } = await run(whole, shared, memory);
      const numbers = new Float32Array(memory.buffer);
      numbers[3] = 5;
      (halve as (at: number) => void)(12);
      expect(numbers[3]).toBe(2.5);
    }
  });

  it("says what is wrong with a file", async () => {
    const wrong = write("wrong.as", "export function f(x: f32): i32 { return y; }");
    await expect(compileAssembly(wrong, {})).rejects.toThrow("Cannot find name 'y'");
  });

  it("refuses static data, which would overwrite the memory that it is given", async () => {
    const table = write(
      "table.as",
      "const table: StaticArray<i32> = [3, 1, 4, 1];\nexport function at(i: i32): i32 { return table[i]; }",
    );
    await expect(compileAssembly(table, {})).rejects.toThrow("static data");
  });
});
