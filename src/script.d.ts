/** A worker and its imports as one classic script: build/wasm-threads-plugin.ts. */
declare module "*?script" {
  const source: string;
  export default source;
}
