import { expect, test, type Page } from "@playwright/test";
import { faults } from "./access-faults.ts";
import { csvOf, firstOfEach, textFile, tinyCheckpoint } from "./page-files.ts";
import { TabtunePage } from "./tabtune-page.ts";

/** Presses Tab until the control of that name has the focus. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < 120; presses++) {
    await page.keyboard.press("Tab");
    const focused = page.locator("*:focus");
    const label = (await focused.count()) > 0 ? await focused.evaluate(nameOf) : "";
    if (name.test(label)) return;
    passed.push(label);
  }
  throw new Error(`Tab does not come to ${String(name)}: ${passed.join(" | ")}`);
}

function nameOf(element: Element): string {
  const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : null;
  return (element.getAttribute("aria-label") ?? label ?? element.textContent).trim();
}

test("no step of the page has a serious fault of access, nor scrolls sideways on a telephone", async ({ page }) => {
  const app = new TabtunePage(page);
  await page.goto("/");
  await expect(page.getByRole("button", { name: "Try it with a sample" })).toBeVisible();
  expect(await faults(page), "empty").toEqual([]);

  await app.choose("Data files", [textFile("messages.csv", csvOf(firstOfEach(160)))]);
  await expect(app.card("Data").getByRole("region", { name: "First rows" })).toBeVisible();
  expect(await faults(page), "data").toEqual([]);

  await app.choose("Model files", tinyCheckpoint());
  await expect(
    app.card("Model").getByText("new, made at the start; its own is for LABEL_0, LABEL_1, LABEL_2"),
  ).toBeVisible();
  await app.fillRecipe({ Epochs: "500", "Max length": "24", "Pretraining epochs": "2" });
  const data = await app.unfold("Data");
  await data.getByText("From a text file").click();
  await app.choose("Text file", [textFile("empty.txt", "\n\n")]);
  await expect(data).toContainText("empty.txt has no text in it.");
  expect(await faults(page), "a text file that is none").toEqual([]);
  await app.choose("Text file", [textFile("own.txt", [...Array(40).keys()].map((i) => `line ${i}`).join("\n"))]);
  await expect(data).toContainText("own.txt · 40 lines · about 80 words");
  await expect(page.getByText("6 steps on the 40 lines of own.txt, before the fine-tuning")).toBeVisible();
  expect(await faults(page), "model and recipe").toEqual([]);

  await app.start.click();
  await app.reach(40, 120_000);
  await expect(page.getByRole("region", { name: "Pretraining loss" })).toContainText(/Training, smoothed .* at step 6/);
  expect(await faults(page), "training").toEqual([]);
  await page.getByRole("button", { name: "Table: Loss" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  expect(await faults(page), "table of a chart").toEqual([]);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(app.bar).toContainText(/Stopped at step/, { timeout: 60_000 });

  for (const name of ["Results", "Errors", "Try it", "Download"] as const) {
    const panel = await app.openTab(name);
    if (name === "Results") {
      await expect(panel.getByRole("term").filter({ hasText: "Macro F1" })).toBeVisible();
      await expect(panel.getByRole("region", { name: "Baseline and fine-tuning" })).toBeVisible();
      await expect(panel.getByRole("img", { name: /^Accuracy over confidence/ })).toBeVisible();
      await expect(panel.getByRole("img", { name: /^ROC curve of .* Area 0\.\d+/ })).toBeVisible();
    }
    if (name === "Errors") await expect(panel.getByText(/validation rows are misclassified/)).toBeVisible();
    if (name === "Try it") await app.tryText("a text to try");
    expect(await faults(page), name).toEqual([]);
  }
});

test("everything is done by keys alone", async ({ page }) => {
  const app = new TabtunePage(page);
  await page.goto("/");
  await expect(page.getByRole("button", { name: "Try it with a sample" })).toBeVisible();
  await page.keyboard.press("?");
  const keys = page.getByRole("dialog", { name: "Keys" });
  await expect(keys).toContainText("Start · Pause · Resume");
  await page.keyboard.press("?");
  await expect(keys).toBeHidden();
  await page.keyboard.press("t");
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "dark");

  for (const name of [/^Choose a file$/, /^Choose files$/, /^Choose a folder$/, /^Use the starter model$/, /^Try it/]) {
    await tabTo(page, name);
  }
  await page.reload();
  await tabTo(page, /^Use the sample$/);
  await page.keyboard.press("Enter");
  await expect(app.card("Data")).toContainText("5,574 rows");
  // A file dialog is the browser's own: the files are given where it would give them.
  const dialog = page.waitForEvent("filechooser");
  await app.card("Model").getByRole("button", { name: "Choose files" }).press("Enter");
  await (await dialog).setFiles(tinyCheckpoint());
  await expect(app.card("Recipe")).toContainText(/max length \d+ \(automatic\)/);
  // Nothing in the recipe stands in the way, so its card is folded.
  await tabTo(page, /^Recipe/);
  await page.keyboard.press("Enter");
  await tabTo(page, /^Max length$/);
  await page.keyboard.press("Control+A");
  await page.keyboard.type("32");
  await tabTo(page, /^Start training$/);
  await page.keyboard.press("Enter");
  await app.reach(2, 120_000);
  await tabTo(page, /^Pause$/);
  await page.keyboard.press("Enter");
  await expect(app.bar).toContainText("Paused");
  await page.keyboard.press("s");
  await expect(app.bar).toContainText("Training");
  await page.keyboard.press("x");
  await expect(app.bar).toContainText(/Stopped at step/, { timeout: 60_000 });
  await tabTo(page, /^Training$/);
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("tab", { name: "Rows" })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("tab", { name: "Results" })).toHaveAttribute("aria-selected", "true");
  await expect(page.getByRole("term").filter({ hasText: "Macro F1" })).toBeVisible();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByText(/validation rows are misclassified/)).toBeVisible();
  await page.keyboard.press("/");
  await expect(page.getByLabel("Search in the texts")).toBeFocused();
});
