import { MantineProvider } from "@mantine/core";
import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { EarlierControls } from "../../../src/app/setup/EarlierControls.tsx";
import { RecipeField } from "../../../src/app/setup/RecipeFields.tsx";
import { createAppStore, type AppStore } from "../../../src/app/store.ts";
import { StoreContext } from "../../../src/app/use-app.ts";
import { fakeSession, modelSummary } from "../fake-session.ts";

function drawn(store: AppStore, content: React.ReactNode): string {
  const html = renderToString(
    <MantineProvider>
      <StoreContext value={{ ...store, getInitialState: store.getState }}>{content}</StoreContext>
    </MantineProvider>,
  );
  return html.replaceAll("<!-- -->", "").replaceAll("\u202f", " ");
}

const controls = (store: AppStore) => drawn(store, <EarlierControls locked={false} />);
const file = new File(["x"], "old.csv");
const withClassifier = () =>
  createAppStore(fakeSession({ openModel: async () => modelSummary({ labelNames: ["ham", "spam"] }) }));

describe("the place of the earlier task's file", () => {
  it("is folded until something wants it", async () => {
    const store = withClassifier();
    expect(controls(store)).toMatch(/<details[^>]*><summary>Earlier task: none/);
    expect(controls(store)).not.toMatch(/<details[^>]* open/);
    await store.getState().actions.setRecipe({ ewc: 1e5 });
    expect(controls(store)).toMatch(/<details[^>]* open/);
  });

  it("shows rows, classes and columns of the file, and the classes of the model", async () => {
    const store = withClassifier();
    const { actions } = store.getState();
    await actions.openEarlier(file);
    expect(controls(store)).toContain("Its labels are checked once the model is open.");
    await actions.openModel([]);
    const html = controls(store);
    expect(html).toContain("Earlier task: old.csv, 5,574 rows");
    expect(html).toMatch(/role="group" aria-label="Columns of the earlier task’s file"/);
    expect(html).toContain("4,460 rows against forgetting");
    expect(html).toContain("1,114 to score");
    expect(html).toContain("The model’s own classes: ham, spam.");
    expect(html).toContain('aria-label="Remove the earlier task’s file"');
    expect(html).not.toContain("Drop the earlier task");
  });

  it("says of a model without a classifier that it takes texts alone", async () => {
    const store = createAppStore(fakeSession());
    await store.getState().actions.openModel([]);
    const html = controls(store);
    expect(html).toContain("all-MiniLM-L6-v2 has no classifier of its own");
    expect(html).toContain("Plain texts work with any model.");
    expect(html).not.toMatch(/disabled=""/);
    expect(controls(withClassifier())).not.toContain("Plain texts work with any model.");
  });

  it("shows first lines and parts of a text file, and warns of a head that is new", async () => {
    const store = createAppStore(fakeSession());
    await store.getState().actions.openModel([]);
    await store.getState().actions.openEarlier(new File(["x"], "old.txt"));
    const html = controls(store);
    expect(html).toContain("Earlier task: old.txt, 1,600 texts");
    expect(html).toContain("The soup was dull");
    expect(html).toContain("1,280 different texts against forgetting, 320 to score");
    expect(html).toContain("no language-model head");
    expect(html).toMatch(/aria-label="The earlier task’s file holds" role="radiogroup"/);
    expect(html).not.toContain("Columns of the earlier");
    const taught = createAppStore(fakeSession({ openModel: async () => modelSummary({ languageHead: "checkpoint" }) }));
    await taught.getState().actions.openModel([]);
    await taught.getState().actions.openEarlier(new File(["x"], "old.txt"));
    expect(controls(taught)).not.toContain("no head");
  });
});

describe("the strength of weight consolidation", () => {
  const field = (store: AppStore) => drawn(store, <RecipeField field="ewc" locked={false} />);

  it("is a slider beside the number, named for those who cannot see it, off at its left end", async () => {
    const store = withClassifier();
    expect(field(store)).toMatch(/role="slider"[^>]*aria-label="Strength of weight consolidation"/);
    expect(field(store)).toMatch(/aria-valuetext="off"/);
    expect(field(store)).toMatch(/aria-valuenow="0"/);
    await store.getState().actions.setRecipe({ ewc: 1e6 });
    expect(field(store)).toMatch(/aria-valuetext="1e6"/);
    expect(field(store)).toMatch(/aria-valuenow="13"/);
    expect(field(store)).toContain('value="1000000"');
  });

  it("says where its rows come from", async () => {
    const store = withClassifier();
    expect(field(store)).toContain("drop their file in the Data card, under “Earlier task”");
    await store.getState().actions.openEarlier(file);
    expect(field(store)).toContain("Rows of the earlier task: old.csv.");
    await store.getState().actions.readEarlierAs("texts");
    expect(field(store)).toContain("Texts of the earlier task: old.csv.");
  });
});
