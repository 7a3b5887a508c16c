import { describe, expect, it } from "vitest";
import { DropoutSites } from "../../src/model/dropout-sites.ts";
import { lowRankTargets } from "../../src/model/low-rank.ts";

describe("the sites of a forward pass", () => {
  it("all have keys of their own, in a model of 48 layers", () => {
    const rates = { hidden: 0.1, attention: 0.1, classifier: 0.1, lowRank: 0.1 };
    const sites = new DropoutSites(rates, { seed: 42, step: 3, microBatch: 1 });
    const layers = Array.from({ length: 48 }, (_, layer) => [
      sites.attention(layer),
      sites.attentionOutput(layer),
      sites.output(layer),
      ...lowRankTargets.map((target) => sites.lowRank(layer, target)),
    ]);
    const all = [sites.embeddings(), ...layers.flat(), sites.head("pooler"), sites.head("classifier")];
    expect(new Set(all.map(({ key }) => key.join())).size).toBe(3 + 48 * (3 + lowRankTargets.length));
  });

  it("of LoRA drop nothing where no rate is told", () => {
    const sites = new DropoutSites(
      { hidden: 0.1, attention: 0.1, classifier: 0.1 },
      { seed: 1, step: 0, microBatch: 0 },
    );
    expect(sites.lowRank(0, "query").rate).toBe(0);
  });
});
