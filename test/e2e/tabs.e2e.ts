import { expect, test, type BrowserContext, type Page } from "@playwright/test";
import { faults, seriousFaults } from "./access-faults.ts";
import { PlainTab } from "./plain-tab.ts";
import { csvOf, firstOfEach, textFile, tinyCheckpoint } from "./page-files.ts";
import { TabtunePage } from "./tabtune-page.ts";

/** A tab of this browser with 80 messages and the tiny model, on the processor. */
async function opened(context: BrowserContext, epochs: string): Promise<{ page: Page; app: TabtunePage }> {
  const page = await context.newPage();
  const app = new TabtunePage(page);
  await page.goto("/");
  await app.chooseBackend("wasm");
  await app.choose("Data files", [textFile("messages.csv", csvOf(firstOfEach(40)))]);
  await expect(app.card("Data")).toContainText("messages.csv · 80 rows");
  await app.choose("Model files", tinyCheckpoint());
  await expect(app.card("Model")).toContainText("2 layers of 64");
  await app.fillRecipe({ Epochs: epochs, "Max length": "32" });
  return { page, app };
}

const otherRun = (page: Page) => page.getByRole("region", { name: "Run in another tab" });
const blocked = "Another tab of this browser trains. Wait until its run ends, or stop it there.";

/** The locks that the tabs of this browser hold, which keep Chrome from freezing them. */
const locks = (page: Page) =>
  page.evaluate(async () =>
    ((await navigator.locks.query()).held ?? []).map(({ name, mode }) => `${name} ${mode}`).sort(),
  );

test("a second tab shows the run of the first live, cannot start, and is free when it has ended", async ({
  context,
}) => {
  const first = await opened(context, "900");
  const second = await opened(context, "1");
  await expect(second.app.start).toBeEnabled();
  await expect(otherRun(second.page)).toHaveCount(0);
  await first.app.start.click();
  await expect(otherRun(second.page)).toContainText("Another tab trains with messages.csv · Training");
  const step = async () => Number.parseInt((await shownFact(second.page, "Step")).replaceAll(",", ""), 10);
  await expect.poll(step, { timeout: 60_000 }).toBeGreaterThan(0);
  const seen = await step();
  await expect.poll(step, { timeout: 60_000 }).toBeGreaterThan(seen);
  await expect.poll(() => shownFact(second.page, "Best score"), { timeout: 60_000 }).toMatch(/^macro F1 0[.]\d+$/);
  await expect(second.app.start).toBeDisabled();
  await expect(second.page.locator("#start-blockers")).toContainText(blocked);
  expect(await locks(second.page)).toEqual(["tabtune-run exclusive", "tabtune-work shared"]);
  expect(await faults(second.page), "the second tab").toEqual([]);

  await first.page.getByRole("button", { name: "Pause" }).click();
  await expect(otherRun(second.page)).toContainText("Paused");
  // A tab that is opened now is told at once, though the run sends nothing.
  const third = await context.newPage();
  await third.goto("/");
  await expect(otherRun(third)).toContainText("Another tab trains with messages.csv · Paused");
  expect(await seriousFaults(third), "a tab with nothing opened").toEqual([]);
  await third.close();
  await first.page.getByRole("button", { name: "Resume" }).click();

  await first.page.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(first.app.bar).toContainText(/Stopped at step/, { timeout: 60_000 });
  await expect(otherRun(second.page)).toHaveCount(0);
  await expect(second.app.start).toBeEnabled();
  expect(await locks(second.page)).toEqual([]);
  await second.app.start.click();
  await expect(second.app.bar).toContainText(/^Finished/, { timeout: 120_000 });
});

test("a second tab is free when the first is closed or crashes while it trains", async ({ context }) => {
  const second = await opened(context, "1");
  const closed = await opened(context, "900");
  await closed.app.start.click();
  await expect(second.app.start).toBeDisabled();
  await closed.page.close();
  await expect(second.app.start).toBeEnabled();

  const crashing = await opened(context, "900");
  await crashing.app.start.click();
  await expect(second.app.start).toBeDisabled();
  const crashed = crashing.page.waitForEvent("crash");
  // It is never answered.
  void (await context.newCDPSession(crashing.page)).send("Page.crash").catch(() => undefined);
  await crashed;
  await expect(second.app.start).toBeEnabled();
  await second.app.start.click();
  await expect(second.app.bar).toContainText(/^Finished/, { timeout: 120_000 });
});

