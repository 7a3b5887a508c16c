import { MantineProvider } from "@mantine/core";
import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { PresetField } from "../../../src/app/setup/RecipeFields.tsx";
import { RecipeCard } from "../../../src/app/setup/RecipeCard.tsx";
import { StoreContext } from "../../../src/app/use-app.ts";
import { csv, setUp } from "../set-up.ts";

type Store = ReturnType<typeof setUp>["store"];

/** The text of a part of the page, without its markup. */
const textOf = (store: Store, part: React.ReactNode) =>
  renderToString(
    <StoreContext.Provider value={{ ...store, getInitialState: store.getState }}>
      <MantineProvider>{part}</MantineProvider>
    </StoreContext.Provider>,
  )
    .replace(/<style.*?<\/style>|<!-- -->/g, "")
    .replace(/<[^>]*>/g, "\n")
    .replace(/&#x27;/g, "'");

const card = (store: Store, opened: boolean) =>
  textOf(
    store,
    <RecipeCard
      opened={opened}
      onToggle={() => undefined}
      onWork={() => undefined}
      blockers={[]}
      link={null}
      goTo={null}
    />,
  );

describe("the recipe card", () => {
  it("says of each automatic field its value and the reason, and in its line that they are automatic", async () => {
    const { store, actions } = setUp();
    expect(card(store, false)).toContain("Rate automatic · epochs automatic · ");
    expect(card(store, true)).toContain("Automatic: set as soon as the model is open.");
    expect(card(store, true)).toContain("Automatic: set as soon as the data is open.");
    await actions.openModel([csv("config.json")]);
    await actions.openTable(csv("a.csv"));
    expect(card(store, false)).toContain("Rate 1e-4 (automatic) · 3 epochs (automatic) · ");
    expect(card(store, true)).toContain("Automatic: 1e-4, because the model's hidden size is 384.");
    expect(card(store, true)).toContain("Automatic: 3, because 4460 training rows make 279 steps per epoch");
  });

  it("offers a field that was set to be made automatic again", async () => {
    const { store, actions } = setUp();
    expect(card(store, true)).not.toContain("Make automatic");
    await actions.setRecipe({ epochs: 6 });
    expect(card(store, true).split("Make automatic")).toHaveLength(2);
    expect(card(store, false)).toContain("Rate automatic · 6 epochs · ");
  });
});

describe("a recipe of the baseline alone", () => {
  it("leaves out what only training reads, and says so", async () => {
    const { store, actions } = setUp();
    await actions.setRecipe({ epochs: 6, effort: "quick" });
    const shown = card(store, true);
    for (const left of ["Learning rate", "Epochs", "LoRA rank", "Schedule"]) expect(shown).not.toContain(`\n${left}\n`);
    for (const read of ["Effort", "Max length", "Held out"]) expect(shown).toContain(`\n${read}\n`);
    expect(shown).toContain("Nothing is trained: epochs, rate, batch size");
    expect(card(store, false)).toContain("The baseline alone · max length");
    await actions.setRecipe({ effort: "epochs" });
    expect(card(store, true)).toContain("\nEpochs\n");
    expect(card(store, false)).toContain("6 epochs");
  });
});

describe("the ways to train", () => {
  it("begin with the automatic one, and have the former numbers as Classic", async () => {
    const { store, actions, state } = setUp();
    const field = () => textOf(store, <PresetField locked={false} />);
    expect(field()).toMatch(/Automatic\s+Classic/);
    expect(field()).toContain("All weights train. Rate: 1e-4 below a hidden size of 512");
    await actions.takeRecipe({ ...state().recipe, automatic: [], learningRate: 2e-5, epochs: 3 });
    expect(field()).toContain("three epochs at 2e-5");
    await actions.setRecipe({ learningRate: 3e-5 });
    expect(field()).toContain("A recipe of your own.");
  });
});
