import { getBackend, type Tensor, type TensorInfo } from "@tensorflow/tfjs-core";
import { Problem } from "../problem/problem.ts";
import { countDispatch, dispatchesPerSubmission, MOST_DISPATCHES } from "./flush.ts";
import { largestBinding } from "./memory.ts";
import { webGpu } from "./tfjs-internals.ts";

/** One WGSL entry point `main` with its compile-time choices. */
export interface Program {
  /** Unique name; with `constants` it is the key of the compiled pipeline. */
  name: string;
  /** Text of the `.wgsl` file. */
  wgsl: string;
  /** Put before the text as `const NAME = value;`, in this order: what shapes arrays and cuts branches. */
  constants?: Record<string, number | boolean>;
  /** Further text before the file: functions it calls (activations, dropout). */
  prelude?: string;
  /** What of WGSL must be switched on; the device has it (`hasFeature`). */
  feature?: "subgroups";
}

/** A field of the uniform struct `Sizes`; all are four bytes, in the struct's order. */
export type Uniform = { u32: number } | { f32: number };

export const u32 = (value: number): Uniform => ({ u32: value });
export const f32 = (value: number): Uniform => ({ f32: value });

/** Some numbers of a tensor, bound as if they were all of it. `first` is a multiple of 64. */
export interface Range {
  tensor: Tensor | TensorInfo;
  first: number;
  count: number;
}

/** What a dispatch binds: a tensor, or a range of one. */
export type Bound = Tensor | TensorInfo | Range;

const pipelines = new Map<string, GPUComputePipeline>();
/** Sizes of uniform buffers of which tfjs's pool holds as many as one submission can need. */
const pooledUniforms = new Set<number>();

/** Forgets all pipelines and buffers: they belong to a device that is gone. */
export function resetPrograms(): void {
  pipelines.clear();
  pooledUniforms.clear();
}

/** Resolves when the GPU has done all that was recorded. */
export async function queueDone(): Promise<void> {
  submit();
  await webGpu().queue.onSubmittedWorkDone();
}

/** What the running device tells of its adapter. */
export function deviceInfo(): GPUAdapterInfo {
  return webGpu().device.adapterInfo;
}

/** True where the device of the webgpu backend was opened with this feature. */
export function hasFeature(feature: GPUFeatureName): boolean {
  return webGpu().device.features.has(feature);
}

/** The WGSL text of a program as the device gets it. */
export function assembled(program: Program): string {
  const constants = Object.entries(program.constants ?? {})
    .map(([name, value]) => `const ${name} = ${typeof value === "number" ? `${value}u` : value};`)
    .join("\n");
  const enable = program.feature ? `enable ${program.feature};\n` : "";
  return `${enable}${constants}\n${program.prelude ?? ""}\n${program.wgsl}`;
}

function pipelineOf(device: GPUDevice, program: Program): GPUComputePipeline {
  const key = program.name + JSON.stringify(program.constants ?? {});
  let pipeline = pipelines.get(key);
  if (!pipeline) {
    const module = device.createShaderModule({ label: key, code: assembled(program) });
    pipeline = device.createComputePipeline({ label: key, layout: "auto", compute: { module, entryPoint: "main" } });
    pipelines.set(key, pipeline);
  }
  return pipeline;
}

/** A new, uninitialized tensor of the webgpu backend, for a program to write. */
export function output(shape: number[], dtype: "float32" | "int32" = "float32"): TensorInfo {
  return webGpu().makeTensorInfo(shape, dtype);
}

/**
 * Records one dispatch into tfjs's open compute pass. Binding 0 is the uniform struct, 1…n the
 * tensors in their order. Throws a Problem for what is larger than this GPU binds at once: tables that may be come in
 * parts (`partsOf`). A dimension of `workgroups` may exceed 65,535: the excess goes to z; the kernel reads
 * `workgroup_id.x + workgroup_id.z * 65535`.
 */
