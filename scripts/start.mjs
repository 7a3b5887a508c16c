// npm start: installs what is missing, builds the page and serves it. It prints its progress and the address.
//   npm start                   on port 4173, or the next free one
//   npm start -- --port 5000    --host and --open work as in Vite
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ensureDependencies } from "./machine/install.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** @returns {{ port?: string, host?: string, open?: boolean, strictPort?: boolean }} */
function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: "string" },
        host: { type: "string" },
        open: { type: "boolean" },
        strictPort: { type: "boolean" },
      },
    });
    const port = Number(values.port ?? 4173);
    if (!Number.isInteger(port) || port < 1 || port > 65535) throw new Error(`--port takes a number from 1 to 65535.`);
    return values;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    console.error("Usage: npm start -- [--port NUMBER] [--strictPort] [--host ADDRESS] [--open]");
    process.exit(2);
  }
}

const { port, host, open, strictPort } = readOptions();
try {
  ensureDependencies(root);
  const { build, preview } = await import("vite");
  const started = Date.now();
  process.stdout.write("Building the page … ");
  await build({ root, logLevel: "warn" });
  console.log(`done (${Math.ceil((Date.now() - started) / 1000)} s)`);
  const server = await preview({
    root,
    logLevel: "warn",
    preview: { port: Number(port ?? 4173), host, open, strictPort },
  });
  const { local = [], network = [] } = server.resolvedUrls ?? {};
  console.log(`Tabtune is at ${[...local, ...network].join(" and ")}\nPress Ctrl+C to stop it.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
