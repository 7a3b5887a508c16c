import { describeEngine } from "./describe-engine.ts";
import { openFirefox } from "./firefox-engine.ts";

describeEngine("Firefox", openFirefox, { backend: /SIMD, \d+ threads?/, hasSharedMemory: true, hasPrivateFiles: true });
