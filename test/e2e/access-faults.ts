import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const views = [
  { colorScheme: "light", width: 1440, height: 900 },
  { colorScheme: "dark", width: 390, height: 844 },
] as const;

/** What axe finds serious, light and wide, then dark and narrow; and how far either scrolls sideways. */
export async function faults(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const { colorScheme, ...size } of views) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", colorScheme);
    await page.setViewportSize(size);
    const place = `${colorScheme}, ${size.width} px`;
    const { violations } = await new AxeBuilder({ page }).analyze();
    for (const { id, impact, nodes } of violations) {
      if (impact !== "serious" && impact !== "critical") continue;
      found.push(`${place}: ${id}: ${nodes.map(({ html }) => html).join(" ")}`);
    }
    const scrolled = await page.evaluate(() => document.documentElement.scrollWidth);
    if (scrolled > size.width) found.push(`${place}: ${scrolled} px wide`);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  return found;
}
