import { startBackend } from "../../src/gpu/backend.ts";

/** The webgpu backend on a device that can tell how long single dispatches take. */
interface TimedBackend {
  adapter: string;
  device: GPUDevice;
  timer: DispatchTimer;
}

/**
 * Starts the webgpu backend in Node on a device with `timestamp-query`, which the page's own devices do not ask for,
 * and without Dawn's rounding of times. Throws where the adapter lacks it.
 */
export async function startTimedBackend(): Promise<TimedBackend> {
  const { create, globals } = await import("webgpu");
  Object.assign(globalThis, globals);
  const gpu = create(["disable-dawn-features=timestamp_quantization"]);
  const requestAdapter = gpu.requestAdapter.bind(gpu);
  gpu.requestAdapter = async (options) => {
    const adapter = await requestAdapter(options);
    if (adapter) alsoWithTimestamps(adapter);
    return adapter;
  };
  Object.defineProperty(globalThis, "navigator", { value: { gpu, userAgent: "node" }, configurable: true });
  const opened: Omit<TimedBackend, "adapter">[] = [];
  const { adapter } = await startBackend("webgpu", {
    wasmPaths: "",
    wasmThreads: 1,
    wrapDevice(device) {
      opened.push({ device, timer: timeDispatches(device) });
      return device;
    },
  });
  const [backend] = opened;
  if (!backend) throw new Error("The backend started without a device to time.");
  return { adapter, ...backend };
}

function alsoWithTimestamps(adapter: GPUAdapter): void {
  const requestDevice = adapter.requestDevice.bind(adapter);
  adapter.requestDevice = (descriptor) =>
    requestDevice({
      ...descriptor,
      requiredFeatures: [...(descriptor?.requiredFeatures ?? []), "timestamp-query"],
    });
}

/** One dispatch as it was recorded, and the time that the GPU took for it. */
export interface TimedDispatch {
  /** Label of its pipeline. */
  label: string;
  /** Bytes of each storage binding from binding 1 on; 0 where the same buffer was bound before. */
  sizes: number[];
  /** Which submission it went with, counted from 0. */
  submission: number;
  ms: number;
}

export interface DispatchTimer {
  /** Times every dispatch from now on. */
  start(): void;
  /** Ends that; resolves to the dispatches in their order, once the GPU has done them. */
  stop(): Promise<TimedDispatch[]>;
}

/** The largest number of queries in one set. */
const MOST_DISPATCHES = 2048;

/**
 * Times single dispatches on a device that was opened with `timestamp-query`, by replacing methods of the device itself
 * as `countDevice` does: each dispatch then gets a compute pass of its own that notes when it began and ended. What
 * records them cannot tell; order and data are those of the real work.
 */
function timeDispatches(device: GPUDevice): DispatchTimer {
  const bytes = 8 * 2 * MOST_DISPATCHES;
  const queries = device.createQuerySet({ type: "timestamp", count: 2 * MOST_DISPATCHES });
  const resolved = device.createBuffer({
    size: bytes,
    usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
  });
  const readable = device.createBuffer({ size: bytes, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const sizesOf = new WeakMap<GPUBindGroup, number[]>();
  let dispatches: Omit<TimedDispatch, "ms">[] | null = null;
  let submission = 0;

  const createBindGroup = device.createBindGroup.bind(device);
  device.createBindGroup = (descriptor) => {
    const group = createBindGroup(descriptor);
    sizesOf.set(group, storageSizes(descriptor.entries));
    return group;
  };

  const submit = device.queue.submit.bind(device.queue);
  device.queue.submit = (commands) => {
    submission++;
    return submit(commands);
  };

  const createCommandEncoder = device.createCommandEncoder.bind(device);
  device.createCommandEncoder = (descriptor) => {
    const encoder = createCommandEncoder(descriptor);
    const begin = encoder.beginComputePass.bind(encoder);
    encoder.beginComputePass = (passDescriptor) => {
      const pass = begin(passDescriptor);
      const timed = dispatches;
      if (timed === null) return pass;
      // What the recorder holds is a pass that has ended already; each of its dispatches opens one of its own.
      pass.end();
      pass.end = () => undefined;
      let pipeline: GPUComputePipeline | null = null;
      let bound: { sizes: number[]; bind: (own: GPUComputePassEncoder) => void } | null = null;
      pass.setPipeline = (next) => void (pipeline = next);
      pass.setBindGroup = (index: number, group?: GPUBindGroup | null, offsets?: Iterable<number>) => {
        const sizes = (group && sizesOf.get(group)) ?? [];
        bound = { sizes, bind: (own) => own.setBindGroup(index, group, offsets) };
      };
      pass.dispatchWorkgroups = (x, y, z) => {
        if (!pipeline || !bound) throw new Error("A dispatch was recorded without a pipeline or a bind group.");
        const at = timed.push({ label: pipeline.label, sizes: bound.sizes, submission }) - 1;
        const own = begin({
          timestampWrites: {
            querySet: queries,
            beginningOfPassWriteIndex: 2 * at,
            endOfPassWriteIndex: 2 * at + 1,
          },
        });
        own.setPipeline(pipeline);
        bound.bind(own);
        own.dispatchWorkgroups(x, y, z);
        own.end();
      };
      return pass;
    };
    return encoder;
  };

  return {
    start() {
      dispatches = [];
      submission = 0;
    },
    async stop() {
      const timed = dispatches ?? [];
      dispatches = null;
      const encoder = device.createCommandEncoder();
      encoder.resolveQuerySet(queries, 0, 2 * timed.length, resolved, 0);
      encoder.copyBufferToBuffer(resolved, 0, readable, 0, bytes);
      device.queue.submit([encoder.finish()]);
      await readable.mapAsync(GPUMapMode.READ);
      const times = new BigUint64Array(readable.getMappedRange().slice(0));
      readable.unmap();
      // Nanoseconds; Dawn and browsers may round them to a tenth of a millisecond.
      const msOf = (at: number) => Number((times[2 * at + 1] ?? 0n) - (times[2 * at] ?? 0n)) / 1e6;
      return timed.map((dispatch, at) => ({ ...dispatch, ms: msOf(at) }));
    },
  };
}

function storageSizes(entries: Iterable<GPUBindGroupEntry>): number[] {
  const sizes: number[] = [];
  const seen: { buffer: GPUBuffer; offset: number }[] = [];
  for (const { binding, resource } of entries) {
    if (binding === 0 || !("buffer" in resource)) continue;
    const { buffer, offset = 0, size = buffer.size - offset } = resource;
    const isAgain = seen.some((other) => other.buffer === buffer && other.offset === offset);
    sizes[binding - 1] = isAgain ? 0 : size;
    seen.push({ buffer, offset });
  }
  return sizes;
}
