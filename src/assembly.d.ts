/** AssemblyScript compiled for a memory of one thread, or (`?shared`) for one that threads share: base64. */
declare module "*.as" {
  const base64: string;
  export default base64;
}

declare module "*.as?shared" {
  const base64: string;
  export default base64;
}
