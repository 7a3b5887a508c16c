import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

const placeholder = '{"version":"","shell":[],"later":[]}';

/** One output file of a build, as far as the list of the shell needs it. */
export interface OutputFile {
  type: "chunk" | "asset";
  isEntry?: boolean;
  imports?: string[];
  viteMetadata?: { importedCss: Set<string> };
}

/**
 * The files a page needs before anything is asked for: entries, what they import statically all the way down, and the
 * styles of these. Dynamic imports and workers are not among them.
 */
export function shellFiles(bundle: Record<string, OutputFile>): string[] {
  const found = new Set<string>();
  const visit = (name: string) => {
    const file = bundle[name];
    if (file?.type !== "chunk" || found.has(name)) return;
    found.add(name);
    for (const style of file.viteMetadata?.importedCss ?? []) found.add(style);
    file.imports?.forEach(visit);
  };
  for (const [name, file] of Object.entries(bundle)) if (file.isEntry) visit(name);
  return [...found].sort();
}

/**
 * The other files of a build, which are fetched once the page has loaded: dynamic imports, workers and WebAssembly.
 */
export function laterFiles(bundle: Record<string, OutputFile>): string[] {
  const shell = new Set(shellFiles(bundle));
  return Object.keys(bundle)
    .filter((name) => name.startsWith("assets/") && !shell.has(name))
    .sort();
}

/**
 * Puts the lists of files and a version into the text of the service worker. Browsers take a service worker for a new
 * one when its text differs: `contents`, of the files whose names do not change with them, goes into the version.
 *
 * @throws {Error} when the text has no place for them
 */
export function fillServiceWorker(
  source: string,
  files: { shell: string[]; later: string[] },
  contents: string[],
): string {
  if (!source.includes(placeholder)) throw new Error("The service worker has no place for its list of files.");
  const shell = files.shell.map((file) => `./${file}`);
  const later = files.later.map((file) => `./${file}`);
  const version = createHash("sha256")
    .update(JSON.stringify([shell, later, contents]))
    .digest("hex")
    .slice(0, 12);
  return source.replace(placeholder, JSON.stringify({ version, shell, later }));
}

/**
 * Makes the built page work without a network after its first load.
 *
 * @param extra files of public/ that are fetched ahead too
 * @param pages the same for files that another plugin emits: path in the build → text
 */
export function offline(extra: string[], pages: () => Record<string, string>): Plugin {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
  return {
    name: "tabtune-offline",
    apply: "build",
    transformIndexHtml: () => [{ tag: "script", attrs: { src: "./register.js", defer: true }, injectTo: "head" }],
    generateBundle(_options, bundle) {
      const registration = read("./offline/register.js");
      const named = { ...Object.fromEntries(extra.map((file) => [file, read(`../public/${file}`)])), ...pages() };
      const contents = [registration, read("../index.html"), ...Object.values(named)];
      const shell = ["index.html", "register.js", ...Object.keys(named), ...shellFiles(bundle)];
      const files = { shell, later: laterFiles(bundle) };
      const source = fillServiceWorker(read("./offline/service-worker.js"), files, contents);
      this.emitFile({ type: "asset", fileName: "register.js", source: registration });
      this.emitFile({ type: "asset", fileName: "service-worker.js", source });
    },
  };
}
