import { expect, it } from "vitest";
import { unrolled } from "../../src/ops/wgsl-text.ts";

it("writes a loop's turns one after another, and leaves other loops and names alone", () => {
  const text = `for (var d = 0u; d < N; d++) { a[d] = added * d; }
for (var e = 0u; e < N; e++) { b[e] = d; }
for (var d = 0u; d < M; d++) { c[d] = 1; }`;
  expect(unrolled(text, "d", "N", 3)).toBe(`{ a[0u] = added * 0u; } { a[1u] = added * 1u; } { a[2u] = added * 2u; }
for (var e = 0u; e < N; e++) { b[e] = d; }
for (var d = 0u; d < M; d++) { c[d] = 1; }`);
});
