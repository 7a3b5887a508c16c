import { build, type Plugin } from "vite";

const changes: [string, string][] = [
  ["var pthreadPoolSize=8;", "var pthreadPoolSize=0;"],
  // With no worker to wait for, nothing would say that the module is there.
  [
    "var numWorkersToLoad=PThread.unusedWorkers.length;",
    'var numWorkersToLoad=PThread.unusedWorkers.length;if(!numWorkersToLoad)removeRunDependency("wasm-instantiate");',
  ],
];

/**
 * Takes the pool of eight threads out of the source of tfjs-backend-wasm's threaded build.
 *
 * @throws {Error} when the pool is not there: the package has changed and the threads need to be looked at again
 */
export function removeThreadPool(code: string): string {
  return changes.reduce((source, [text, replacement]) => {
    if (!source.includes(text)) throw new Error(`tfjs-backend-wasm-threaded-simd.js has no “${text}” to change.`);
    return source.replace(text, replacement);
  }, code);
}

/**
 * Lets tfjs-backend-wasm start without threads of its own. The package's threaded build, whose memory our own threads
 * need, waits at its start for eight workers, whatever number of threads is asked for; in Firefox one of them often
 * never answers. tfjs's threads would serve its matrix products alone, and those are our own kernels' work.
 */
export function wasmThreads(): Plugin {
  return {
    name: "tabtune-wasm-threads",
    enforce: "pre",
    transform(code, id) {
      return id.includes("tfjs-backend-wasm-threaded-simd.js") ? { code: removeThreadPool(code), map: null } : null;
    },
  };
}

/** Lets `import source from "./wasm-thread.worker.ts?script"` give that module and its imports as one classic script. */
export function threadScript(): Plugin {
  return {
    name: "tabtune-thread-script",
    enforce: "pre",
    async load(id) {
      if (!id.endsWith(".worker.ts?script")) return null;
      const entry = id.slice(0, -"?script".length);
      const lib = { entry, formats: ["iife" as const], name: "thread" };
      const built = await build({
        configFile: false,
        publicDir: false,
        logLevel: "warn",
        build: { write: false, lib },
      });
      const [output] = [built].flat();
      const chunk = output && "output" in output ? output.output[0] : null;
      if (!chunk) throw new Error(`${entry} was not built.`);
      for (const source of chunk.moduleIds) this.addWatchFile(source);
      return `export default ${JSON.stringify(chunk.code)};`;
    },
  };
}
