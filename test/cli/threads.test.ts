import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { runProgram } from "./program.ts";

const tiny = fileURLToPath(new URL("../reference/tiny", import.meta.url));

async function parityOn(threads: number) {
  const { code, stdout, stderr } = await runProgram(["parity", tiny, "--backend", "wasm", "--threads", `${threads}`]);
  expect(stderr).not.toMatch(/warning|flag/i);
  expect(code).toBe(0);
  return JSON.parse(stdout) as { adapter: string; threads: number; worst: unknown };
}

it("trains in Node on two threads with the bits of one, and ends", async () => {
  const [one, two] = [await parityOn(1), await parityOn(2)];
  expect(one).toMatchObject({ adapter: "SIMD, 1 thread", threads: 1 });
  expect(two).toMatchObject({ adapter: "SIMD, 2 threads", threads: 2 });
  expect(two.worst).toEqual(one.worst);
});

it.each(["0", "1.5", "many", "257"])("refuses --threads %s", async (threads) => {
  const { code, stderr } = await runProgram(["parity", tiny, "--backend", "wasm", "--threads", threads]);
  expect(code).toBe(2);
  expect(stderr).toContain(`--threads is “${threads}”.`);
});
