import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

interface Stopped {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

interface Watched {
  child: ChildProcess;
  /** Resolves when standard error has these words; rejects when the program ends before. */
  seen: (words: RegExp) => Promise<void>;
  ended: Promise<Stopped>;
}

/** Starts `node scripts/program.mjs …`, whose standard error can be waited for. */
export function watchProgram(options: readonly string[]): Watched {
  const child = spawn(process.execPath, ["scripts/program.mjs", ...options], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  const listeners = new Set<() => void>();
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    for (const listener of listeners) listener();
  });
  const ended = new Promise<Stopped>((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  const seen = (words: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (words.test(stderr)) resolve();
      };
      listeners.add(look);
      look();
      void ended.then(() => reject(new Error(`It ended without ${words.source}: ${stderr}`)));
    });
  return { child, seen, ended };
}
