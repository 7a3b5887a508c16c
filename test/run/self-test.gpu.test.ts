import { afterEach, describe, expect, it, vi } from "vitest";
import type * as Adapter from "../../src/gpu/adapter.ts";
import { onWasm, startBackend } from "../../src/gpu/backend.ts";
import { runningDevice, runningGpu } from "../../src/gpu/running.ts";
import { faultOf, faultOfForms } from "../../src/run/self-test.ts";
import type { TuningStore } from "../../src/run/tune.ts";
import type { TrainNotice } from "../../src/workers/protocol.ts";
import { createTrainService } from "../../src/workers/train-service.ts";
import { backendOptions } from "../ops/backends.ts";

// The software adapter is taken for a GPU, which "auto" trains on.
vi.mock("../../src/gpu/adapter.ts", async (original) => ({
  ...(await original<typeof Adapter>()),
  isSoftware: () => false,
}));

vi.mock("../../src/run/tune.ts", () => ({ tuneTiles: () => Promise.resolve([]) }));

/** Dispatches that the device was given, and from which on it computes wrongly. */
let dispatches = { given: 0, wrongFrom: Infinity };

/** A device that, from some dispatch on, computes none. Other uniforms than its own could keep a kernel's loop for hours. */
function wrongDevice(device: GPUDevice): GPUDevice {
  const createEncoder = device.createCommandEncoder.bind(device);
  device.createCommandEncoder = (descriptor) => {
    const encoder = createEncoder(descriptor);
    const beginPass = encoder.beginComputePass.bind(encoder);
    encoder.beginComputePass = (passDescriptor) => {
      const pass = beginPass(passDescriptor);
      const dispatch = pass.dispatchWorkgroups.bind(pass);
      pass.dispatchWorkgroups = (...sizes) => {
        if (++dispatches.given < dispatches.wrongFrom) dispatch(...sizes);
      };
      return pass;
    };
    return encoder;
  };
  return device;
}

const options = { ...backendOptions, wrapDevice: wrongDevice };

/** A store that keeps what it is given, as the page's does. */
function keeping() {
  const kept = new Map<string, unknown>();
  const store: TuningStore = {
    read: (key) => Promise.resolve(kept.get(key)),
    write: (key, value) => Promise.resolve(void kept.set(key, value)),
  };
  return { kept, store };
}

const test = (store: TuningStore) => faultOf(store, (work) => onWasm(backendOptions, work));

afterEach(() => {
  dispatches = { given: 0, wrongFrom: Infinity };
});

describe("the self-test of a GPU", () => {
  it("passes once for an adapter and a browser, and leaves the GPU running", async () => {
    await startBackend("webgpu", options);
    const { kept, store } = keeping();
    expect(await test(store)).toBeNull();
    expect(runningDevice().kind).toBe("webgpu");
    expect([...kept.keys()]).toEqual([expect.stringContaining(navigator.userAgent)]);
    const { given } = dispatches;
    expect(given).toBeGreaterThan(50);
    expect(await test(store)).toBeNull();
    expect(dispatches.given).toBe(given);
  });

  it("finds a GPU that computes wrongly the second time, and tests it again the next time", async () => {
    await startBackend("webgpu", options);
    await test(keeping().store);
    dispatches = { given: 0, wrongFrom: Math.floor(0.75 * dispatches.given) };
    const { kept, store } = keeping();
    expect(await test(store)).toContain("the second time");
    expect(kept.size).toBe(0);
  });

  it("finds a GPU whose numbers are not those of the processor", async () => {
    await startBackend("webgpu", options);
    const { store } = keeping();
    const fault = await faultOf(store, async (work) =>
      (await onWasm(backendOptions, work)).map((value) => value + 1e-3),
    );
    expect(fault).toContain("than on the processor");
  });
});

