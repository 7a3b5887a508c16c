import { expect, test } from "@playwright/test";
import { faults } from "./access-faults.ts";
import { textFile } from "./page-files.ts";
import { TabtunePage } from "./tabtune-page.ts";

const subjects = ["the film", "this phone", "our train", "the soup", "her book", "that hotel", "the game", "his song"];
const ends = ["is wonderful", "was a joy", "is awful", "was a mess"];

/** Rows of two classes, some in HTML, one twice, and one text with both labels. */
const rows = subjects.flatMap((subject, i) =>
  ends.map((end, j) => `${i === 0 ? `<b>${subject}</b> ${end}` : `${subject} ${end}`},${j < 2 ? "good" : "bad"}`),
);
const csv = ["text,label", ...rows, rows[20], "the train is late,good", "the train is late,bad"].join("\n");

test("steps of cleaning are counted and shown before they are on, and undone", async ({ page }) => {
  const app = new TabtunePage(page);
  await page.goto("/");
  await app.choose("Data files", [textFile("messy.csv", csv)]);
  const data = await app.unfold("Data");
  await data.getByText("Cleaning", { exact: true }).click();
  const html = data.getByRole("switch", { name: "Clean: HTML" });
  await expect(html).not.toBeChecked();
  await expect(data.getByText("4 rows", { exact: true })).toBeVisible();
  await data.getByText("Rows that “HTML” changes").click();
  const shown = data.getByRole("region", { name: "Rows: HTML" });
  await expect(shown.getByRole("row").nth(1)).toContainText("<b>the film</b> is wonderfulthe film is wonderful");
  expect(await faults(page), "cleaning").toEqual([]);

  await html.click();
  await expect(html).toBeChecked();
  await data.getByRole("switch", { name: "Clean: Exact duplicates" }).click();
  await expect(data).toContainText(
    "1 row repeats an earlier one and is left out, as the recipe says (dropDuplicates).",
  );
  await data.getByRole("combobox", { name: "Clean: Contradictory labels" }).selectOption("drop");
  await expect(data).toContainText("2 rows have a text with another label elsewhere and are left out");
  await page.keyboard.press("Control+z");
  await expect(data).not.toContainText("2 rows have a text with another label elsewhere and are left out");
  await expect(html).toBeChecked();
  expect(await faults(page), "cleaned").toEqual([]);
});
