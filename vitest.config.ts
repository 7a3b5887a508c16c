import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { assembly } from "./build/assembly-plugin.ts";
import { parquetRuns } from "./build/parquet-runs-plugin.ts";
import { isolationHeaders, tensorPackages } from "./build/shared-settings.ts";
import { threadScript } from "./build/wasm-threads-plugin.ts";
import { chromiumLaunchOptions } from "./scripts/machine/browsers.mjs";

/** Folders, separated by commas, whose tests another stage of `npm test` runs. */
const elsewhere = (process.env.TABTUNE_WITHOUT ?? "").split(",").filter((folder) => folder !== "");

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [assembly(), threadScript(), parquetRuns()],
        test: {
          name: "node",
          server: { deps: { inline: ["hyparquet"] } },
          environment: "node",
          include: ["test/**/*.test.{ts,tsx}"],
          exclude: ["test/**/*.gpu.test.ts", "test/fixtures/planted/**", ...elsewhere.map((folder) => `${folder}**`)],
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
      {
        plugins: [assembly(), threadScript()],
        // Kernels on the adapter that Node finds: run by hand, with a driver other than the tests'.
        test: {
          name: "adapter",
          server: { deps: { inline: [/@tensorflow/] } },
          environment: "node",
          include: ["test/**/*.adapter.ts"],
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 120_000,
        },
      },
      {
        // Journeys with real rows, which are not part of the project: a stage of `npm run test:long`.
        test: {
          name: "long",
          environment: "node",
          include: ["test/**/*.long.ts"],
          fileParallelism: false,
          testTimeout: 1_800_000,
        },
      },
      {
        test: {
          name: "engines",
          environment: "node",
          include: ["test/engines/*.engine.ts"],
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 120_000,
        },
      },
      {
        plugins: [assembly()],
        // All that GPU tests import: a package found late reloads the page, and the test with it.
        optimizeDeps: { include: [...tensorPackages, "@huggingface/tokenizers", "fflate", "valibot"] },
        server: { headers: isolationHeaders },
        test: {
          name: "browser",
          include: ["test/**/*.gpu.test.ts"],
          env: { TABTUNE_LONG: process.env.TABTUNE_LONG ?? "" },
          testTimeout: 600_000,
          hookTimeout: 600_000,
          // Each file keeps a page of its own: tfjs's engine is global, and memory is what some tests measure.
          fileParallelism: false,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: chromiumLaunchOptions() }),
            instances: [{ browser: "chromium" }],
          },
        },
      },
    ],
  },
});
