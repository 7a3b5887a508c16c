import { defineConfig, type Plugin } from "vite";
import { assembly } from "./assembly-plugin.ts";
import { parquetRuns } from "./parquet-runs-plugin.ts";
import { quietBuild } from "./shared-settings.ts";
import { threadScript, wasmThreads } from "./wasm-threads-plugin.ts";

const banner = [
  'import { fileURLToPath as bannerFileURLToPath } from "node:url";',
  'import { createRequire as bannerCreateRequire } from "node:module";',
  "const require = bannerCreateRequire(import.meta.url);",
  "const __filename = bannerFileURLToPath(import.meta.url);",
  'const __dirname = bannerFileURLToPath(new globalThis.URL(".", import.meta.url));',
].join("\n");

/** Writes sources.json, the project's files that the program is made of, by which `scripts/program.mjs` sees changes. */
function sourceList(): Plugin {
  return {
    name: "source-list",
    generateBundle() {
      const root = `${process.cwd()}/`;
      const files = [...this.getModuleIds()].map((id) => id.replace(/[?#].*/, "").replaceAll("\\", "/"));
      const own = files.filter((file) => file.startsWith(root) && !file.includes("/node_modules/"));
      const source = JSON.stringify([...new Set(own)].map((file) => file.slice(root.length)).sort());
      this.emitFile({ type: "asset", fileName: "sources.json", source });
    },
  };
}

/**
 * Builds one program for Node: `vite build --config build/program.config.ts --ssr src/cli/main.ts --outDir dist/cli/main`.
 * tfjs is bundled from its ES modules throughout (a second copy of its engine would know none of the tensors of the
 * first); what is native or only runs a browser stays outside. tfjs expects `require` and `__dirname` in Node.
 */
export default defineConfig({
  publicDir: false,
  plugins: [assembly(), wasmThreads(), threadScript(), parquetRuns(), sourceList()],
  ssr: { noExternal: true, external: ["webgpu", "playwright", "vite"] },
  build: {
    target: "node20",
    copyPublicDir: false,
    emptyOutDir: true,
    minify: false,
    rolldownOptions: { ...quietBuild, output: { banner, entryFileNames: "program.js" } },
  },
});
