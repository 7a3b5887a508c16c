/**
 * Threads for the wasm backend: all cores but one, which is left to the page. Shared memory decides: WebKitGTK calls a
 * page cross-origin isolated and yet has no `SharedArrayBuffer`, so it has no threads.
 */
export function threadCount(scope: { SharedArrayBuffer?: unknown }, cores: number): number {
  return typeof scope.SharedArrayBuffer === "function" ? Math.max(1, cores - 1) : 1;
}
