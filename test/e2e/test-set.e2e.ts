import { expect, test } from "@playwright/test";
import { unzipSync } from "fflate";
import { readFileSync } from "node:fs";
import { faults } from "./access-faults.ts";
import { csvOf, firstOfEach, textFile, tinyCheckpoint } from "./page-files.ts";
import { TabtunePage } from "./tabtune-page.ts";

test("rows are set apart, stay closed until they are opened, and each use is counted", async ({ page }) => {
  test.setTimeout(600_000);
  const app = new TabtunePage(page);
  await page.goto("/");
  await app.chooseBackend("wasm");
  await app.choose("Data files", [textFile("messages.csv", csvOf(firstOfEach(80)))]);
  const data = app.card("Data");
  await data.getByText("From a file").click();
  await expect(page.getByText(/Test rows are to come from a file, but none is open/).first()).toBeVisible();
  const rows = firstOfEach(90).slice(150);
  await app.choose("Test file", [textFile("test.csv", csvOf(rows))]);
  await expect(data).toContainText(/test[.]csv · \d+ rows/);
  await data.getByText("Set a share apart").click();
  await expect(data).toContainText("20 % set apart, neither trained nor validated on");
  expect(await faults(page), "test rows").toEqual([]);
  await app.choose("Model files", tinyCheckpoint());

  await app.fillRecipe({ Epochs: "2", "Max length": "24", "Evaluations per epoch": "0" });
  await app.start.click();
  await expect(app.bar).toContainText(/^Finished. Best: step \d+/, { timeout: 300_000 });
  const results = await app.openTab("Results");
  const card = results.getByRole("region", { name: "Test set", exact: true });
  await expect(card).toContainText(/\d+ rows set apart, not scored with these weights/);
  await card.getByRole("button", { name: "Score the test set" }).click();
  await expect(card).toContainText("Used once since these rows were opened.", { timeout: 60_000 });
  await expect(card.locator("dl")).toContainText("Balanced accuracy");
  expect(await faults(page), "an opened test set").toEqual([]);
  await app.openTab("Errors");
  await app.openTab("Results");
  await expect(card).toContainText("Used once");

  const panel = await app.openTab("Download");
  const download = page.waitForEvent("download");
  await panel
    .getByRole("button", { name: /^(Download|Save)/ })
    .first()
    .click();
  const path = await (await download).path();
  const files = unzipSync(new Uint8Array(readFileSync(path)));
  expect(Object.keys(files)).toContain("test-predictions.csv");
  expect(new TextDecoder().decode(files["README.md"])).toContain("test rows that were set apart (scored once");
});
