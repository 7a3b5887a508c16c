// Loaded before a program (node --import …) by a study: adds a line to the file PROCESSOR_TIME when the process ends, the
// seconds of processor time that it took. Unlike the clock's time they say what a run costs on a machine that is shared.
import { appendFileSync } from "node:fs";

process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  if (process.env.PROCESSOR_TIME) appendFileSync(process.env.PROCESSOR_TIME, `${(user + system) / 1e6}\n`);
});