describe("the test of what a GPU computes beyond float32 by threads", () => {
  const testForms = (store: TuningStore, precision: "float32" | "mixed" = "mixed") =>
    faultOfForms(store, precision, (work) => onWasm(backendOptions, work));

  /** The software adapter has no 16-bit floats: its steps in mixed precision are computed in float32. */
  async function mixing() {
    await startBackend("webgpu", options);
    runningGpu().mixes = true;
    return keeping();
  }

  it("computes nothing for a run in float32 without matrices", async () => {
    const { kept, store } = await mixing();
    expect(await testForms(store, "float32")).toBeNull();
    expect([dispatches.given, kept.size]).toEqual([0, 0]);
  });

  it("passes once for mixed precision, by a key of its own", async () => {
    const { kept, store } = await mixing();
    await test(store);
    expect(await testForms(store)).toBeNull();
    expect([...kept.keys()]).toEqual([expect.any(String), expect.stringContaining("mixed")]);
    const { given } = dispatches;
    expect(await testForms(store)).toBeNull();
    expect(dispatches.given).toBe(given);
    expect(runningGpu().mixes).toBe(true);
  });

  it("goes on in float32 where mixed precision is wrong the second time", async () => {
    const { kept, store } = await mixing();
    await testForms(keeping().store);
    dispatches = { given: 0, wrongFrom: Math.floor(0.75 * dispatches.given) };
    expect(await testForms(store)).toContain("in mixed precision gave different numbers the second time");
    expect([runningGpu().mixes, kept.size]).toEqual([false, 0]);
    dispatches = { given: 0, wrongFrom: Infinity };
    expect(await testForms(store)).toBeNull();
    expect(dispatches.given).toBe(0);
  });

  it("goes on in float32 where mixed precision is not near the processor's numbers", async () => {
    const { store } = await mixing();
    const shifted = (work: () => Promise<Float32Array>) =>
      onWasm(backendOptions, async () => (await work()).map((value, i) => value + (i === 0 ? 0.02 : 0)));
    expect(await faultOfForms(store, "mixed", shifted)).toContain("than on the processor");
    expect(runningGpu().mixes).toBe(false);
  });

  it("leaves out matrices that the device refuses", async () => {
    const { store } = await mixing();
    const gpu = runningGpu();
    gpu.matrices = { subgroupSize: 4, components: ["f32"] };
    const speed = { product: "FORWARD", size: "small", gflops: 1 } as const;
    const plain = { ...speed, tile: "shared 32×32" };
    gpu.tileSpeeds = [{ ...speed, tile: "matrix 32×32 f32" }, plain];
    expect(await testForms(store, "float32")).toContain("by matrices failed");
    expect(gpu.matrices).toBeNull();
    expect(gpu.tileSpeeds).toEqual([plain]);
    await startBackend("webgpu", options);
  });
});

describe("the training service", () => {
  /** A service whose GPU computes wrongly the second time. */
  async function broken() {
    await startBackend("webgpu", options);
    await test(keeping().store);
    dispatches = { given: 0, wrongFrom: Math.floor(0.75 * dispatches.given) };
    const notices: TrainNotice[] = [];
    const service = createTrainService(options, keeping().store, (notice) => notices.push(notice));
    const backends = () => notices.flatMap((notice) => (notice.type === "backend" ? [notice.info] : []));
    return { service, backends, ignore: () => undefined };
  }

  it("goes on with the processor where the GPU was found by itself, and says why", async () => {
    const { service, backends, ignore } = await broken();
    await service.chooseBackend({ choice: "auto" }, ignore);
    // Only a GPU is measured, and there is none any more.
    await expect(service.tune(undefined, ignore)).rejects.toThrow("on the processor");
    expect(backends().map(({ backend, reason }) => [backend, /computes wrongly/.test(reason)])).toEqual([
      ["wasm", true],
    ]);
    expect(runningDevice().kind).toBe("wasm");
  });

  it("refuses a GPU that was chosen by hand, until somebody insists", async () => {
    const { service, backends, ignore } = await broken();
    await service.chooseBackend({ choice: "webgpu" }, ignore);
    await expect(service.tune(undefined, ignore)).rejects.toThrow("computes wrongly");
    expect(runningDevice().kind).toBe("webgpu");
    await expect(service.tune(undefined, ignore)).resolves.toEqual([]);
    expect(backends()).toEqual([]);
  });
});
