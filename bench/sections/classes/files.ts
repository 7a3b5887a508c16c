import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { defaultRecipe, type Recipe } from "../../../src/recipe/recipe.ts";
import { newsRows } from "../../inputs/news-rows.ts";
import { tinyCheckpoint } from "../../pages/app.ts";

export const ROWS_OF_EACH = 4;

/** Files of a run with many classes, for the command line and the page alike. */
export interface ClassesFiles {
  data: string;
  model: string;
  recipe: string;
}

const recipe: Recipe = { ...defaultRecipe, batchSize: 64, epochs: 2, maxLength: 16 };

/** Writes a table with this many classes of four rows each, a tiny checkpoint, and a recipe of two epochs. */
export async function writeClassesFiles(folder: string, classes: number): Promise<ClassesFiles> {
  const model = join(folder, "model");
  await mkdir(model, { recursive: true });
  const files: ClassesFiles = { data: join(folder, "intents.csv"), model, recipe: join(folder, "recipe.json") };
  await writeFile(files.data, classesCsv(classes));
  await writeFile(files.recipe, JSON.stringify(recipe));
  for (const { name, buffer } of tinyCheckpoint()) await writeFile(join(model, name), buffer);
  return files;
}

/** The rows of each class differ in their last word, so that no two texts are equal. */
export function classesCsv(classes: number): string {
  const lines = Array.from({ length: classes * ROWS_OF_EACH }, (_, row) => {
    const k = row % classes;
    return `ask ${k} way ${Math.floor(row / classes)},intent ${k}`;
  });
  return ["text,label", ...lines].join("\n");
}

/** Rows as of news, half of either class. */
export function newsCsv(rows: number): string {
  const lines = [...newsRows(rows, 1)].map(
    (text, row) => `${row % 2 ? "world" : "sport"},"${text.replaceAll('"', "")}"`,
  );
  return ["label,text", ...lines].join("\n");
}
