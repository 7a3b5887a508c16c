import type { Page } from "playwright";

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
  // What has just ended is told a moment later.
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
