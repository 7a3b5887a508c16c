import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Plugin } from "vite";

const OPTIONS = ["-O3", "--noAssert", "--runtime", "stub", "--importMemory", "--use", "abort=", "--enable", "simd"];
/** Memory of threads declares its most; no less than what tfjs-wasm declares, which is all there is. */
const SHARED_OPTIONS = ["--sharedMemory", "--maximumMemory", "65536", "--enable", "threads"];
/** Sets ASC_FEATURE_RELAXED_SIMD, by which a source chooses. */
const RELAXED_OPTIONS = ["--enable", "relaxed-simd"];

interface Build {
  /** For a memory that threads share: a module works with one kind alone. */
  shared?: boolean;
  /** For engines with relaxed SIMD alone. */
  relaxed?: boolean;
}

/**
 * Compiles a module in AssemblyScript. Its files end in `.as`, so that nothing takes them for TypeScript; imports name
 * them without an ending.
 *
 * @returns the module, and the files that it was made from
 * @throws {Error} with what the compiler said, warnings included; and when the module has static data, which would be
 *   written over what others keep in the memory
 */
export async function compileAssembly(
  file: string,
  { shared = false, relaxed = false }: Build,
): Promise<{ module: Uint8Array; files: string[] }> {
  // Loaded when needed: it takes a second.
  const { default: asc } = await import("assemblyscript/asc");
  const made: Uint8Array[] = [];
  const files: string[] = [];
  let said = "";
  const entry = file.replace(/\.as$/, ".ts");
  const options = [...OPTIONS, ...(shared ? SHARED_OPTIONS : []), ...(relaxed ? RELAXED_OPTIONS : [])];
  const { error } = await asc.main([entry, "--outFile", "module.wasm", ...options], {
    readFile(name, folder) {
      const source = resolve(folder, name.replace(/\.ts$/, ".as"));
      if (!existsSync(source)) return null;
      files.push(source);
      return readFileSync(source, "utf8");
    },
    writeFile(_name, contents) {
      if (contents instanceof Uint8Array) made.push(contents);
    },
    listFiles: () => [],
    stderr: {
      write(chunk) {
        said += typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk);
      },
    },
  });
  const [module] = made;
  if (error || said !== "" || !module) throw new Error(`${file}: ${said || String(error)}`);
  if (hasData(module)) throw new Error(`${file} has static data; it would overwrite the memory that it is given.`);
  return { module, files };
}

const DATA_SECTION = 11;

/** Whether a WebAssembly module has a data section (WebAssembly Core Specification, 5.5). */
function hasData(module: Uint8Array): boolean {
  let at = 8;
  while (at < module.length) {
    const id = module[at++];
    if (id === DATA_SECTION) return true;
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = module[at++] ?? 0;
      size |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    at += size;
  }
  return false;
}

/** Lets `import base64 from "./kernels.as?shared&relaxed"` compile that file; both words may be left out. */
export function assembly(): Plugin {
  return {
    name: "tabtune-assembly",
    enforce: "pre",
    async load(id) {
      const [file = "", query = ""] = id.split("?");
      if (!file.endsWith(".as")) return null;
      const words = query.split("&");
      const build = { shared: words.includes("shared"), relaxed: words.includes("relaxed") };
      const { module, files } = await compileAssembly(file, build);
      for (const source of files) this.addWatchFile(source);
      return `export default ${JSON.stringify(Buffer.from(module).toString("base64"))};`;
    },
  };
}
