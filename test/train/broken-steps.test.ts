import { describe, it } from "vitest";
import { useNodeBackend } from "../node-backend.ts";
import { expectNothingAfterBroken } from "./broken-steps.ts";
import { tinyModel } from "./tiny-run.ts";

describe.each(["wasm", "cpu"] as const)("on %s no step changes the weights from a broken one on", (backend) => {
  it.each([NaN, Infinity])("with gradients of %d", async (value) => {
    await useNodeBackend(backend);
    await expectNothingAfterBroken(tinyModel, value);
  });
});
