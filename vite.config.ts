import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { assembly } from "./build/assembly-plugin.ts";
import { documentFiles, documentPages } from "./build/documents-plugin.ts";
import { offline } from "./build/offline-plugin.ts";
import { ownOrigin, ownOriginPolicy } from "./build/own-origin-plugin.ts";
import { parquetRuns } from "./build/parquet-runs-plugin.ts";
import { isolationHeaders, quietBuild, tensorPackages } from "./build/shared-settings.ts";
import { wasmThreads } from "./build/wasm-threads-plugin.ts";

export default defineConfig({
  base: "./",
  plugins: [
    react(),
    assembly(),
    ownOrigin(),
    documentPages(),
    offline(["favicon.svg", "manifest.webmanifest"], documentFiles),
  ],
  worker: { format: "es", plugins: () => [wasmThreads(), parquetRuns(), assembly()], rolldownOptions: quietBuild },
  // Patched by `parquetRuns`, which sees no package that is bundled ahead.
  optimizeDeps: { include: tensorPackages, exclude: ["hyparquet"] },
  server: { headers: isolationHeaders },
  preview: { headers: { ...isolationHeaders, "Content-Security-Policy": ownOriginPolicy } },
  // The largest chunk is that of tfjs in its worker, which loads when a run is near.
  build: {
    outDir: "dist/app",
    target: "es2023",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2500,
    rolldownOptions: quietBuild,
  },
});