export function dispatch(
  program: Program,
  bound: readonly Bound[],
  uniforms: readonly Uniform[],
  workgroups: readonly [number, number?],
): void {
  const backend = webGpu();
  const pipeline = pipelineOf(backend.device, program);
  const entries = bound.map((one, i) => ({ binding: i + 1, resource: bindingOf(one) }));
  entries.push({ binding: 0, resource: { buffer: uniformBuffer(uniforms) } });
  const group = backend.device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });

  backend.ensureCommandEncoderReady();
  backend.computePassEncoder ??= backend.commandEncoder?.beginComputePass() ?? null;
  const pass = backend.computePassEncoder;
  if (!pass) throw new Error(`${program.name}: no compute pass could be opened.`);
  for (const one of bound) backend.commandQueueOwnedIds.add(tensorOf(one).dataId);
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  const [x, y = 1] = workgroups;
  const z = Math.ceil(x / 65535);
  pass.dispatchWorkgroups(z > 1 ? 65535 : x, y, z);

  countDispatch();
  if (++backend.dispatchCountInPass >= dispatchesPerSubmission()) submit();
}

const tensorOf = (bound: Bound) => ("tensor" in bound ? bound.tensor : bound);

function bindingOf(bound: Bound): GPUBufferBinding {
  const backend = webGpu();
  const { dataId } = tensorOf(bound);
  backend.uploadToGPU(dataId);
  const buffer = backend.tensorMap.get(dataId).resource;
  if (!buffer) throw new Error("A tensor without a buffer was bound.");
  const binding = "tensor" in bound ? { buffer, offset: 4 * bound.first, size: 4 * bound.count } : { buffer };
  const size = binding.size ?? buffer.size;
  if (size > largestBinding()) throw tooLarge(size);
  return binding;
}

function tooLarge(bytes: number): Problem {
  const megabytes = (count: number) => `${(count / 1e6).toFixed(1)} MB`;
  return new Problem({
    found: `A step would compute with ${megabytes(bytes)} in one piece.`,
    expected: `This GPU takes at most ${megabytes(largestBinding())} in one piece.`,
    remedy: "Lower the rows a step or the max length, or train on the processor (backend “wasm”).",
  });
}

/** Sends what is recorded to the GPU; nothing happens when nothing is. */
export function submit(): void {
  const backend = webGpu();
  if (!backend.commandEncoder) return;
  backend.endComputePassEncoder();
  backend.submitQueue();
}

/**
 * Sends what is recorded on webgpu; nothing happens on other backends. Called at the end of a training step: with its
 * submissions ending where it does, a step needs the same buffers every time.
 */
export function submitRecorded(): void {
  if (getBackend() === "webgpu") submit();
}

/** Makes room in tfjs's pool for `count` float tensors of this shape, on webgpu. */
export function reserve(shape: number[], count: number): void {
  if (getBackend() !== "webgpu") return;
  const backend = webGpu();
  const all = Array.from({ length: count }, () => output(shape));
  for (const { dataId } of all) backend.uploadToGPU(dataId);
  for (const info of all) release(info);
}

function uniformBuffer(uniforms: readonly Uniform[]): GPUBuffer {
  const backend = webGpu();
  const bytes = new DataView(new ArrayBuffer(Math.ceil(uniforms.length / 4) * 16));
  uniforms.forEach((uniform, i) => {
    if ("u32" in uniform) bytes.setUint32(4 * i, uniform.u32, true);
    else bytes.setFloat32(4 * i, uniform.f32, true);
  });
  const acquire = () =>
    backend.bufferManager.acquireBuffer(bytes.byteLength, GPUBufferUsage.COPY_DST | GPUBufferUsage.UNIFORM);
  if (!pooledUniforms.has(bytes.byteLength)) {
    pooledUniforms.add(bytes.byteLength);
    // At once, so that memory does not grow when submissions do.
    const all = Array.from({ length: MOST_DISPATCHES }, acquire);
    for (const one of all) backend.bufferManager.releaseBuffer(one);
  }
  const buffer = acquire();
  backend.queue.writeBuffer(buffer, 0, bytes.buffer);
  backend.uniformPendingDisposal.push(buffer);
  return buffer;
}

/** A new float tensor of zeros on webgpu; nothing is uploaded for it. */
export function cleared(shape: number[]): TensorInfo {
  const backend = webGpu();
  const info = output(shape);
  backend.uploadToGPU(info.dataId);
  const buffer = backend.tensorMap.get(info.dataId).resource;
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  if (buffer) backend.commandEncoder?.clearBuffer(buffer);
  backend.commandQueueOwnedIds.add(info.dataId);
  return info;
}

/** Gives back an intermediate tensor that a kernel made with `output`; it lives until its submission is done. */
export function release(info: TensorInfo): void {
  webGpu().disposeData(info.dataId);
}
