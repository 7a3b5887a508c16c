import { webGpu } from "./tfjs-internals.ts";

/** A program on the device. Binding 0 is a slot of uniforms, at an offset that each dispatch gives. */
export interface Pipeline {
  pipeline: GPUComputePipeline;
  layout: GPUBindGroupLayout;
  /** See `bindGroupOf`. */
  groups: Map<string, GPUBindGroup>;
}

let byKey = new Map<string, Pipeline>();
/** The same by the programs themselves: most are constants. */
let byProgram = new WeakMap<object, Pipeline>();

/** Forgets all pipelines: they belong to a device that is gone. */
export function resetPipelines(): void {
  byKey = new Map();
  byProgram = new WeakMap();
}

/** The pipeline of a program, compiled at the first use of its key. */
export function pipelineOf<P extends object>(
  program: P,
  keyOf: (program: P) => string,
  codeOf: (program: P) => string,
): Pipeline {
  let pipeline = byProgram.get(program);
  if (pipeline) return pipeline;
  const key = keyOf(program);
  pipeline = byKey.get(key) ?? compiled(key, codeOf(program));
  byKey.set(key, pipeline);
  byProgram.set(program, pipeline);
  return pipeline;
}

function compiled(label: string, code: string): Pipeline {
  const { device } = webGpu();
  const module = device.createShaderModule({ label, code });
  const entries = [...code.matchAll(/@binding\((\d+)\)\s*var<\s*(uniform|storage)\s*(?:,\s*(\w+)\s*)?>/g)].map(
    ([, binding, space, access]) => ({
      binding: Number(binding),
      visibility: GPUShaderStage.COMPUTE,
      buffer: bufferLayout(space, access),
    }),
  );
  const layout = device.createBindGroupLayout({ label, entries });
  const pipeline = device.createComputePipeline({
    label,
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module, entryPoint: "main" },
  });
  return { pipeline, layout, groups: new Map() };
}

function bufferLayout(space = "", access = "read"): GPUBufferBindingLayout {
  if (space === "uniform") return { type: "uniform", hasDynamicOffset: true };
  return { type: access === "read_write" ? "storage" : "read-only-storage" };
}
