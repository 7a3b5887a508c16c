import { startFrameMeter } from "../../../src/app/frame-meter.ts";
import { ANSWER_PATH, type GpuAnswer } from "./messages.ts";

const meter = startFrameMeter();
const status = document.querySelector("[role=status]");

function startThread(start: unknown): void {
  const thread = new Worker(new URL("../../../src/ops/wasm-thread.worker.ts", import.meta.url), { type: "module" });
  thread.postMessage(start);
}

function show(answer: Exclude<GpuAnswer, { start: unknown }>): string {
  if ("result" in answer) return "Done. The result is in the terminal; this tab can be closed.";
  if ("error" in answer) return answer.error;
  return `${answer.what}: ${Math.round((100 * answer.done) / answer.total)} %`;
}

function answered(answer: Exclude<GpuAnswer, { start: unknown }>): void {
  if (status) status.textContent = show(answer);
  void fetch(ANSWER_PATH, { method: "POST", body: JSON.stringify(answer) });
}

const worker = new Worker(new URL("./gpu.worker.ts", import.meta.url), { type: "module" });
worker.onmessage = ({ data }: MessageEvent<GpuAnswer>) => {
  if ("start" in data) startThread(data.start);
  else if ("result" in data) answered({ result: { ...data.result, frames: meter.stop() } });
  else {
    if ("what" in data) meter.part(data.what);
    answered(data);
  }
};
worker.onerror = ({ message }) => answered({ error: message || "The worker could not be loaded." });
