import { expect, type Locator, type Page } from "@playwright/test";
import type { PageFile } from "./page-files.ts";

/** The page of Tabtune as a person works with it. */
export class TabtunePage {
  readonly page: Page;
  readonly bar: Locator;
  readonly start: Locator;

  constructor(page: Page) {
    this.page = page;
    this.bar = page.getByRole("region", { name: "Progress of the run" });
    this.start = page.getByRole("button", { name: "Start training" });
  }

  card(name: "Data" | "Model" | "Recipe"): Locator {
    return this.page.getByRole("region", { name, exact: true });
  }

  /** Unfolds a card, if it is folded. */
  async unfold(name: "Data" | "Model" | "Recipe"): Promise<Locator> {
    const card = this.card(name);
    const toggle = card.getByRole("button", { expanded: false }).first();
    if ((await card.locator("h2 button").getAttribute("aria-expanded")) === "false") await toggle.click();
    return card;
  }

  /**
   * Drops files or folders of this machine onto a place of the page, as a file manager does: Chromium itself makes the
   * events and gives the page its file handles.
   */
  async drop(target: Locator, paths: string[]): Promise<void> {
    await target.scrollIntoViewIfNeeded();
    const box = await target.boundingBox();
    if (!box) throw new Error("What is dropped onto is not shown.");
    const devtools = await this.page.context().newCDPSession(this.page);
    const place = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    const data = { items: [], files: paths, dragOperationsMask: 1 };
    for (const type of ["dragEnter", "dragOver", "drop"] as const) {
      await devtools.send("Input.dispatchDragEvent", { type, ...place, data });
    }
    await devtools.detach();
  }

  /** Chooses files through the input of a zone, e.g. "Data files". */
  async choose(
    zone: "Data files" | "Model files" | "Validation file" | "Test file" | "Text file" | "Earlier task’s file",
    files: PageFile[] | string[],
  ): Promise<void> {
    await this.page.getByLabel(zone, { exact: true }).setInputFiles(files);
  }

  /** Writes values into fields of the recipe by their labels, unfolding what they stand in. */
  async fillRecipe(values: Record<string, string>): Promise<void> {
    const card = await this.unfold("Recipe");
    const groups = card.locator("details:not([open]) > summary");
    while ((await groups.count()) > 0) await groups.first().click();
    for (const [label, value] of Object.entries(values)) {
      const field = card.getByLabel(label, { exact: true });
      await field.fill(value);
      await field.press("Enter");
      await expect(field).toHaveValue(value);
    }
  }

  async chooseBackend(value: "auto" | "webgpu" | "wasm"): Promise<void> {
    const choice = this.page.getByLabel("Backend");
    await choice.selectOption(value);
    await expect(choice).toBeEnabled();
  }

  /** A number of the run's bar, e.g. fact("Step") → "12 of 69". */
  async fact(name: string): Promise<string> {
    return this.bar.locator("dl > div").filter({ hasText: name }).locator("dd").innerText();
  }

  async step(): Promise<number> {
    return Number.parseInt((await this.fact("Step")).replaceAll(",", ""), 10);
  }

  /** Waits until the run has made so many steps. */
  async reach(step: number, timeout: number): Promise<void> {
    await expect.poll(() => this.step(), { timeout, message: `step ${step}` }).toBeGreaterThanOrEqual(step);
  }

  async openTab(name: "Training" | "Rows" | "Results" | "Errors" | "Try it" | "Download"): Promise<Locator> {
    const tab = this.page.getByRole("tab", { name, exact: true });
    await expect(tab).toBeEnabled();
    await tab.click();
    return this.page.getByRole("tabpanel", { name, exact: true });
  }

  /** A figure of the results, e.g. "Macro F1". */
  async figure(name: string): Promise<number> {
    const results = await this.openTab("Results");
    const title = this.page.getByText(name, { exact: true });
    const value = results.locator("dl > div").filter({ has: title }).locator("dd").first();
    return Number.parseFloat(await value.innerText({ timeout: 240_000 }));
  }

  /** The probability of each class or label for a text, by its name, from the tab "Try it". */
  async tryText(text: string): Promise<Record<string, number>> {
    const panel = await this.openTab("Try it");
    const list = panel.getByRole("list", { name: /^Probability of each / });
    await panel.getByLabel("Text", { exact: true }).fill(text);
    await expect(list).toHaveAttribute("aria-busy", "false", { timeout: 120_000 });
    const shown = await list
      .getByRole("listitem")
      .evaluateAll((items) =>
        items.map((item) => [...item.children].map((part) => [part.textContent, part.getAttribute("title")])),
      );
    return Object.fromEntries(shown.map((parts) => [parts[0]?.[0] ?? "", Number(parts[2]?.[1])]));
  }
}
