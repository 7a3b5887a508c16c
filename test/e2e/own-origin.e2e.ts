import { expect, test } from "@playwright/test";

test.describe("the built page", () => {
  test("loads from its own origin alone, is isolated, and is refused any other origin", async ({ page, baseURL }) => {
    const origins = new Set<string>();
    page.on("request", (request) => origins.add(new URL(request.url()).origin));
    await page.goto("/");
    await expect(page.locator("#root > *").first()).toBeAttached();
    expect(await page.evaluate(() => globalThis.crossOriginIsolated)).toBe(true);
    expect([...origins]).toEqual([new URL(baseURL ?? "").origin]);

    const refused = await page.evaluate(async () => {
      const violation = new Promise<string>((found) =>
        document.addEventListener("securitypolicyviolation", (event) => found(event.effectiveDirective)),
      );
      const sent = await fetch("http://localhost:1/").then(
        () => true,
        () => false,
      );
      return { sent, directive: await violation };
    });
    expect(refused).toEqual({ sent: false, directive: "connect-src" });
  });

  test("fetches neither the sample nor the starter model nor wasm before they are asked for", async ({ page }) => {
    const paths: string[] = [];
    page.on("request", (request) => paths.push(new URL(request.url()).pathname));
    await page.goto("/");
    await page.waitForLoadState("networkidle");
    expect(paths.length).toBeGreaterThan(2);
    expect(paths.filter((path) => /sample|starter|[.]wasm$|worker-/.test(path.replace("service-worker", "")))).toEqual(
      [],
    );
  });
});

test.describe("without a network", () => {
  test.use({ serviceWorkers: "allow" });

  test("the page opens again after its first load", async ({ page, context }) => {
    await page.goto("/");
    await page.waitForLoadState("networkidle");
    await page.waitForFunction(async () => {
      const urls = performance.getEntriesByType("resource").map(({ name }) => name);
      const assets = urls.filter((url) => url.includes("/assets/"));
      const kept = await Promise.all(assets.map((url) => caches.match(url, { ignoreVary: true })));
      return navigator.serviceWorker.controller !== null && kept.every((response) => response !== undefined);
    });
    await context.setOffline(true);
    await page.reload();
    await expect(page).toHaveTitle(/Tabtune/);
    await expect(page.locator("#root > *").first()).toBeAttached();
    // The handbook is fetched ahead, as its link is on the page; the sample was not asked for and is not kept.
    expect(await page.evaluate(() => fetch("./sample/sms-spam.csv").then(Boolean, () => false))).toBe(false);
    await page.goto("/handbook.html#overfitting");
    await expect(page.getByRole("heading", { name: "Overfitting", exact: true })).toBeInViewport();
    const picture = page.getByRole("main").getByRole("img").first();
    await picture.scrollIntoViewIfNeeded();
    await expect.poll(() => picture.evaluate((image) => "naturalWidth" in image && image.naturalWidth)).toBeTruthy();
  });
});
