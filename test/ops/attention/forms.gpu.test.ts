import { beforeAll, describe, expect, it } from "vitest";
import { computeOn, computeOnPlainOnes, startBackends } from "../backends.ts";
import { expectGradient, weightedSum } from "../differences.ts";
import { expectAgreement, expectSameBits } from "../numbers.ts";
import { bothWays, cases, forward, titleOf, valuesOf } from "./forms.ts";

beforeAll(async () => {
  await startBackends();
});

describe("forms of attention", () => {
  it.each(cases.map((one) => [titleOf(one), one] as const))("agree on every backend: %s", async (_, one) => {
    const values = valuesOf(one);
    const all = await computeOnPlainOnes(() => bothWays(one, values));
    expectAgreement(all);
    expectSameBits(await computeOn("webgpu", () => bothWays(one, values, 7)), all.webgpu);
    // Products with positions have no tiles; others take long to compile here: the adapter's tests have more of them.
    if (one.relative?.kind === "products" || one.headSize !== 12) return;
    const gpu = await computeOn("gpu", () => bothWays(one, values));
    expectAgreement({ cpu: all.cpu, gpu });
    expectSameBits(await computeOn("gpu", () => bothWays(one, values, 7)), gpu);
  });

  it.each(cases.map((one) => [titleOf(one), one] as const))(
    "have the gradients that differences give: %s",
    async (_, one) => {
      const values = valuesOf(one);
      const { dQkv, dRelative } = await computeOn("wasm", () => bothWays(one, values));
      const loss = () => weightedSum(() => forward(one, values).out, values.dOut);
      const most = Math.max(...one.lengths) > 40 ? 8 : 48;
      await expectGradient(dQkv, values.qkv, loss, "dQkv", most);
      if (values.table) await expectGradient(dRelative, values.table, loss, "dRelative", most);
      else expect(dRelative).toBeUndefined();
    },
  );

  it("a window that holds all of a row changes no bit", async () => {
    const [one] = cases.filter(({ window, lengths }) => window === 37 && lengths.includes(5));
    if (!one) throw new Error("The case is missing.");
    const values = valuesOf(one);
    const { name, lengths, heads, headSize, rate } = one;
    const open = { name, lengths, heads, headSize, rate };
    for (const backend of ["cpu", "wasm", "webgpu", "gpu"] as const) {
      const [inWindow, whole] = [
        await computeOn(backend, () => bothWays(one, values)),
        await computeOn(backend, () => bothWays(open, values)),
      ];
      expectSameBits(inWindow, whole);
    }
  });
});
