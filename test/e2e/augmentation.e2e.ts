import { expect, test } from "@playwright/test";
import { faults } from "./access-faults.ts";
import { textFile } from "./page-files.ts";
import { TabtunePage } from "./tabtune-page.ts";

const rows = Array.from(
  { length: 40 },
  (_, i) => `some words of row number ${i} for a class,${i % 2 ? "good" : "bad"}`,
);

test("changed copies are counted and shown, and undone", async ({ page }) => {
  const app = new TabtunePage(page);
  await page.goto("/");
  await app.choose("Data files", [textFile("rows.csv", ["text,label", ...rows].join("\n"))]);
  const data = await app.unfold("Data");
  await data.getByText("Augmentation", { exact: true }).click();
  await expect(data.getByText("No copies: all shares are 0.")).toBeVisible();
  await data.getByRole("combobox", { name: "Augment: Words swapped" }).selectOption("0.2");
  await data.getByRole("combobox", { name: "Augment: Copies of a row" }).selectOption("2");
  await expect(data).toContainText(/\d\d changed copies of \d\d training rows are trained on too/);
  await data.getByText("Rows and changed copies").click();
  await expect(data.getByRole("region", { name: "Rows: Augmentation" }).getByRole("row").nth(1)).toContainText("row");
  await expect(page.getByText(/changed copies among them/)).toBeVisible();
  expect(await faults(page), "augmentation").toEqual([]);
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await expect(data.getByText("No copies: all shares are 0.")).toBeVisible();
});
