/**
 * AssemblyScript compiled to WebAssembly in base64: for a memory of one thread or (`shared`) for one that threads share,
 * with SIMD of fixed width or (`relaxed`) with relaxed SIMD too.
 */
declare module "*.as" {
  const base64: string;
  export default base64;
}

declare module "*.as?relaxed" {
  const base64: string;
  export default base64;
}

declare module "*.as?shared" {
  const base64: string;
  export default base64;
}

declare module "*.as?shared&relaxed" {
  const base64: string;
  export default base64;
}
