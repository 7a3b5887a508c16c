/** Counts of a device's work since the last reset. */
interface DeviceCounts {
  /** Calls of dispatchWorkgroups and dispatchWorkgroupsIndirect. */
  dispatches: number;
  /** Bytes of all buffers created and not destroyed, whatever their use: weights, pools, staging, uniforms. */
  bytes: number;
  /** Most that `bytes` has been. */
  peakBytes: number;
}

export interface DeviceCounter {
  /** Starts a new count: no dispatches, and a peak of what is held now. */
  reset(): void;
  snapshot(): DeviceCounts;
}

/**
 * Counts what is recorded on a device and what it holds, from now on, by replacing methods of the device itself: who
 * is given the device before or after cannot tell, so that every peer is counted alike. Buffers that are dropped
 * without `destroy()` count as held, as they are until some garbage collection.
 */
export function countDevice(device: GPUDevice): DeviceCounter {
  let dispatches = 0;
  let bytes = 0;
  let peakBytes = 0;

  const createBuffer = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const buffer = createBuffer(descriptor);
    const destroy = buffer.destroy.bind(buffer);
    let held = true;
    buffer.destroy = () => {
      if (held) bytes -= descriptor.size;
      held = false;
      return destroy();
    };
    bytes += descriptor.size;
    peakBytes = Math.max(peakBytes, bytes);
    return buffer;
  };

  const createCommandEncoder = device.createCommandEncoder.bind(device);
  device.createCommandEncoder = (descriptor) => {
    const encoder = createCommandEncoder(descriptor);
    const beginComputePass = encoder.beginComputePass.bind(encoder);
    encoder.beginComputePass = (passDescriptor) => {
      const pass = beginComputePass(passDescriptor);
      const dispatch = pass.dispatchWorkgroups.bind(pass);
      pass.dispatchWorkgroups = (x, y, z) => {
        dispatches++;
        return dispatch(x, y, z);
      };
      const dispatchIndirect = pass.dispatchWorkgroupsIndirect.bind(pass);
      pass.dispatchWorkgroupsIndirect = (buffer, offset) => {
        dispatches++;
        return dispatchIndirect(buffer, offset);
      };
      return pass;
    };
    return encoder;
  };

  return {
    reset() {
      dispatches = 0;
      peakBytes = bytes;
    },
    snapshot: () => ({ dispatches, bytes, peakBytes }),
  };
}
