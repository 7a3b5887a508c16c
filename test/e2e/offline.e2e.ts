import { expect, test } from "@playwright/test";
import { servePage } from "../engines/serve-page.ts";
import { csvOf, firstOfEach, textFile } from "./page-files.ts";
import { TabtunePage } from "./tabtune-page.ts";

test.use({ serviceWorkers: "allow" });

test("with the network off and the server ended, the page opens and trains from what it kept", async ({
  page,
  context,
}) => {
  test.setTimeout(900_000);
  const server = await servePage();
  const app = new TabtunePage(page);
  const train = async () => {
    await app.choose("Data files", [textFile("few.csv", csvOf(firstOfEach(24)))]);
    await expect(app.card("Data")).toContainText("48 rows");
    await page.getByRole("button", { name: "Use the starter model" }).click();
    // 45 MB: on a busy machine they take longer than what the page shows otherwise.
    await expect(app.card("Model")).toContainText("6 layers of 384", { timeout: 180_000 });
    await app.fillRecipe({ Epochs: "1", "Max length": "32", "Evaluations per epoch": "1" });
    await app.start.click();
    await expect(app.bar).toContainText(/^Finished/, { timeout: 300_000 });
  };
  try {
    await page.goto(server.url);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await page.getByRole("button", { name: "Use the sample" }).click();
    await expect(app.card("Data")).toContainText("5,574 rows");
    await page.getByRole("button", { name: "Use the starter model" }).click();
    await expect(app.card("Model")).toContainText("6 layers of 384", { timeout: 180_000 });
    // What was never asked for with a network is needed without one: charts and WebAssembly, for two.
    await page.waitForFunction(async () => {
      const kept: string[] = [];
      for (const name of await caches.keys()) {
        for (const { url } of await (await caches.open(name)).keys()) kept.push(url);
      }
      const wanted = [
        "starter/model.safetensors",
        "tokenize.worker",
        "train.worker",
        "RunPanel",
        "wasm-thread",
        "threaded-simd",
      ];
      return wanted.every((part) => kept.some((url) => url.includes(part)));
    });
  } finally {
    await server.stop();
  }
  await context.setOffline(true);
  expect(
    await fetch(server.url).then(
      () => "served",
      () => "ended",
    ),
  ).toBe("ended");

  await page.reload();
  await page.getByRole("button", { name: "Use the sample" }).click();
  await expect(app.card("Data")).toContainText("5,574 rows");
  await train();
  const results = await app.openTab("Results");
  await expect(results).toContainText("Macro F1");
  await page.goto(`${server.url}handbook.html#overfitting`);
  await expect(page.getByRole("heading", { name: "Overfitting", exact: true })).toBeInViewport();
});
