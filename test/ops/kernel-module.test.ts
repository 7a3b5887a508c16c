import { beforeAll, describe, expect, it } from "vitest";
import { compileAssembly } from "../../build/assembly-plugin.ts";
import { startNodeBackend } from "../../src/cli/node-backend.ts";
import { hasRelaxedSimd, openKernels } from "../../src/ops/kernel-module.ts";
import { scratchBytes } from "../../src/ops/linear/multiply.ts";
import { randomValues } from "./numbers.ts";

// It lets Node 20 have relaxed SIMD.
beforeAll(() => startNodeBackend("wasm"));

const [ROWS, COLUMNS, INNER] = [13, 21, 530];
const PAGE = 65_536;
const [A, B, C] = [0, PAGE, 2 * PAGE];
const END = 16 * PAGE;

async function open(relaxed: boolean) {
  const { module } = await compileAssembly("src/ops/kernels.as", { relaxed });
  const bytes = new Uint8Array(module);
  const memory = new WebAssembly.Memory({ initial: END / PAGE });
  return { bytes, memory, kernels: () => openKernels(new WebAssembly.Module(bytes), memory) };
}

describe("the builds of the kernels", () => {
  it("with relaxed SIMD is refused by exactly the engines in which the probe finds none", async () => {
    const [plain, relaxed] = [await open(false), await open(true)];
    expect(WebAssembly.validate(plain.bytes)).toBe(true);
    expect(WebAssembly.validate(relaxed.bytes)).toBe(hasRelaxedSimd());
    expect(Buffer.from(plain.bytes).equals(relaxed.bytes)).toBe(false);
  });

  it.each([[false], [true]])("multiply, relaxed: %s", async (relaxed) => {
    if (relaxed && !hasRelaxedSimd()) return;
    const { memory, kernels } = await open(relaxed);
    const [a, b] = [randomValues([ROWS, INNER], 1).values, randomValues([COLUMNS, INNER], 2).values];
    const numbers = (at: number, length: number) => new Float32Array(memory.buffer, at, length);
    numbers(A, a.length).set(a);
    numbers(B, b.length).set(b);
    const sizes = [ROWS, COLUMNS, INNER];
    const strides = [A, 4 * INNER, 4, B, 4 * INNER, 4];
    // A pointer beyond the memory throws, so that the scratch memory cannot be too small unseen.
    const scratch = END - scratchBytes(0, COLUMNS, INNER);
    kernels().multiply(...sizes, ...strides, C, 4 * COLUMNS, 4, 0, scratch);
    const rows = numbers(C, ROWS * COLUMNS).slice();
    kernels().multiply(...sizes, ...strides, C, 4, 4 * ROWS, 0, scratch);
    const columns = numbers(C, ROWS * COLUMNS).slice();
    for (let k = 0; k < INNER; k++)
      for (let i = 0; i < ROWS; i++) numbers(A, a.length)[k * ROWS + i] = a[i * INNER + k] ?? NaN;
    const transposedScratch = END - scratchBytes(ROWS, COLUMNS, INNER);
    kernels().multiply(...sizes, A, 4, 4 * ROWS, B, 4 * INNER, 4, C, 4 * COLUMNS, 4, 0, transposedScratch);
    expect(numbers(C, ROWS * COLUMNS)).toEqual(rows);
    let worst = 0;
    for (let i = 0; i < ROWS; i++) {
      for (let j = 0; j < COLUMNS; j++) {
        let sum = 0;
        for (let k = 0; k < INNER; k++) sum += (a[i * INNER + k] ?? NaN) * (b[j * INNER + k] ?? NaN);
        worst = Math.max(worst, Math.abs(sum - (rows[i * COLUMNS + j] ?? NaN)));
        expect(columns[j * ROWS + i]).toBe(rows[i * COLUMNS + j]);
      }
    }
    expect(worst).toBeLessThan(1e-4);
  });
});
