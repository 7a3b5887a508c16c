// Loaded before a program (node --import …): writes its peak memory in bytes to standard error when it ends.
import { writeSync } from "node:fs";

process.on("exit", () => {
  writeSync(2, `\npeak memory: ${process.resourceUsage().maxRSS * 1024}\n`);
});
