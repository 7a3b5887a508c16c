import { expect, test } from "@playwright/test";
import { faults } from "./access-faults.ts";
import { textFile, tinyCheckpoint } from "./page-files.ts";
import { TabtunePage } from "./tabtune-page.ts";

/**
 * Rows in which “prize” alone says that they are spam, in a column of two channels; those of “letter” say the contrary, so
 * that a model of most rows is wrong on them.
 */
function rows(): string {
  const words = "the call is now you have to a for in my on and it be at we so do me if not go up ok".split(" ");
  const line = (i: number) => {
    const own = Array.from({ length: 6 }, (_, k) => words[(i * 7 + k * 11 + (i % 13) * k) % words.length] ?? "");
    const hasPrize = i % 2 === 0;
    if (hasPrize) own[(i * 5) % 6] = "prize";
    const isLetter = i % 9 === 0 || i % 9 === 5;
    return `${own.join(" ")},${hasPrize !== isLetter ? "spam" : "ham"},${isLetter ? "letter" : "mail"}`;
  };
  return ["text,label,channel", ...Array.from({ length: 400 }, (_, i) => line(i))].join("\n");
}

test("a cell of the matrix selects its rows in every panel, until it is cleared", async ({ page }) => {
  const app = new TabtunePage(page);
  await page.goto("/");
  await app.chooseBackend("wasm");
  await app.choose("Data files", [textFile("planted.csv", rows())]);
  await app.choose("Model files", tinyCheckpoint());
  await expect(app.card("Model")).toContainText("2 layers of 64");
  await app.fillRecipe({ "Learning rate": "0.002", Epochs: "4", "Max length": "40", "Evaluations per epoch": "1" });
  await app.start.click();
  await expect(app.bar).toContainText(/^Finished. Best: step \d+/, { timeout: 300_000 });

  const results = await app.openTab("Results");
  const matrix = results.getByRole("region", { name: "Confusion matrix", exact: true });
  const wrong = matrix.getByRole("button", { name: /true ham, predicted spam$/ });
  const count = Number.parseInt(await wrong.innerText(), 10);
  await wrong.click();
  await expect(wrong).toHaveAttribute("aria-pressed", "true");
  const said = results.getByText(/Selected: true ham, predicted spam/);
  await expect(said).toContainText(`${count} of 80 validation rows`);
  const against = results.getByRole("region", { name: "Selection against all" });
  await expect(against.getByRole("row", { name: /^Selected rows 0\.0/ })).toContainText(String(count));
  await expect(against.getByRole("row", { name: /^All rows/ })).toContainText("80");
  expect(await faults(page), "a cell is selected").toEqual([]);

  // A bin of what is selected, and back to the cell.
  const bins = results.getByRole("region", { name: "Accuracy by confidence" });
  await bins.getByRole("button").last().click();
  await expect(results.getByText(/Selected: true ham, predicted spam · confidence/)).toBeVisible();
  await expect(matrix).toContainText(/\d+ selected rows/);
  await bins.getByRole("button", { pressed: true }).click();
  await expect(results.getByText(/Selected: true ham, predicted spam ·/)).not.toContainText("confidence");

  const errors = await app.openTab("Errors");
  await expect(errors.getByText(/Selected: true ham, predicted spam/)).toBeVisible();
  await expect(errors.getByLabel("True class", { exact: true }).first()).toHaveValue(/^ham/);
  const list = errors.getByRole("table", { name: "Misclassified rows, most confident first" });
  await expect(list).toHaveAttribute("aria-rowcount", String(count + 1));
  expect(await faults(page), "errors of a cell").toEqual([]);
  await page.keyboard.press("Escape");
  await expect(errors.getByText(/Selected:/)).toHaveCount(0);
  await expect(errors.getByLabel("True class", { exact: true }).first()).toHaveValue("");

  // The same the other way round: what is chosen in the list is selected in the results.
  await errors.getByLabel("Predicted class", { exact: true }).first().click();
  await page.getByRole("option", { name: /^spam/ }).click();
  await expect(errors.getByText(/Selected: predicted spam/)).toBeVisible();
  await app.openTab("Results");
  await expect(results.getByText(/Selected: predicted spam/)).toBeVisible();
  await results.getByRole("button", { name: "Clear", exact: true }).click();
  await expect(results.getByRole("term").filter({ hasText: "Macro F1" })).toBeVisible();

  // A slice of one's own: rows of the channel whose labels say the contrary come first.
  const slices = results.getByRole("region", { name: "Slices, worst first" });
  const listed = slices.getByRole("table", { name: "Slices of the rows" });
  await expect(listed.getByRole("row").nth(1)).toContainText("channel is “letter”");
  await slices.getByLabel("Rows by").selectOption("value of a column");
  await slices.getByLabel("Value", { exact: true }).fill("letter");
  await slices.getByLabel("Name").fill("By letter");
  await slices.getByRole("button", { name: "Add the slice" }).click();
  await expect(listed.getByRole("row").nth(1)).toContainText(/By letter.*−/);
  await slices.getByLabel("Rows by").selectOption("matches an expression");
  await slices.getByLabel("Expression").fill("(");
  await slices.getByRole("button", { name: "Add the slice" }).click();
  await expect(slices.getByText(/No regular expression/)).toBeVisible();
  await slices.getByRole("button", { name: "Find what errors have in common" }).click();
  const common = slices.getByRole("table", { name: "What errors have in common" });
  await expect(common.getByRole("row").nth(1)).toContainText("channel is “letter”");
  await expect(common.getByRole("button", { name: /^Kept: channel/ })).toBeDisabled();
  expect(await faults(page), "slices").toEqual([]);

  await listed.getByRole("button", { name: /^\d+: By letter/ }).click();
  await expect(results.getByText(/Selected: By letter · \d+ of 80 validation rows/)).toBeVisible();
  await expect(matrix).toContainText(/\d+ selected rows/);
  await matrix.getByRole("button", { name: /true ham, predicted spam$/ }).click();
  await expect(results.getByText(/Selected: By letter · true ham, predicted spam/)).toBeVisible();
  await app.openTab("Errors");
  await expect(errors.getByText(/selected rows are misclassified/)).toBeVisible();

  // The training rows that the model takes for alike a wrong one.
  await errors.getByRole("button", { name: "Explain" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Find the nearest training rows" }).click();
  const near = dialog.getByRole("table", { name: "Nearest training rows" });
  await expect(near).toHaveAttribute("aria-rowcount", "6", { timeout: 60_000 });
  await expect(near.getByRole("row").nth(1)).toContainText(/0\.\d+.*(ham|spam)\d+.*prize/);
  expect(await faults(page), "nearest rows").toEqual([]);
  await dialog.getByLabel("Text", { exact: true }).fill("you have a call now");
  await expect(near).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(errors.getByText(/Selected: By letter/)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(errors.getByText(/validation rows are misclassified/)).toBeVisible();
});
