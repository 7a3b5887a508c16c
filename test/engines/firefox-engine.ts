import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { launch } from "puppeteer-core";
import { findFirefox } from "../../scripts/machine/browsers.mjs";
import type { Engine } from "./engine.ts";

/** Firefox over WebDriver BiDi, with a profile of its own in `folder`. */
export async function openFirefox(folder: string): Promise<Engine> {
  const executablePath = findFirefox();
  if (executablePath === undefined) throw new Error("There is no Firefox.");
  const downloads = join(folder, "downloads");
  mkdirSync(downloads);
  const browser = await launch({
    browser: "firefox",
    executablePath,
    headless: true,
    protocolTimeout: 600_000,
    extraPrefsFirefox: {
      "browser.download.folderList": 2,
      "browser.download.dir": downloads,
      "browser.download.useDownloadDir": true,
      "browser.download.always_ask_before_handling_new_types": false,
    },
  });
  const page = await browser.newPage();
  // Leaving a trained model asks first; WebDriver proper answers that by itself.
  page.on("dialog", (dialog) => void dialog.accept());
  await page.setViewport({ width: 1440, height: 900 });
  const found = async (selector: string) => {
    const element = await page.$(selector);
    if (!element) throw new Error(`Nothing on the page matches ${selector}.`);
    return element;
  };
  return {
    name: (await browser.version()).replace("/", " "),
    downloads,
    open: async (url) => void (await page.goto(url)),
    reload: async () => void (await page.reload()),
    evaluate: (body) => page.evaluate(`(async () => {${body}})()`),
    click: async (selector) => (await found(selector)).click(),
    async choose(selector, paths) {
      const element = await found(selector);
      const input = await element.toElement("input");
      await input.uploadFile(...paths);
    },
    close: () => browser.close(),
  };
}
