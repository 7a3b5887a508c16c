import { describeEngine } from "./describe-engine.ts";
import { openWebKit } from "./webkit-engine.ts";

// It is isolated and yet has no SharedArrayBuffer, so it has no threads.
describeEngine("WebKitGTK", openWebKit, {
  backend: /SIMD, 1 thread\b/,
  hasSharedMemory: false,
  hasPrivateFiles: false,
});
