import { expect, test } from "@playwright/test";
import { csvOf, firstOfEach, textFile, tinyCheckpoint } from "./page-files.ts";
import { TabtunePage } from "./tabtune-page.ts";

test("says what did not load, and trains once it does", async ({ page, context }) => {
  const app = new TabtunePage(page);
  await page.goto("/");
  await app.choose("Data files", [textFile("few.csv", csvOf(firstOfEach(24)))]);
  await expect(app.card("Data")).toContainText("48 rows");

  await context.route("**/tokenize.worker*", (route) => route.abort());
  await app.choose("Model files", tinyCheckpoint());
  await expect(app.card("Model")).toContainText("A background worker of this page did not load.");
  await expect(app.card("Model")).toContainText("Reload the page while the server can be reached.");
  await context.unroute("**/tokenize.worker*");
  await page.reload();
  await app.choose("Data files", [textFile("few.csv", csvOf(firstOfEach(24)))]);
  await expect(app.card("Data")).toContainText("48 rows");
  await app.choose("Model files", tinyCheckpoint());
  await expect(app.card("Model")).toContainText("2 layers of 64");

  await app.fillRecipe({ Epochs: "1", "Max length": "32", "Evaluations per epoch": "1" });
  await context.route("**/*.wasm", (route) => route.abort());
  await app.start.click();
  await expect(page.getByText("The backend wasm did not start.")).toBeVisible();
  await context.unroute("**/*.wasm");
  await page.getByRole("button", { name: "Start again" }).click();
  await expect(app.bar).toContainText(/^Finished/);
});
