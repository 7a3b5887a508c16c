import { describe, it } from "vitest";
import { startBackend } from "../../src/gpu/backend.ts";
import { blobSource } from "../../src/io/byte-source.ts";
import { backendOptions } from "../ops/backends.ts";
import classifierUrl from "../reference/minilm/classifier.safetensors?url";
import forwardUrl from "../reference/minilm/forward.safetensors?url";
import { expectMiniLmReference, starterNames } from "./minilm.ts";

async function fetched(name: string, url: string) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return blobSource(name, await response.blob());
}

describe("MiniLM on webgpu (heavy: a real checkpoint)", () => {
  it("has PyTorch's token ids, pooled states, logits and ten losses", async () => {
    await startBackend("webgpu", backendOptions);
    await expectMiniLmReference({
      starter: await Promise.all(starterNames.map((name) => fetched(name, `/starter/${name}`))),
      classifier: await fetched("classifier.safetensors", classifierUrl),
      forward: await fetched("forward.safetensors", forwardUrl),
    });
  }, 600_000);
});
