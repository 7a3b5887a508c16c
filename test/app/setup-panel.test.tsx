import { MantineProvider } from "@mantine/core";
import { renderToString } from "react-dom/server";
import { describe, expect, it, vi } from "vitest";
import { App } from "../../src/app/App.tsx";
import { createAppStore } from "../../src/app/store.ts";
import { StoreContext } from "../../src/app/use-app.ts";
import { Problem } from "../../src/problem/problem.ts";
import { fakeSession } from "./fake-session.ts";

function pageOf(store: ReturnType<typeof createAppStore>): string {
  // Drawn on the server: no effects, no lazy parts, but every component of the state that is there.
  const html = renderToString(
    <MantineProvider>
      <StoreContext value={{ ...store, getInitialState: store.getState }}>
        <App />
      </StoreContext>
    </MantineProvider>,
  );
  return html.replaceAll("<!-- -->", "").replaceAll("\u202f", " ");
}

describe("the page", () => {
  it("begins with two zones and one button", () => {
    const page = pageOf(createAppStore(fakeSession()));
    expect(page).toContain("Fine-tune a text model in this tab. Nothing leaves your computer.");
    expect(page).toContain("Try it with a sample");
    expect(page).not.toContain("Rows per class");
  });

  it("shows rows, classes, findings and facts of what was opened", async () => {
    const store = createAppStore(fakeSession(), async (path) => new File([], path));
    await store.getState().actions.useSample();
    await store.getState().actions.useStarter();
    const page = pageOf(store);
    expect(page).toContain("SMS Spam · 5,574 rows · ham 87 %, spam 13 % · 20 % held out");
    expect(page).toContain("4,460 rows for training");
    expect(page).toContain("Ok lar... Joking wif u oni...");
    expect(page).toContain("414 rows are exact duplicates of another row.");
    expect(page).toContain("all-MiniLM-L6-v2 · BERT, 6 layers of 384 · 22.7 M parameters");
    expect(page).toContain(
      "Rate 1e-4 (automatic) · 3 epochs (automatic) · batch size 16 (automatic) · max length 64 (automatic)",
    );
  });

  it("has a place for a text file while the recipe pretrains, and tells of the file", async () => {
    const store = createAppStore(fakeSession(), async (path) => new File([], path));
    const { actions } = store.getState();
    await actions.useSample();
    expect(pageOf(store)).not.toContain("Texts to pretrain on");
    await actions.setRecipe({ pretrainEpochs: 3 });
    expect(pageOf(store)).toContain("The texts of the training rows.");
    await actions.openTextFile(new File([], "own.txt"));
    const page = pageOf(store);
    expect(page).toContain("own.txt · 1,600 lines · about 12,000 words · 61 kB");
    expect(page).toContain("Her second album is a joy.");
    expect(page).toMatch(/<button[^>]*aria-label="Remove the text file"/);
    await actions.setRecipe({ pretrainEpochs: 0 });
    expect(pageOf(store)).not.toContain("own.txt");
  });

  it("shows why a text file cannot be read", async () => {
    const session = fakeSession();
    const store = createAppStore(session, async (path) => new File([], path));
    const { actions } = store.getState();
    await actions.useSample();
    await actions.setRecipe({ pretrainEpochs: 3 });
    await actions.openTextFile(new File([], "own.txt"));
    const found = "other.txt has no text in it.";
    session.failNext("openTextFile", new Problem({ found, expected: "Text.", remedy: "Choose another file." }));
    await actions.openTextFile(new File([], "other.txt"));
    expect(pageOf(store)).toContain(found);
    expect(pageOf(store)).toContain("own.txt · 1,600 lines");
  });

  it("offers to measure this machine, but not beside a run, and shows the figures with a file to save", async () => {
    const store = createAppStore(fakeSession(), async (path) => new File([], path));
    const { actions } = store.getState();
    vi.stubGlobal("window", { requestAnimationFrame: () => 0, document: { hidden: false } });
    const button = /<button[^>]*aria-describedby="measure-machine-note"[^>]*>/;
    expect(button.exec(pageOf(store))?.[0]).not.toContain("disabled");
    await actions.measureMachine();
    vi.unstubAllGlobals();
    expect(pageOf(store)).toMatch(/aria-label="This machine".*Adapter.*Apple M2.*Save as a file/s);
    actions.dismissMachine();
    expect(pageOf(store)).not.toContain("Apple M2</td>");
    store.setState({ run: { ...store.getState().run, status: "training" } });
    const page = pageOf(store);
    if (button.test(page)) expect(button.exec(page)?.[0]).toContain("disabled");
  });

  it("says what blocks the start in the card that can mend it", async () => {
    const store = createAppStore(fakeSession(), async (path) => new File([], path));
    const { actions } = store.getState();
    await actions.useSample();
    await actions.useStarter();
    await actions.setRecipe({ maxLength: 1000 });
    const [, recipe = ""] = pageOf(store).split('aria-label="Recipe"');
    expect(recipe).toContain("Max length is 1000 tokens, but this model has 512 positions.");
  });
});
