import type { Page } from "playwright";
import type { ClassesFiles } from "./files.ts";
import {
  noteLongTasks,
  takeLongTasks,
  waitForWords,
  tinyCheckpoint,
  startTraining,
  type LongTasks,
} from "../../pages/app.ts";

/** One thing that a person does or waits for, and what the main thread went through. */
export interface PageStage extends LongTasks {
  what: string;
  /** Elements of the page at its end. */
  nodes: number;
}

/** Opens a table of many classes, trains to the end and opens Results and Errors. */
export async function walkClasses(page: Page, address: string, files: ClassesFiles): Promise<PageStage[]> {
  const stages: PageStage[] = [];
  const stage = async (what: string, act: () => Promise<void>, words: string) => {
    await act();
    await waitForWords(page, words);
    stages.push({ what, ...(await takeLongTasks(page)), nodes: await page.locator("*").count() });
  };
  await openPage(page, address);
  const dropped = [files.data, files.recipe];
  const data = page.getByLabel("Data files", { exact: true });
  await stage("open the table", () => data.setInputFiles(dropped), "Rows per class");
  await page.getByLabel("Model files", { exact: true }).setInputFiles(tinyCheckpoint());
  await page.getByLabel("Backend").selectOption("wasm");
  await takeLongTasks(page);
  await stage("train and evaluate", () => startTraining(page), "Finished. Best");
  await stage("open Results", () => page.getByRole("tab", { name: "Results" }).click(), "macro average");
  await stage(
    "open Errors",
    () => page.getByRole("tab", { name: "Errors" }).click(),
    "validation rows are misclassified.",
  );
  return stages;
}

/** Opens a table alone, or with a model open, whose tokenizer then counts the lengths too. */
export async function openTable(page: Page, address: string, data: string, withModel: boolean): Promise<PageStage> {
  await openPage(page, address);
  if (withModel) {
    await page.getByLabel("Model files", { exact: true }).setInputFiles(tinyCheckpoint());
    await waitForWords(page, "Hidden size");
  }
  await takeLongTasks(page);
  await page.getByLabel("Data files", { exact: true }).setInputFiles(data);
  await waitForWords(page, withModel ? " tokens, longest" : " words, longest");
  const what = withModel ? "with a model open, to lengths in tokens" : "alone";
  return { what, ...(await takeLongTasks(page)), nodes: await page.locator("*").count() };
}

async function openPage(page: Page, address: string): Promise<void> {
  await noteLongTasks(page);
  await page.goto(address);
  await waitForWords(page, "Drop a table of texts and labels");
  // What the page does once it has loaded is no part of what is measured.
  await page.waitForTimeout(1500);
}
