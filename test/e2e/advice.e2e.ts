import { expect, test, type Locator } from "@playwright/test";
import { csvOf, firstOfEach, textFile, tinyCheckpoint } from "./page-files.ts";
import { TabtunePage } from "./tabtune-page.ts";

test("the advice moves no chart, waits for the run's end, and puts a remedy into the recipe by keyboard", async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const app = new TabtunePage(page);
  await page.goto("/");
  await app.chooseBackend("wasm");
  await app.choose("Data files", [textFile("messages.csv", csvOf(firstOfEach(60)))]);
  await expect(app.card("Data").getByRole("region", { name: "First rows" })).toBeVisible();
  await app.choose("Model files", tinyCheckpoint());
  await expect(app.card("Model").getByText("new, made at the start")).toBeVisible();
  await app.fillRecipe({ Epochs: "200", "Max length": "24" });
  await app.start.click();

  const advice = page.getByRole("region", { name: "Advice" });
  const charts = page.getByText("Charts by");
  await expect(advice.getByRole("status")).toContainText(/Nothing (to judge yet|stands out)/);
  // Both at once: the page may be scrolling.
  const offset = async () => {
    const panel = await advice.elementHandle();
    return charts.evaluate(
      (line, above) => line.getBoundingClientRect().y - (above?.getBoundingClientRect().y ?? NaN),
      panel,
    );
  };
  const before = await offset();
  const raise = advice.getByRole("button", { name: "Raise the max length to 64" });
  await expect(advice.getByRole("status")).toContainText("Rows are cut (possible)", { timeout: 300_000 });
  expect(await offset()).toBe(before);
  await advice.getByRole("button", { name: "Show" }).click();
  await expect(raise).toHaveAttribute("aria-disabled", "true");
  await expect(advice).toContainText("The recipe is locked during the run");

  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(app.bar).toContainText(/Stopped at step/, { timeout: 60_000 });
  await expect(raise).toHaveAttribute("aria-disabled", "false");
  expect(await cutButtons(advice)).toEqual([]);
  await raise.focus();
  await page.keyboard.press("Enter");
  await expect(advice.getByRole("button", { name: "In the recipe: Raise the max length to 64" })).toBeFocused();
  await expect(app.card("Recipe")).toContainText("max length 64");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(app.card("Recipe")).toContainText("max length 24");
  await expect(raise).toBeVisible();
});

/** Names of the buttons that do not lie whole within the panel, and of a panel that scrolls. */
function cutButtons(panel: Locator): Promise<string[]> {
  return panel.evaluate((section) => {
    const { top, bottom, left, right } = section.getBoundingClientRect();
    const cut = [...section.querySelectorAll("button")].filter((button) => {
      const box = button.getBoundingClientRect();
      return box.top < top || box.bottom > bottom || box.left < left || box.right > right;
    });
    const scrolls = [section, ...section.querySelectorAll("div")].filter(
      (part) => part.scrollHeight > part.clientHeight + 1 && getComputedStyle(part).overflowY !== "visible",
    );
    return [...cut.map(({ textContent }) => textContent), ...scrolls.map((part) => part.outerHTML.slice(0, 80))];
  });
}
