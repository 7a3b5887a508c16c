import { MantineProvider } from "@mantine/core";
import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { ModelCard } from "../../../src/app/setup/ModelCard.tsx";
import { createAppStore } from "../../../src/app/store.ts";
import { StoreContext } from "../../../src/app/use-app.ts";
import type { DataSummary, ModelSummary } from "../../../src/workers/protocol.ts";
import { dataSummary, fakeSession, modelSummary } from "../fake-session.ts";

/** The line of the Model card on the head, with this head and these rows. */
async function headLine(head: ModelSummary["head"], data: Partial<DataSummary>, recipe = {}): Promise<string> {
  const store = createAppStore(fakeSession({ openModel: async () => modelSummary({ head }) }));
  await store.getState().actions.openModel([]);
  await store.getState().actions.setRecipe(recipe);
  store.setState((state) => ({ data: { ...state.data, summary: dataSummary(data) } }));
  const html = renderToString(
    <MantineProvider>
      <StoreContext value={{ ...store, getInitialState: store.getState }}>
        <ModelCard blockers={[]} opened onToggle={() => undefined} onWork={() => undefined} />
      </StoreContext>
    </MantineProvider>,
  );
  return /<dt>Classifier<\/dt><dd>([^<]*)<\/dd>/.exec(html)?.[1] ?? "";
}

const made = "new, made at the start";
const ofLabels = { kind: "multi-label", classes: ["joy", "fear"], obstacle: null } as const;
const labels = { ...ofLabels, classes: [...ofLabels.classes] };
const tags = { kind: "token-classification" as const, classes: ["O", "B-PER", "I-PER"], obstacle: null };
const number = { kind: "regression" as const, classes: ["stars"], obstacle: null };

describe("the Model card says of the head", () => {
  it("that it is kept for the same task and labels", async () => {
    expect(await headLine(labels, { task: "multi-label", labelNames: ["fear", "joy"] })).toBe("kept: joy, fear");
    expect(await headLine(number, { task: "regression", labelNames: ["stars"] })).toBe("kept: stars");
    const words = { task: "token-classification", labelNames: ["O", "B-PER", "I-PER"] };
    // A head of words reads no rows.
    expect(await headLine(tags, words, { pooling: "mean" })).toBe("kept: O, B-PER, I-PER");
  });

  it("that it is new, and why", async () => {
    expect(await headLine(labels, { task: "single-label", labelNames: ["fear", "joy"] })).toBe(made);
    expect(await headLine(labels, { task: "multi-label", labelNames: ["awe", "joy"] })).toBe(
      `${made}; its own is for joy, fear`,
    );
    expect(await headLine(number, { task: "regression", labelNames: ["score"] })).toBe(`${made}; its own is for stars`);
    const same = { task: "multi-label", labelNames: ["joy", "fear"] };
    expect(await headLine(labels, same, { pooling: "mean" })).toBe(`${made}; its own reads rows pooled by “pooler”`);
    expect(await headLine(labels, same, { reinitializeLayers: 1 })).toBe(`${made}: the recipe re-initializes it`);
  });
});
