import type { Spread } from "../../metrics/spread.ts";
import type { MachineMeasurement } from "./measure-machine.ts";

/** A line of a summary for people. */
export interface SummaryLine {
  what: string;
  value: string;
}

const NOTHING = "not measured";

/** The few figures of a measurement by which machines are compared; what is missing says so. */
export function summaryOf({ adapter, pieces }: Pick<MachineMeasurement, "adapter" | "pieces">): SummaryLine[] {
  const at = (...path: string[]): unknown => {
    let value: unknown = pieces;
    for (const [i, key] of path.entries()) {
      if (i === 1) value = fieldOf(value, "result");
      value = fieldOf(value, key);
    }
    return value;
  };
  const [step = ""] = Object.keys((fieldOf(pieces.steps, "result") as object | undefined) ?? {});
  const equal = at("sameness", "equalBits");
  return [
    { what: "Adapter", value: adapterOf(adapter) },
    { what: "Products in registers", value: figure(at("peaks", "gflops"), "GFLOP/s") },
    { what: "Copy of memory", value: figure(at("peaks", "gbytes"), "GB/s") },
    { what: "Wait for an idle GPU", value: figure(medianOf(at("waits", "idleMs")), "ms") },
    { what: "Training step on the GPU", value: figure(medianOf(at("steps", step, "ms")), "ms") },
    { what: "The same step on the processor", value: figure(medianOf(at("processor", "ms")), "ms") },
    { what: "Equal steps give equal bits", value: typeof equal === "boolean" ? (equal ? "yes" : "no") : NOTHING },
  ];
}

function adapterOf({ description, vendor, architecture }: MachineMeasurement["adapter"]): string {
  return String(description || [vendor, architecture].filter(Boolean).join(" ") || "unnamed adapter");
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

const medianOf = (spread: unknown) => (spread as Partial<Spread> | undefined)?.median;

/** Three significant digits: "0.0712 ms", "12.3 GB/s", "7,034 GFLOP/s". */
function figure(value: unknown, unit: string): string {
  if (typeof value !== "number") return NOTHING;
  const digits = Math.abs(value) >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 };
  return `${value.toLocaleString("en", digits)} ${unit}`;
}
