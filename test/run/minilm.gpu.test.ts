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

/** Both batches have trained, and the first again from what they changed; all ten steps in `npm run test:long`. */
const STEPS = import.meta.env.TABTUNE_LONG ? 10 : 3;

describe("MiniLM on webgpu (heavy: a real checkpoint)", () => {
  it(`has PyTorch's token ids, pooled states, logits and ${STEPS} losses`, async () => {
    await startBackend("webgpu", backendOptions);
    const files = {
      starter: await Promise.all(starterNames.map((name) => fetched(name, `/starter/${name}`))),
      classifier: await fetched("classifier.safetensors", classifierUrl),
      forward: await fetched("forward.safetensors", forwardUrl),
    };
    await expectMiniLmReference(files, STEPS);
  }, 600_000);
});
