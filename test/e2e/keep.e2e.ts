import { readFileSync } from "node:fs";
import { expect, test, type Page } from "@playwright/test";
import { unzipSync } from "fflate";
import { faults } from "./access-faults.ts";
import { csvOf, firstOfEach, textFile, tinyCheckpoint } from "./page-files.ts";
import { TabtunePage } from "./tabtune-page.ts";

/** Opens rows and a model, and sets a run of some thousand short steps. */
async function opened(page: Page): Promise<TabtunePage> {
  const app = new TabtunePage(page);
  await page.goto("/");
  await app.chooseBackend("wasm");
  await app.choose("Data files", [textFile("messages.csv", csvOf(firstOfEach(40)))]);
  await app.choose("Model files", tinyCheckpoint());
  await app.fillRecipe({
    Epochs: "150",
    "Max length": "24",
    "Batch size (rows per step)": "4",
    "Learning rate": "3e-4",
  });
  return app;
}

/** The files of the downloaded model. */
async function downloaded(app: TabtunePage): Promise<Record<string, string>> {
  await expect(app.bar).toContainText(/^Finished/, { timeout: 180_000 });
  const panel = await app.openTab("Download");
  const waiting = app.page.waitForEvent("download");
  await panel.getByRole("button", { name: /^Download the model/ }).click();
  const files = unzipSync(new Uint8Array(readFileSync(await (await waiting).path())));
  return Object.fromEntries(
    ["model.safetensors", "predictions.csv"].map((name) => [name, Buffer.from(files[name] ?? []).toString("base64")]),
  );
}

test("a run that is kept goes on after its tab was closed and has crashed, and ends as one that was not interrupted", async ({
  context,
  page,
}) => {
  test.setTimeout(240_000);
  const whole = await opened(page);
  await whole.start.click();
  const expected = await downloaded(whole);

  const first = await context.newPage();
  const app = await opened(first);
  await first.getByLabel("Keep the run in this browser while it trains").check();
  await first.getByLabel("Minutes between saves").fill("0.05");
  expect(await faults(first), "before the start").toEqual([]);
  await app.start.click();
  await expect(app.bar).toContainText(/Saved after step \d+/, { timeout: 60_000 });
  await first.close();

  const second = await context.newPage();
  await second.goto("/");
  const kept = second.getByRole("region", { name: "Runs that were cut off" });
  await expect(kept).toContainText("messages.csv · model was cut off. It goes on from step");
  expect(await faults(second), "the offer").toEqual([]);
  await kept.getByRole("button", { name: "Go on" }).click();
  await expect(new TabtunePage(second).bar).toContainText(/Saved after step \d+/, { timeout: 60_000 });
  await expect(kept).toHaveCount(0);
  const devtools = await context.newCDPSession(second);
  const crashed = second.waitForEvent("crash");
  void devtools.send("Page.crash").catch(() => undefined);
  await crashed;
  // Another tab does not offer what the dead one still holds for a moment.
  const isHeld = () =>
    whole.page.evaluate(async () => (await navigator.locks.query()).held?.some(({ name }) => /run-/.test(name ?? "")));
  await expect.poll(isHeld).toBe(false);

  const third = await context.newPage();
  await third.goto("/");
  await third.getByRole("button", { name: "Go on" }).click();
  const again = new TabtunePage(third);
  expect(await downloaded(again)).toEqual(expected);

  // Nothing stays of a run that has ended.
  await third.reload();
  await expect(third.getByRole("button", { name: "Runs", exact: true })).toBeVisible();
  const left = () =>
    third.evaluate(async () => {
      const names: string[] = [];
      const walk = async (folder: FileSystemDirectoryHandle, path: string): Promise<void> => {
        for await (const entry of folder.values()) {
          if (entry.kind === "file") names.push(`${path}${entry.name}`);
          else await walk(entry, `${path}${entry.name}/`);
        }
      };
      await walk(await navigator.storage.getDirectory(), "");
      return names.filter((name) => !name.startsWith("exports/"));
    });
  expect(await left()).toEqual([]);
});