test("a page that is frozen for some seconds goes on with its run and ends it", async ({ browser, baseURL }) => {
  const tab = await PlainTab.open(browser, baseURL ?? "");
  const text = () => tab.evaluate("document.body.textContent");
  const bar = () => tab.evaluate(`document.querySelector("[aria-label='Progress of the run']")?.textContent`);
  await expect.poll(text).toContain("Try it with a sample");
  await tab.choose("Data files", [textFile("messages.csv", csvOf(firstOfEach(400)))]);
  await expect.poll(text).toContain("messages.csv · 800 rows");
  await tab.evaluate(`{
    const backend = document.querySelector("select[aria-label='Backend']");
    backend.value = "wasm";
    backend.dispatchEvent(new Event("change", { bubbles: true }));
  }`);
  await expect.poll(text).toContain("Processor · SIMD");
  await tab.choose("Model files", tinyCheckpoint());
  await expect.poll(text).toContain("2 layers of 64");
  const start = `[...document.querySelectorAll("button")].find((one) => one.textContent === "Start training")`;
  await expect.poll(() => tab.evaluate(`${start}.disabled`)).toBe(false);
  await tab.evaluate(`${start}.click()`);
  await expect.poll(bar, { timeout: 60_000 }).toMatch(/Training.*Step[1-9]/);
  await tab.evaluate(`{
    addEventListener("error", ({ message }) => (globalThis.fault = message));
    addEventListener("unhandledrejection", ({ reason }) => (globalThis.fault = String(reason)));
    document.addEventListener("freeze", () => {
      globalThis.frozen = { at: Date.now(), bar: document.querySelector("[aria-label='Progress of the run']").textContent };
    });
    document.addEventListener("resume", () => (globalThis.thawedAt = Date.now()));
  }`);
  await tab.setState("frozen");
  await new Promise((resolve) => setTimeout(resolve, 3000));
  await tab.setState("active");
  expect(await tab.evaluate("thawedAt - frozen.at")).toBeGreaterThan(2000);
  expect(await tab.evaluate("frozen.bar"), "when it froze").toMatch(/^Training/);
  await expect.poll(bar, { timeout: 120_000 }).toMatch(/^Finished[.]/);
  expect(await tab.evaluate("String(globalThis.fault)")).toBe("undefined");
  await tab.close();
});

test("the end of a run is notified where the page is hidden and it is permitted", async ({ context }) => {
  await context.grantPermissions(["notifications"]);
  const { page, app } = await opened(context, "30");
  await page.evaluate(recordNotifications);
  await page.evaluate(() => Object.defineProperty(document, "hidden", { configurable: true, get: () => true }));
  await app.start.click();
  await expect(app.bar).toContainText(/^Finished/, { timeout: 120_000 });
  expect(await page.evaluate("notifications")).toEqual([
    expect.stringMatching(/^Training finished: macro F1 [01][.]\d\d$/),
  ]);
  await app.openTab("Training");
  await page.getByRole("button", { name: "Start again" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Drop them and start" }).click();
  const choice = page.getByRole("switch", { name: "Notify me when the run ends" });
  await expect(choice).toBeChecked();
  await choice.uncheck();
  await expect(app.bar).toContainText(/^Finished/, { timeout: 120_000 });
  expect(await page.evaluate("notifications")).toHaveLength(1);
});

test("a notification that the browser refuses is said beside its switch", async ({ context }) => {
  const { page, app } = await opened(context, "900");
  await page.evaluate(() => {
    Object.defineProperty(Notification, "permission", { configurable: true, get: () => "default" });
    Notification.requestPermission = () => Promise.resolve("denied");
  });
  await app.start.click();
  const choice = page.getByRole("switch", { name: "Notify me when the run ends" });
  await expect(choice).not.toBeChecked();
  await choice.click();
  await expect(app.bar).toContainText("The browser refused notifications.");
  await expect(choice).not.toBeChecked();
  expect(await faults(page)).toEqual([]);
});

function shownFact(page: Page, name: string): Promise<string> {
  return otherRun(page).locator("dl > div").filter({ hasText: name }).locator("dd").innerText();
}

/** Puts what records notifications in the place of those of the browser. */
const recordNotifications = `
globalThis.notifications = [];
globalThis.Notification = class {
  static permission = "granted";
  static requestPermission = () => Promise.resolve("granted");
  constructor(title, { body }) { notifications.push(body); }
};`;
