import { defineConfig } from "vite";
import { isolationHeaders } from "../../../build/shared-settings.ts";
import app from "../../../vite.config.ts";

/** The page that measures a GPU in a worker as the app has it, and nothing else of the app. */
export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  worker: app.worker,
  preview: { headers: isolationHeaders },
  build: { outDir: "../../../dist/bench-gpu", emptyOutDir: true, target: "es2023", chunkSizeWarningLimit: 5000 },
});
