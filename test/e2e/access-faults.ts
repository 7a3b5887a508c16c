import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, type Page } from "@playwright/test";
import type { AxeResults } from "axe-core";

const views = [
  { colorScheme: "light", width: 1440, height: 900 },
  { colorScheme: "dark", width: 390, height: 844 },
] as const;

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds serious or critical on the page as it stands, each as "rule: its elements". */
export async function seriousFaults(page: Page): Promise<string[]> {
  // The page's policy refuses scripts in the page itself; what the debugger evaluates is not bound by it.
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate<AxeResults>("axe.run(document, { resultTypes: ['violations'] })");
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

/** What axe finds serious, light and wide, then dark and narrow; and how far either scrolls sideways. */
export async function faults(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const { colorScheme, ...size } of views) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", colorScheme);
    await page.setViewportSize(size);
    const place = `${colorScheme}, ${size.width} px`;
    found.push(...(await seriousFaults(page)).map((fault) => `${place}: ${fault}`));
    const scrolled = await page.evaluate(() => document.documentElement.scrollWidth);
    if (scrolled > size.width) found.push(`${place}: ${scrolled} px wide`);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  return found;
}
