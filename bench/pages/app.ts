import { readFileSync } from "node:fs";
import type { Page } from "playwright";
import { defaultRecipe, type Recipe } from "../../src/recipe/recipe.ts";
import { weightFile } from "../inputs/checkpoints.ts";
import { configFile, randomWeights, type ModelShape } from "../inputs/model-shape.ts";

const PATIENCE_MS = 120_000;

/** Presses Start; where it is disabled, throws with the page's reasons. */
export async function startTraining(page: Page): Promise<void> {
  const start = page.getByRole("button", { name: "Start training" });
  await start.click({ timeout: PATIENCE_MS }).catch(async (error: unknown) => {
    const reasons = await page.locator("#start-blockers").innerText();
    throw new Error(`The run could not be started. ${reasons}`, { cause: error });
  });
}

/** A file as Playwright hands it to a page. */
interface PageFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
const SPECIAL_TOKENS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"];
const VOCABULARY = [...SPECIAL_TOKENS, ...LETTERS, ...[...LETTERS].map((letter) => `##${letter}`)];

/** The smallest encoder possible here: 20,000 of its steps take minutes, not days. */
const shape: ModelShape = {
  layers: 1,
  hidden: 16,
  heads: 4,
  intermediate: 16,
  vocabulary: VOCABULARY.length,
  positions: 16,
  types: 2,
  classes: 2,
  layerNormEpsilon: 1e-12,
};

/** The whole sample, 5,574 rows. */
export function sampleTable(): PageFile {
  return { name: "sms-spam.csv", mimeType: "text/csv", buffer: readFileSync("public/sample/sms-spam.csv") };
}

/** A checkpoint of random weights with a tokenizer that spells words in letters. */
export function tinyCheckpoint(): PageFile[] {
  return [
    jsonFile("config.json", configFile(shape)),
    { name: "model.safetensors", mimeType: "application/octet-stream", buffer: weightFile(randomWeights(shape, 1)) },
    jsonFile("tokenizer.json", {
      version: "1.0",
      added_tokens: SPECIAL_TOKENS.map((content, id) => ({ id, content, special: true, normalized: false })),
      normalizer: { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, lowercase: true },
      pre_tokenizer: { type: "BertPreTokenizer" },
      post_processor: { type: "BertProcessing", cls: ["[CLS]", 2], sep: ["[SEP]", 3] },
      decoder: { type: "WordPiece", prefix: "##", cleanup: true },
      model: {
        type: "WordPiece",
        unk_token: "[UNK]",
        continuing_subword_prefix: "##",
        max_input_chars_per_word: 100,
        vocab: Object.fromEntries(VOCABULARY.map((token, id) => [token, id])),
      },
    }),
    jsonFile("tokenizer_config.json", { tokenizer_class: "BertTokenizer", do_lower_case: true }),
  ];
}

/** One row per step and many epochs, more steps than are waited for; everything else as in every run, evaluations included. */
export function longRecipe(): PageFile {
  const recipe: Recipe = { ...defaultRecipe, batchSize: 1, epochs: 20, maxLength: shape.positions };
  return jsonFile("recipe.json", recipe);
}

function jsonFile(name: string, value: object): PageFile {
  return { name, mimeType: "application/json", buffer: Buffer.from(JSON.stringify(value)) };
}

/** Tasks of the main thread that were longer than 50 ms: browsers tell of no other. */
export interface LongTasks {
  /** Milliseconds of the longest; 0 where there was none. */
  longestMs: number;
  count: number;
}

declare global {
  interface Window {
    longTasks: number[];
  }
}

/** Has the page note its long tasks from its next load on. */
export async function noteLongTasks(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.longTasks = [];
    const note = (list: PerformanceObserverEntryList) =>
      window.longTasks.push(...list.getEntries().map(({ duration }) => duration));
    new PerformanceObserver(note).observe({ type: "longtask" });
  });
}

/** The long tasks since the last call. */
export async function takeLongTasks(page: Page): Promise<LongTasks> {
  // Browsers report a task that has just ended a moment later.
  await page.waitForTimeout(300);
  const durations = await page.evaluate(() => window.longTasks.splice(0));
  return { longestMs: Math.max(0, ...durations), count: durations.length };
}

/** Waits until the page says something, by looks that cost its main thread next to nothing. */
export async function waitForWords(page: Page, words: string, patienceMs = 600_000): Promise<void> {
  const end = Date.now() + patienceMs;
  while (Date.now() < end) {
    if (await page.evaluate((wanted) => document.body.textContent.includes(wanted), words)) return;
    await page.waitForTimeout(200);
  }
  throw new Error(`The page did not say “${words}” within ${patienceMs / 1000} s.`);
}
