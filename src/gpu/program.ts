import type { TensorInfo } from "@tensorflow/tfjs-core";
import { bindGroupOf, type Bound } from "./bind-groups.ts";
import { countDispatch, dispatchesPerSubmission } from "./flush.ts";
import { runningOutline, type OutlineBackend } from "./outline.ts";
import { pipelineOf, resetPipelines } from "./pipelines.ts";
import { isOnGpu, runningKind } from "./running.ts";
import { webGpu, type WebGpuInternals } from "./tfjs-internals.ts";
import { nextSlot, resetUniforms, writeSlots } from "./uniforms.ts";

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

/** Forgets all pipelines and buffers: they belong to a device that is gone. */
export function resetPrograms(): void {
  resetPipelines();
  resetUniforms();
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

const keyOf = ({ name, constants = {} }: Program) => name + JSON.stringify(constants);

/** What makes and frees the tensors of recorded work: the webgpu backend, or an outline. */
function recorder(): WebGpuInternals | OutlineBackend {
  return runningOutline() ?? webGpu();
}

/** A new, uninitialized tensor of the webgpu backend, for a program to write. */
export function output(shape: number[], dtype: "float32" | "int32" = "float32"): TensorInfo {
  return recorder().makeTensorInfo(shape, dtype);
}

/**
 * Records one dispatch into tfjs's open compute pass. Binding 0 is the uniform struct, 1…n the
 * tensors in their order. Throws a Problem for what is larger than this GPU binds at once: tables that may be come in
 * parts (`partsOf`). A dimension of `workgroups` may exceed 65,535: the excess goes to z; the kernel reads
 * `workgroup_id.x + workgroup_id.z * 65535`.
 *
 * tfjs is not told of the tensors, else it would keep the buffers of those that are disposed until the submission is
 * sent. What is recorded runs in order, so a later dispatch may write a buffer at once that an earlier one reads; what
 * is written past the open submission must be sent after it (`deviceTensor`).
 */
export function dispatch(
  program: Program,
  bound: readonly Bound[],
  uniforms: readonly Uniform[],
  workgroups: readonly [number, number?],
): void {
  const outline = runningOutline();
  if (outline) return bindInOutline(outline, bound);
  const backend = webGpu();
  const compiled = pipelineOf(program, keyOf, assembled);
  const group = bindGroupOf(compiled, bound);
  backend.ensureCommandEncoderReady();
  backend.computePassEncoder ??= backend.commandEncoder?.beginComputePass() ?? null;
  const pass = backend.computePassEncoder;
  if (!pass) throw new Error(`${program.name}: no compute pass could be opened.`);
  pass.setPipeline(compiled.pipeline);
  pass.setBindGroup(0, group, [putUniforms(uniforms)]);
  const [x, y = 1] = workgroups;
  const z = Math.ceil(x / 65535);
  pass.dispatchWorkgroups(z > 1 ? 65535 : x, y, z);

  countDispatch();
  if (++backend.dispatchCountInPass >= dispatchesPerSubmission()) submit();
}

/** All that is left of a dispatch on an outline: its tensors are there from now on. */
function bindInOutline(outline: OutlineBackend, bound: readonly Bound[]): void {
  for (const one of bound) {
    if ("tensor" in one) outline.bind(one.tensor, false);
    else outline.bind(one, true);
  }
}

/** Puts the fields of a struct into the next slot of the submission; returns its offset. */
function putUniforms(uniforms: readonly Uniform[]): number {
  const { offset, fields } = nextSlot();
  uniforms.forEach((uniform, i) => {
    if ("u32" in uniform) fields.setUint32(4 * i, uniform.u32, true);
    else fields.setFloat32(4 * i, uniform.f32, true);
  });
  return offset;
}

/** Sends what is recorded to the GPU; nothing happens when nothing is. */
export function submit(): void {
  const backend = webGpu();
  if (!backend.commandEncoder) return;
  backend.endComputePassEncoder();
  writeSlots();
  backend.submitQueue();
}

/** Sends what is recorded on webgpu, so that the GPU begins; nothing happens on other backends. */
export function submitRecorded(): void {
  if (isOnGpu()) submit();
}

/** Makes room in tfjs's pool for `count` float tensors of this shape, on webgpu. */
export function reserve(shape: number[], count: number): void {
  if (runningKind() !== "webgpu") return;
  const all = Array.from({ length: count }, () => placed(shape));
  for (const info of all) release(info);
}

/** A tensor like those of `output` that has its buffer already. */
export function placed(shape: number[], dtype: "float32" | "int32" = "float32"): TensorInfo {
  const info = output(shape, dtype);
  const outline = runningOutline();
  if (outline) outline.bind(info, false);
  else webGpu().uploadToGPU(info.dataId);
  return info;
}

/** A new float tensor of zeros on webgpu; nothing is uploaded for it. */
export function cleared(shape: number[]): TensorInfo {
  const info = placed(shape);
  if (runningOutline()) return info;
  const backend = webGpu();
  const buffer = backend.tensorMap.get(info.dataId).resource;
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  if (buffer) backend.commandEncoder?.clearBuffer(buffer);
  return info;
}

/** Gives back an intermediate tensor that a kernel made with `output`. */
export function release(info: TensorInfo): void {
  recorder().disposeData(info.dataId);
}
