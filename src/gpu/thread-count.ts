/**
 * Largest number of threads for the wasm backend: all cores, of which `startFastestThreads` takes as many as measure best.
 * Without `SharedArrayBuffer` there is one thread: WebKitGTK lacks it even where a page is cross-origin isolated.
 */
export function threadCount(scope: { SharedArrayBuffer?: unknown }, cores: number): number {
  return typeof scope.SharedArrayBuffer === "function" ? Math.max(1, cores) : 1;
}
