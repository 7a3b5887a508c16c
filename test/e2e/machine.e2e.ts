import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import type { MachineMeasurement } from "../../src/run/machine/measure-machine.ts";
import { TabtunePage } from "./tabtune-page.ts";

test("a machine is measured, stopped, and saved as a file with what there is", async ({ page }) => {
  test.setTimeout(300_000);
  const app = new TabtunePage(page);
  await page.goto("/");
  await app.chooseBackend("wasm");
  const measure = page.getByRole("button", { name: "Measure this machine" });
  await expect(measure).toBeDisabled();
  await expect(measure).toHaveAccessibleDescription(/Choose the backend WebGPU/);
  await app.chooseBackend("webgpu");
  await measure.click();
  await expect(page.getByRole("status").filter({ hasText: "Arithmetic and memory" })).toBeVisible({ timeout: 120_000 });
  await page.getByRole("button", { name: "Stop measuring" }).click();
  const figures = page.getByRole("region", { name: "This machine" });
  await expect(figures).toContainText(/swiftshader/i, { timeout: 120_000 });
  await expect(figures.getByRole("row", { name: /Training step on the GPU/ })).toContainText("not measured");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    figures.getByRole("button", { name: "Save as a file" }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^tabtune-machine-.*swiftshader.*[.]json$/);
  const saved = JSON.parse(readFileSync(await download.path(), "utf8")) as MachineMeasurement;
  expect(saved).toMatchObject({ format: 1, extent: "short", adapter: { kernels: "software" } });
  expect(saved.pieces.waits).toHaveProperty("result.idleMs.count", 50);
  expect(saved.pieces.steps).toEqual({ notMeasured: "not measured: stopped" });
  // The page showed frames all the while.
  expect(saved.frames?.["Arithmetic and memory"]?.frames).toBeGreaterThan(5);
  await figures.getByRole("button", { name: "Close" }).click();
  await expect(figures).toBeHidden();
});
