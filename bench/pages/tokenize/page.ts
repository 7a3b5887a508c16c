import { cutAt } from "../../../src/data/text-limit.ts";
import type { DataCalls } from "../../../src/workers/protocol.ts";
import { spawnWorker, tokenizerCount } from "../../../src/workers/client.ts";
import { LazyWorker } from "../../../src/workers/lazy-worker.ts";
import { Tokenizers } from "../../../src/workers/tokenizers.ts";
import type { IdsCalls } from "./ids.worker.ts";

const data = new LazyWorker<DataCalls>(() => spawnWorker("data")).calls;
const ids = new LazyWorker<IdsCalls>(
  () => new Worker(new URL("./ids.worker.ts", import.meta.url), { type: "module", name: "ids" }),
).calls;
const tokenizers = new Tokenizers(
  () => spawnWorker("tokenize"),
  tokenizerCount(),
  () => console.error("A tokenizer failed."),
);

/** The way of a row from file to ids with the page's own workers, step by step; only training is left out. */
const steps = {
  /** Starts the pool with the starter model's tokenizer. */
  async connect(tokenizerJson: string): Promise<number> {
    const { forData, forTrain } = await tokenizers.open({ tokenizerJson, tokenizerConfigJson: "{}" });
    await data.connectTokenizers({ ports: forData }, { transfer: forData });
    await ids.connect({ ports: forTrain }, { transfer: forTrain });
    return forTrain.length;
  },

  /** Opens the chosen file and makes rows of it. Milliseconds of both. */
  async open(): Promise<{ openMs: number; selectMs: number }> {
    const file = document.querySelector<HTMLInputElement>("#table")?.files?.[0];
    if (!file) throw new Error("No file is chosen.");
    const start = performance.now();
    await data.openTable({ slot: "train", file, format: {} });
    const opened = performance.now();
    await data.selectRows({ columns: { text: 1, pair: null, label: 0 }, share: 0.1, seed: 1 });
    return { openMs: opened - start, selectMs: performance.now() - opened };
  },

  /** Encodes all rows; `firstMs` until the first ids were where training takes them, `ms` until all were. */
  async encode(maxLength: number): Promise<{ firstMs: number; ms: number; tokens: number; bytes: number }> {
    const start = performance.timeOrigin + performance.now();
    const held = (["train", "validation"] as const).map(async (part) => {
      await data.encode({ job: part, part, limit: cutAt(maxLength) });
      return ids.hold({ job: part });
    });
    const results = await Promise.all(held);
    const ms = performance.timeOrigin + performance.now() - start;
    const sum = (of: "tokens" | "bytes") => results.reduce((total, result) => total + result[of], 0);
    return {
      firstMs: Math.min(...results.map(({ first }) => first)) - start,
      ms,
      tokens: sum("tokens"),
      bytes: sum("bytes"),
    };
  },
};

type Steps = typeof steps;
Object.assign(window, { steps });

declare global {
  interface Window {
    steps: Steps;
  }
  interface Performance {
    /** Where the page is isolated; not yet among TypeScript's own types. */
    measureUserAgentSpecificMemory(): Promise<{
      breakdown: { bytes: number; attribution: { url?: string; scope?: string }[] }[];
    }>;
  }
}
