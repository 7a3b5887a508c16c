import { assembled, labelOf, type Program } from "./program.ts";

/** A program on the device. Binding 0 is a slot of uniforms, at an offset that each dispatch gives. */
export interface Pipeline {
  pipeline: GPUComputePipeline;
  layout: GPUBindGroupLayout;
  /** Bind groups that are kept, by the numbers of their buffers, the oldest first. */
  groups: Map<string, GPUBindGroup>;
}

/** Bind groups of a pipeline that are kept. */
const MOST_KEPT = 256;

/** The programs of one device, compiled ahead or at their first use. */
export class Pipelines {
  private readonly byLabel = new Map<string, Pipeline>();
  /** The same by the programs themselves, most of which are made once. */
  private readonly byProgram = new WeakMap<Program, Pipeline>();

  /** @param onCompile called when a dispatch waits for its program */
  constructor(
    private readonly device: GPUDevice,
    private readonly onCompile: () => void,
  ) {}

  of(program: Program): Pipeline {
    const known = this.byProgram.get(program);
    if (known) return known;
    const label = labelOf(program);
    const pipeline = this.byLabel.get(label) ?? this.compiled(label, assembled(program));
    this.byLabel.set(label, pipeline);
    this.byProgram.set(program, pipeline);
    return pipeline;
  }

  /** Whether a program is compiled, so that a dispatch of it does not wait. */
  has(program: Program): boolean {
    return this.byLabel.has(labelOf(program));
  }

  /** Compiles those of some programs that are not yet, all at once; see `GpuDevice.compile`. */
  async compileAll(
    programs: readonly Program[],
    onProgress: (done: number, total: number) => void,
    goesOn: () => boolean,
  ): Promise<void> {
    const missing = programs.filter((program) => !this.has(program));
    if (missing.length === 0) return;
    onProgress(0, missing.length);
    await new Promise<void>((resolve) => {
      let done = 0;
      const next = () => {
        onProgress(++done, missing.length);
        if (done === missing.length || !goesOn()) resolve();
      };
      for (const program of missing) void this.compile(program).then(next);
    });
  }

  /** Compiles a program beside others and beside JavaScript; one that cannot be compiled fails at its first use. */
  async compile(program: Program): Promise<void> {
    const label = labelOf(program);
    const { layout, descriptor } = this.described(label, assembled(program));
    const pipeline = await this.device.createComputePipelineAsync(descriptor).catch(() => null);
    if (pipeline && !this.byLabel.has(label)) this.byLabel.set(label, { pipeline, layout, groups: new Map() });
  }

  private compiled(label: string, code: string): Pipeline {
    this.onCompile();
    const { layout, descriptor } = this.described(label, code);
    return { pipeline: this.device.createComputePipeline(descriptor), layout, groups: new Map() };
  }

  private described(label: string, code: string) {
    const { device } = this;
    const module = device.createShaderModule({ label, code });
    const entries = [...code.matchAll(/@binding\((\d+)\)\s*var<\s*(uniform|storage)\s*(?:,\s*(\w+)\s*)?>/g)].map(
      ([, binding, space, access]) => ({
        binding: Number(binding),
        visibility: GPUShaderStage.COMPUTE,
        buffer: bufferLayout(space, access),
      }),
    );
    const layout = device.createBindGroupLayout({ label, entries });
    const descriptor: GPUComputePipelineDescriptor = {
      label,
      layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: { module, entryPoint: "main" },
    };
    return { layout, descriptor };
  }
}

/** The kept bind group of this key, or a new one, for which the oldest makes room. */
export function bindGroupOf({ groups }: Pipeline, key: string, make: () => GPUBindGroup): GPUBindGroup {
  const known = groups.get(key);
  if (known) return known;
  const group = make();
  if (groups.size >= MOST_KEPT) {
    const [oldest = ""] = groups.keys();
    groups.delete(oldest);
  }
  groups.set(key, group);
  return group;
}

function bufferLayout(space = "", access = "read"): GPUBufferBindingLayout {
  if (space === "uniform") return { type: "uniform", hasDynamicOffset: true };
  return { type: access === "read_write" ? "storage" : "read-only-storage" };
}
