import { defaultDevice, getWebGPUDevice, init } from "@jax-js/jax";
import { provideWebGpu } from "../src/cli/node-backend.ts";
import { adapterName, isSoftware } from "../src/gpu/device.ts";
import { JaxStep } from "./jax-step.ts";
import { LEARNING_RATE, WEIGHT_DECAY, type Peer, type PeerSettings } from "./peer.ts";

/** Starts jax-js on WebGPU; it has one device for the whole process, and is given the adapter that ours is given. */
export async function openJax(): Promise<{ adapter: string; device: GPUDevice }> {
  await provideWebGpu();
  const started = await init("webgpu");
  if (!started.includes("webgpu")) throw new Error("jax-js found no WebGPU.");
  defaultDevice("webgpu");
  const device = getWebGPUDevice();
  const { adapterInfo } = device;
  return { adapter: adapterName(adapterInfo) + (isSoftware(adapterInfo) ? " (software)" : ""), device };
}

/** jax-js on the device of `openJax`. It has no dropout whatever is asked for, and does less by that. */
export function jaxPeer({ shape, weights, plainAdam }: PeerSettings): Peer {
  const options = { learningRate: LEARNING_RATE, weightDecay: plainAdam ? 0 : WEIGHT_DECAY };
  const jax = new JaxStep(shape, weights, options, "webgpu");
  return {
    step: (rows) => jax.step(rows, Math.max(...rows.ids.map((row) => row.length))),
    dispose: () => jax.dispose(),
  };
}
