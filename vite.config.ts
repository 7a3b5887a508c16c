import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { VitePWA } from "vite-plugin-pwa";
import { ownOrigin, ownOriginPolicy } from "./build/own-origin-plugin.ts";
import { isolationHeaders, tensorPackages } from "./build/shared-settings.ts";
import { wasmThreads } from "./build/wasm-threads-plugin.ts";

export default defineConfig({
  base: "./",
  plugins: [
    react(),
    ownOrigin(),
    VitePWA({
      // A new version waits until the last tab is closed: a tab that trains must not lose its chunks.
      registerType: "prompt",
      injectRegister: "script-defer",
      manifest: {
        name: "Tabtune",
        short_name: "Tabtune",
        description: "Fine-tune BERT text classifiers in a browser tab, on your own GPU.",
        display: "standalone",
        background_color: "#ffffff",
        theme_color: "#1864ab",
        icons: [{ src: "favicon.svg", sizes: "any", type: "image/svg+xml" }],
      },
      workbox: {
        // The shell alone is fetched ahead. Charts, workers, tfjs, wasm, the sample and the starter model are
        // kept for offline use only once somebody has asked for them.
        globPatterns: ["index.html", "favicon.svg", "assets/index-*.{js,css}"],
        inlineWorkboxRuntime: true,
        runtimeCaching: [
          // Names under assets/ carry a hash: what is kept never goes stale, only unused.
          {
            urlPattern: ({ sameOrigin, url }) => sameOrigin && url.pathname.includes("/assets/"),
            handler: "CacheFirst",
            options: { cacheName: "program", expiration: { maxEntries: 60 } },
          },
          {
            urlPattern: ({ sameOrigin, url }) => sameOrigin && /\/(sample|starter)\//.test(url.pathname),
            handler: "NetworkFirst",
            options: { cacheName: "samples" },
          },
        ],
      },
    }),
  ],
  worker: { format: "es", plugins: () => [wasmThreads()] },
  optimizeDeps: { include: tensorPackages },
  server: { headers: isolationHeaders },
  preview: { headers: { ...isolationHeaders, "Content-Security-Policy": ownOriginPolicy } },
  build: { outDir: "dist/app", target: "es2023", assetsInlineLimit: 0, chunkSizeWarningLimit: 2500 },
});
