/**
 * What the backend will most likely be, in one quiet line, before the train worker is started: starting it would
 * load the tensor library of a page that somebody may only be looking at. The worker has the last word.
 */
export async function guessBackend(): Promise<string> {
  const gpu: GPU | undefined = navigator.gpu;
  if (!gpu) return "No GPU found: training on the processor, slower";
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" }).catch(() => null);
  if (!adapter) return "No GPU found: training on the processor, slower";
  const { isFallbackAdapter, description, vendor, architecture } = adapter.info;
  const name = description || [vendor, architecture].filter(Boolean).join(" ");
  if (isFallbackAdapter || /swiftshader|llvmpipe|software/i.test(name)) {
    return "Only a software GPU found: training on the processor, slower";
  }
  return `WebGPU · ${name || "unnamed adapter"}`;
}
