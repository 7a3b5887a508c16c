import { describe, expect, it } from "vitest";
import { countDevice } from "../../bench/meters/counting-device.ts";

/** What the counter touches of a device, and what reached it. */
function fakeDevice() {
  const calls: string[] = [];
  const pass = {
    dispatchWorkgroups: (x: number, y?: number, z?: number) => void calls.push(`dispatch ${x} ${y} ${z}`),
    dispatchWorkgroupsIndirect: (_buffer: unknown, offset: number) => void calls.push(`indirect ${offset}`),
  };
  const device = {
    label: "fake",
    createBuffer: ({ size }: { size: number }) => ({ size, destroy: () => void calls.push(`destroy ${size}`) }),
    createCommandEncoder: () => ({ beginComputePass: () => ({ ...pass }) }),
  };
  return { device: device as unknown as GPUDevice, calls };
}

const usage = 0;

describe("countDevice", () => {
  it("counts direct and indirect dispatches of every pass and lets them through", () => {
    const { device, calls } = fakeDevice();
    const counter = countDevice(device);
    for (let i = 0; i < 2; i++) {
      const pass = device.createCommandEncoder().beginComputePass();
      pass.dispatchWorkgroups(3, 2, 1);
      pass.dispatchWorkgroupsIndirect(device.createBuffer({ size: 12, usage }), 4);
    }
    expect(counter.snapshot().dispatches).toBe(4);
    expect(calls).toEqual(["dispatch 3 2 1", "indirect 4", "dispatch 3 2 1", "indirect 4"]);
  });

  it("adds up buffers until they are destroyed, once each, and remembers the most", () => {
    const { device, calls } = fakeDevice();
    const counter = countDevice(device);
    const first = device.createBuffer({ size: 100, usage });
    device.createBuffer({ size: 50, usage });
    first.destroy();
    first.destroy();
    device.createBuffer({ size: 20, usage });
    expect(counter.snapshot()).toEqual({ dispatches: 0, bytes: 70, peakBytes: 150 });
    expect(calls).toEqual(["destroy 100", "destroy 100"]);
  });

  it("starts anew from what is held", () => {
    const { device } = fakeDevice();
    const counter = countDevice(device);
    const large = device.createBuffer({ size: 1000, usage });
    device.createBuffer({ size: 10, usage });
    large.destroy();
    device.createCommandEncoder().beginComputePass().dispatchWorkgroups(1);
    counter.reset();
    expect(counter.snapshot()).toEqual({ dispatches: 0, bytes: 10, peakBytes: 10 });
    device.createBuffer({ size: 5, usage });
    expect(counter.snapshot()).toEqual({ dispatches: 0, bytes: 15, peakBytes: 15 });
  });

  it("knows only what happens after it was put on, and leaves the rest of the device alone", () => {
    const { device } = fakeDevice();
    const earlier = device.createBuffer({ size: 8, usage });
    const counter = countDevice(device);
    earlier.destroy();
    expect(counter.snapshot()).toEqual({ dispatches: 0, bytes: 0, peakBytes: 0 });
    expect(device.label).toBe("fake");
  });
});
