import type { Plugin } from "vite";

const uses: [RegExp, string][] = [
  [/if\(typeof _scriptDir !== "undefined" && _scriptDir\)\{scriptDirectory=_scriptDir\}/, ""],
  [/\|\|_scriptDir,"wasmMemory"/, ',"wasmMemory"'],
];

/**
 * Takes the two uses of `_scriptDir` out of the source of tfjs-backend-wasm's threaded build.
 *
 * @throws {Error} when either is not there: the package has changed and the threads need to be looked at again
 */
export function removeScriptDir(code: string): string {
  return uses.reduce((source, [pattern, replacement]) => {
    if (!pattern.test(source))
      throw new Error(`tfjs-backend-wasm-threaded-simd.js has no ${String(pattern)} to patch.`);
    return source.replace(pattern, replacement);
  }, code);
}

/**
 * Keeps the threads of tfjs-backend-wasm alive in a minified build. The package starts its threads from the text of
 * its own factory function (`factory.toString()`), where the minifier leaves a reference to a variable outside of it,
 * `_scriptDir`; in the thread that is a ReferenceError. `setWasmPaths` makes the variable unnecessary.
 */
export function wasmThreads(): Plugin {
  return {
    name: "tabtune-wasm-threads",
    enforce: "pre",
    transform(code, id) {
      return id.includes("tfjs-backend-wasm-threaded-simd.js") ? { code: removeScriptDir(code), map: null } : null;
    },
  };
}
