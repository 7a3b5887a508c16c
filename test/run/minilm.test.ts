import { fileURLToPath } from "node:url";
import { describe, it } from "vitest";
import { fileSource } from "../../src/io/node-file.ts";
import { useNodeBackend } from "../node-backend.ts";
import { expectMiniLmReference, starterNames } from "./minilm.ts";

const file = (path: string) => fileSource(fileURLToPath(new URL(`../../${path}`, import.meta.url)));

describe("MiniLM on wasm (heavy: a real checkpoint)", () => {
  it("has PyTorch's token ids, pooled states, logits and ten losses", async () => {
    await useNodeBackend("wasm");
    await expectMiniLmReference({
      starter: await Promise.all(starterNames.map((name) => file(`public/starter/${name}`))),
      classifier: await file("test/reference/minilm/classifier.safetensors"),
      forward: await file("test/reference/minilm/forward.safetensors"),
    });
  }, 300_000);
});
