import { beforeAll, describe, it } from "vitest";
import { startBackend } from "../../src/gpu/backend.ts";
import { blobSource } from "../../src/io/byte-source.ts";
import { backendOptions } from "../ops/backends.ts";
import checkpointUrl from "../reference/tiny/checkpoint/model.safetensors?url";
import { expectPoolingReference, poolingCases } from "./pooling-reference.ts";

beforeAll(async () => {
  await startBackend("webgpu", backendOptions);
});

describe("pooling on webgpu", () => {
  it.each(poolingCases)("has PyTorch's logits, gradients and losses: $pooling of $layers layers", async (one) => {
    const checkpoint = await (await fetch(checkpointUrl)).blob();
    await expectPoolingReference(blobSource("model.safetensors", checkpoint), one);
  });
});
