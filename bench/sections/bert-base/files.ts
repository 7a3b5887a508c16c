import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultRecipe, type Recipe } from "../../../src/recipe/recipe.ts";
import { writeCheckpoint } from "../../inputs/checkpoints.ts";
import { bertBase } from "../../inputs/model-shape.ts";

/** 16 rows, of which 12 make three steps of 4, all of the full 32 tokens. */
export const recipe: Recipe = {
  ...defaultRecipe,
  batchSize: 4,
  maxLength: 32,
  epochs: 1,
  validationShare: 0.25,
  evaluationsPerEpoch: 1,
};
const ROWS = 16;
const WORDS = "a long and winding road leads to the old house where nobody has lived since that cold winter".split(" ");

/** Texts that are tried on the trained model, and again on what it was written to. */
export const triedTexts = ["a first text", "quite another one, with more words in it"];

export interface Files {
  /** Folder of the checkpoint, and bytes of its weights. */
  model: string;
  bytes: number;
  csv: string;
  recipe: string;
  /** An empty folder for what is exported. */
  out: string;
  remove: () => Promise<void>;
}

/** Writes checkpoint, rows and recipe into a folder of their own, some 440 MB. */
export async function bertBaseFiles(): Promise<Files> {
  const folder = await mkdtemp(join(tmpdir(), "tabtune-bert-base-"));
  const model = join(folder, "bert-base");
  const bytes = await writeCheckpoint(model, bertBase);
  const csv = join(folder, "rows.csv");
  const text = (row: number) => Array.from({ length: 40 }, (_, i) => WORDS[(row * 7 + i * 3) % WORDS.length]).join(" ");
  const lines = Array.from({ length: ROWS }, (_, row) => `${row % 2 === 0 ? "good" : "bad"},${text(row)}`);
  await writeFile(csv, `${["label,text", ...lines].join("\n")}\n`);
  const recipeFile = join(folder, "recipe.json");
  await writeFile(recipeFile, JSON.stringify(recipe));
  return {
    model,
    bytes,
    csv,
    recipe: recipeFile,
    out: join(folder, "out"),
    remove: () => rm(folder, { recursive: true }),
  };
}
