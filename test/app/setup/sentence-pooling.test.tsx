import { MantineProvider } from "@mantine/core";
import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { ModelCard } from "../../../src/app/setup/ModelCard.tsx";
import { createAppStore, type AppStore } from "../../../src/app/store.ts";
import { StoreContext } from "../../../src/app/use-app.ts";
import { fakeSession, modelSummary } from "../fake-session.ts";

const drawn = (store: AppStore) =>
  renderToString(
    <MantineProvider>
      <StoreContext value={{ ...store, getInitialState: store.getState }}>
        <ModelCard blockers={[]} opened onToggle={() => undefined} onWork={() => undefined} />
      </StoreContext>
    </MantineProvider>,
  );

describe("the pooling of a sentence encoder", () => {
  const offer = "Pool by “Mean of the tokens”";

  it("is offered until the recipe has it", async () => {
    const store = createAppStore(fakeSession({ openModel: async () => modelSummary({ sentencePooling: "mean" }) }));
    const { actions } = store.getState();
    await actions.openModel([]);
    expect(drawn(store)).toContain(offer);
    expect(store.getState().recipe.pooling).toBe("pooler");
    await actions.setRecipe({ pooling: "mean" });
    expect(drawn(store)).not.toContain(offer);
  });

  it("is not spoken of for other checkpoints", async () => {
    const store = createAppStore(fakeSession());
    await store.getState().actions.openModel([]);
    expect(drawn(store)).not.toContain("Pool by");
  });
});
