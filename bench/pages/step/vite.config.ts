import { defineConfig } from "vite";
import { isolationHeaders } from "../../../build/shared-settings.ts";
import app from "../../../vite.config.ts";

/** The page that measures a step: workers as the app has them, and nothing else of it. */
export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  worker: app.worker,
  preview: { headers: isolationHeaders },
  build: { outDir: "../../../dist/bench-browser", emptyOutDir: true, target: "es2023", chunkSizeWarningLimit: 5000 },
});
