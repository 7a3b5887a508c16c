import { defineConfig } from "@playwright/test";
import { chromiumLaunchOptions } from "./scripts/machine/browsers.mjs";

const port = Number(process.env["TABTUNE_E2E_PORT"] ?? 4317);
const address = `http://localhost:${port}/`;

export default defineConfig({
  testDir: "test/e2e",
  testMatch: "**/*.e2e.ts",
  outputDir: "out/e2e",
  timeout: 600_000,
  expect: { timeout: 30_000 },
  workers: 1,
  retries: 0,
  forbidOnly: true,
  reporter: process.env["PLAYWRIGHT_JSON_OUTPUT_NAME"] ? [["list"], ["json"]] : [["list"]],
  use: {
    baseURL: address,
    // A field that is not there must not take the whole time of a test.
    actionTimeout: 120_000,
    launchOptions: chromiumLaunchOptions(),
    serviceWorkers: "block",
  },
  webServer: {
    command: `npx vite preview --port ${port} --strictPort`,
    url: address,
    reuseExistingServer: false,
    timeout: 60_000,
  },
});
