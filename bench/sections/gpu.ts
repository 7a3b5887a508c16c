import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { text } from "node:stream/consumers";
import { chromium } from "playwright";
import { build, preview } from "vite";
import { chromiumLaunchOptions } from "../../scripts/machine/browsers.mjs";
import { mostThreads, nodeBackendOptions, startNodeBackend } from "../../src/cli/node-backend.ts";
import { onWasm } from "../../src/gpu/backend.ts";
import { runningGpu } from "../../src/gpu/running.ts";
import { startThreads } from "../../src/ops/wasm-kernels.ts";
import { measureMachine, type MachineMeasurement } from "../../src/run/machine/measure-machine.ts";
import { summaryOf } from "../../src/run/machine/summary.ts";
import { ANSWER_PATH, type GpuAnswer } from "../pages/gpu/messages.ts";
import { table } from "../runner/tables.ts";
import type { BenchOptions } from "../runner/section.ts";

const CONFIG = "bench/pages/gpu/vite.config.ts";

/**
 * Measures this machine's GPU, piece by piece, each with a budget of its own: at most 20 minutes on any adapter.
 *
 * @param log takes a line of progress
 * @param where in this process (Dawn), in Chromium, or in whatever browser opens the address that is logged
 */
export function benchGpu(log: (line: string) => void, where: BenchOptions["where"]): Promise<MachineMeasurement> {
  return where === "node" ? measureInNode(log) : measureOnPage(log, where);
}

async function measureInNode(log: (line: string) => void): Promise<MachineMeasurement> {
  await startNodeBackend("webgpu");
  const { version } = JSON.parse(readFileSync("node_modules/webgpu/package.json", "utf8")) as { version: string };
  return measureMachine(runningGpu(), {
    extent: "whole",
    browser: `Node ${process.versions.node}, Dawn (webgpu ${version})`,
    cores: availableParallelism(),
    onProcessor: (work) =>
      onWasm(nodeBackendOptions(mostThreads()), async (processor) => {
        await startThreads();
        return work(processor);
      }),
    onPiece: (what, done, total) => log(progressLine(what, done, total)),
  });
}

const progressLine = (what: string, done: number, total: number) => `${what} (${done} of ${total} s)`;

/** Serves the page that measures, and waits for what it posts. */
async function measureOnPage(log: (line: string) => void, where: "chromium" | "browser"): Promise<MachineMeasurement> {
  await build({ configFile: CONFIG, logLevel: "error" });
  let settle: (answer: { result: MachineMeasurement } | { error: string }) => void = () => undefined;
  const settled = new Promise<{ result: MachineMeasurement } | { error: string }>((resolve) => (settle = resolve));
  const server = await preview({
    configFile: CONFIG,
    logLevel: "error",
    preview: { port: 0 },
    plugins: [
      {
        name: "tabtune-bench-answers",
        configurePreviewServer({ middlewares }) {
          middlewares.use(ANSWER_PATH, (request, response) => {
            void text(request).then((body) => {
              const answer = JSON.parse(body) as GpuAnswer;
              if ("what" in answer) log(progressLine(answer.what, answer.done, answer.total));
              else if (!("start" in answer)) settle(answer);
              response.end();
            });
          });
        },
      },
    ],
  });
  const address = server.resolvedUrls?.local[0];
  if (!address) throw new Error("The preview server has no address.");
  const browser = where === "chromium" ? await chromium.launch(chromiumLaunchOptions()) : null;
  try {
    if (browser) await (await browser.newPage()).goto(address);
    else log(`Open ${address} in the browser to measure, and leave its tab in front.`);
    const answer = await settled;
    if ("error" in answer) throw new Error(answer.error);
    return answer.result;
  } finally {
    await browser?.close();
    await server.close();
  }
}

/** The section's part of RESULTS.md. */
export function gpuPage(measurement: MachineMeasurement): string {
  return [
    "## What this adapter can do",
    `${measurement.browser}; ${measurement.seconds} s. docs/machines.md has those of other machines, and bench/results.json all pieces.`,
    table(
      ["", ""],
      summaryOf(measurement).map(({ what, value }) => [what, value]),
    ),
  ].join("\n\n");
}
