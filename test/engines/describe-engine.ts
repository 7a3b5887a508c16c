import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recipeText } from "../../src/recipe/recipe-file.ts";
import { defaultRecipe } from "../../src/recipe/recipe.ts";
import { csvOf, firstOfEach, tinyCheckpoint } from "../e2e/page-files.ts";
import type { Engine } from "./engine.ts";
import { servePage, type ServedPage } from "./serve-page.ts";
import { EnginePage } from "./walk.ts";

/** What the engine is expected to be given by the browser. */
interface Abilities {
  /** What the page says of the backend: wasm with or without threads. */
  backend: RegExp;
  hasSharedMemory: boolean;
  hasPrivateFiles: boolean;
}

const minutes = 60_000;
const failed = /failed|could not|Unexpected error/i;
const shortRecipe = { ...defaultRecipe, learningRate: 3e-4, maxLength: 32, evaluationsPerEpoch: 1, seed: 1 };

/** The files of a downloaded zip, once it is whole; the zip itself is removed. */
async function takeZip(folder: string): Promise<Record<string, Uint8Array>> {
  for (let tries = 0; tries < 240; tries++) {
    const names = existsSync(folder) ? readdirSync(folder) : [];
    const zip = names.find((name) => name.endsWith(".zip"));
    const unfinished = names.some((name) => /\.(part|wkdownload)$/.test(name));
    if (zip !== undefined && !unfinished && statSync(join(folder, zip)).size > 0) {
      try {
        const files = unzipSync(readFileSync(join(folder, zip)));
        rmSync(join(folder, zip));
        return files;
      } catch {
        // Its last bytes are not there yet.
      }
    }
    await pause(250);
  }
  throw new Error(`No whole zip came: ${readdirSync(folder).join(", ")}`);
}

/** Presses the download of the model and expects a whole Hugging Face folder with at least so many bytes of weights. */
async function downloadsModel(page: EnginePage, leastBytes: number): Promise<void> {
  await page.press("Download");
  await page.press("Download the model");
  await page.shows(/was saved to your downloads/, 2 * minutes, failed);
  const files = new Map(
    Object.entries(await takeZip(page.engine.downloads)).map(([path, bytes]) => [path.split("/").at(-1), bytes]),
  );
  expect([...files.keys()]).toEqual(
    expect.arrayContaining(["model.safetensors", "config.json", "tokenizer.json", "README.md"]),
  );
  expect(files.get("model.safetensors")?.length).toBeGreaterThan(leastBytes);
}

/** The way from a table to a downloaded model and back, in a browser without WebGPU. */
export function describeEngine(
  title: string,
  openEngine: (folder: string) => Promise<Engine>,
  abilities: Abilities,
): void {
  describe(title, () => {
    const folder = mkdtempSync(join(tmpdir(), "engine-"));
    const checkpoint = join(folder, "checkpoint");
    const modelFiles = tinyCheckpoint().map(({ name }) => join(checkpoint, name));
    let closeEngine = async () => {};
    let server: ServedPage;
    let page: EnginePage;
    beforeAll(async () => {
      mkdirSync(checkpoint);
      for (const { name, buffer } of tinyCheckpoint()) writeFileSync(join(checkpoint, name), buffer);
      server = await servePage();
      const engine = await openEngine(folder);
      closeEngine = () => engine.close();
      console.log(engine.name);
      page = new EnginePage(engine);
    });
    afterAll(async () => {
      await closeEngine();
      await server.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    });

    /** Chooses the tiny checkpoint's files. */
    async function chooseModel(): Promise<void> {
      await page.engine.choose('input[aria-label="Model files"]', modelFiles);
      await page.shows(/2 layers of 64/);
    }

    /** Opens the page anew and drops a table of 48 rows. */
    async function startOver(): Promise<void> {
      await page.engine.reload();
      await page.shows(/Drop a table of texts and labels/);
      const table = { name: "dropped.csv", text: csvOf(firstOfEach(24)) };
      await page.drop('[role="presentation"]:has(> input[aria-label="Data files"])', [table]);
      await page.shows(/48 rows/);
    }

    /** Trains to the end, by a recipe that is dropped. */
    async function train(epochs: number, timeoutMs: number): Promise<void> {
      await page.drop("body", [{ name: "recipe.json", text: recipeText({ ...shortRecipe, epochs }) }]);
      await page.shows(new RegExp(`${epochs} epochs?\\b`));
      await page.press("Start training");
      await page.shows(/^Finished/m, timeoutMs, failed);
    }

    it(
      "trains the sample, tries a text, and downloads the model",
      async () => {
        await page.engine.open(server.url);
        await page.press("Use the sample");
        await page.shows(/5,574 rows/);
        await chooseModel();
        await train(0.2, 8 * minutes);
        expect(await page.text()).toMatch(abilities.backend);

        await page.press("Results");
        await page.shows(/Macro F1\s+[01][.]\d+/i, 2 * minutes);
        await page.press("Try it");
        await page.shows(/Probability|ham/);
        await downloadsModel(page, 300_000);
      },
      15 * minutes,
    );

    it(
      "opens anew after a reload, and trains the starter model on a dropped file",
      async () => {
        await startOver();
        await page.press("Use the starter model");
        await page.shows(/6 layers of 384/, 2 * minutes);
        await train(1, 8 * minutes);
      },
      15 * minutes,
    );

    // Firefox used to wait for ever, at about each third start, in a worker that started workers.
    it(
      "trains after each of five reloads",
      async () => {
        for (let visit = 0; visit < 5; visit++) {
          await startOver();
          await chooseModel();
          await train(1, minutes);
        }
      },
      6 * minutes,
    );

    // `npm run test:long` alone: an epoch of the whole sample takes 5 to 10 minutes on two cores without a GPU.
    if (process.env["TABTUNE_LONG"]) {
      it(
        "trains the starter model on the whole sample at one press",
        async () => {
          await page.engine.open(server.url);
          await page.press("Try it with a sample");
          // The first epoch of three shows the model every row and scores all that are held out. The other two repeat
          // it, and take as long again.
          await page.shows(/^accuracy, all 1,114 rows\s+[01][.]\d+/m, 60 * minutes, failed);
          expect(await page.text()).toMatch(/^Epoch\s+1[.]\d+ of 3$/m);
          await page.press("Stop");
          await page.shows(/^Stopped at step \d+[.] Best: step \d+, macro F1 0[.]9\d/m, 10 * minutes, failed);
          await page.press("Results");
          await page.shows(/Macro F1\s+0[.]9\d/i, 10 * minutes);
          await downloadsModel(page, 40_000_000);
        },
        90 * minutes,
      );
    }

    it("has threads and private files as the README says", async () => {
      const found = await page.engine.evaluate(
        "return { privateFiles: typeof navigator.storage?.getDirectory === 'function', threads: typeof SharedArrayBuffer === 'function' }",
      );
      expect(found).toEqual({ privateFiles: abilities.hasPrivateFiles, threads: abilities.hasSharedMemory });
    });

    it(
      "opens again from its cache when the server has ended",
      async () => {
        await page.engine.evaluate("await navigator.serviceWorker.ready");
        await server.stop();
        await page.engine.reload();
        await page.shows(/Drop a table of texts and labels/);
        await page.press("Use the sample");
        await page.shows(/5,574 rows/);
      },
      5 * minutes,
    );
  });
}
