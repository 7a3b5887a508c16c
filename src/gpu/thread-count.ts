/**
 * Number of threads for the wasm backend: all cores but one, which is left to the page and to the system. Without `SharedArrayBuffer`
 * there is one thread: WebKitGTK lacks it even where a page is cross-origin isolated.
 */
export function threadCount(scope: { SharedArrayBuffer?: unknown }, cores: number): number {
  return typeof scope.SharedArrayBuffer === "function" ? Math.max(1, cores - 1) : 1;
}
