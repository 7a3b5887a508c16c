import type { Page } from "playwright";

const PATIENCE_MS = 120_000;

/** Presses Start; throws with what the page says stands in the way when it cannot be pressed. */
export async function startTraining(page: Page): Promise<void> {
  const start = page.getByRole("button", { name: "Start training" });
  await start.click({ timeout: PATIENCE_MS }).catch(async (error: unknown) => {
    const reasons = await page.locator("#start-blockers").innerText();
    throw new Error(`The run could not be started. ${reasons}`, { cause: error });
  });
}
