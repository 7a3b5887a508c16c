import { fileURLToPath } from "node:url";
import { beforeAll, describe, it } from "vitest";
import { fileSource } from "../../src/io/node-file.ts";
import { useNodeBackend } from "../node-backend.ts";
import { expectPoolingReference, poolingCases } from "./pooling-reference.ts";

beforeAll(async () => {
  await useNodeBackend("wasm");
});

const checkpoint = fileURLToPath(new URL("../reference/tiny/checkpoint/model.safetensors", import.meta.url));

describe("pooling on wasm", () => {
  it.each(poolingCases)("has PyTorch's logits, gradients and losses: $pooling of $layers layers", async (one) => {
    await expectPoolingReference(await fileSource(checkpoint), one);
  });
});
