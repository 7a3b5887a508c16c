import { defineConfig, type Plugin } from "vite";
import { assembly } from "../../../build/assembly-plugin.ts";
import { isolationHeaders, quietBuild } from "../../../build/shared-settings.ts";
import { wasmThreads } from "../../../build/wasm-threads-plugin.ts";

/**
 * tfjs-wasm takes half of the cores that the navigator reports, at most. Its own build counts sixteen here, so that it
 * takes as many threads as a measurement asks for. They start when they are needed, since the app's build is without the
 * pool of eight, whose workers fail in a bundled worker.
 */
function stockThreads(): Plugin {
  const [text, replacement] = ['return navigator["hardwareConcurrency"]', "return 16"];
  return {
    name: "tabtune-stock-threads",
    enforce: "pre",
    transform(code, id) {
      if (!id.includes("tfjs-backend-wasm-threaded-simd.js")) return null;
      if (!code.includes(text)) throw new Error(`tfjs-backend-wasm-threaded-simd.js has no “${text}” to change.`);
      return { code: code.replace(text, replacement), map: null };
    },
  };
}

/** The page that measures a step, in a worker, and nothing else of the app. */
export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  worker: { format: "es", plugins: () => [wasmThreads(), stockThreads(), assembly()], rolldownOptions: quietBuild },
  preview: { headers: isolationHeaders },
  build: { outDir: "../../../dist/bench-browser", emptyOutDir: true, target: "es2023", chunkSizeWarningLimit: 5000 },
});
