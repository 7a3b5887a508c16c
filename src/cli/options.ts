import type { BackendChoice } from "../gpu/backend.ts";
import { Problem } from "../problem/problem.ts";

const MOST_THREADS = 256;

const BACKENDS = ["auto", "webgpu", "wasm", "cpu"] as const;

/** Checks the value of `--backend`. */
export function backendOption(value: string): BackendChoice {
  const backend = BACKENDS.find((name) => name === value);
  if (backend) return backend;
  throw new Problem({
    found: `--backend is “${value}”.`,
    expected: `It was expected to be one of ${BACKENDS.join(", ")}.`,
    remedy: "Correct the option or leave it out.",
  });
}

/** Checks the value of `--threads`. */
export function threadsOption(value: string): number {
  const threads = Number(value);
  if (Number.isInteger(threads) && threads >= 1 && threads <= MOST_THREADS) return threads;
  throw new Problem({
    found: `--threads is “${value}”.`,
    expected: `A whole number from 1 to ${MOST_THREADS} was expected.`,
    remedy: "Correct the option or leave it out.",
  });
}

/** The value of an option that must be there. */
export function required(value: string | undefined, name: string): string {
  if (value !== undefined) return value;
  throw new Problem({
    found: `${name} is missing.`,
    expected: "This command needs it.",
    remedy: "See --help.",
  });
}

/** Checks the value of `--steps`. */
export function stepsOption(value: string | undefined): number | undefined {
  return value === undefined ? undefined : countOption("--steps", value);
}

/** Checks the value of an option that counts something. */
export function countOption(name: string, value: string): number {
  const count = Number(value);
  if (Number.isInteger(count) && count > 0) return count;
  throw new Problem({
    found: `${name} is “${value}”.`,
    expected: "A whole number above 0 was expected.",
    remedy: "Correct the option or leave it out.",
  });
}

/** An error of node:util's parseArgs as a Problem; other errors are returned as they are. */
export function asOptionProblem(error: unknown): unknown {
  if (!(error instanceof TypeError) || !("code" in error)) return error;
  if (typeof error.code !== "string" || !error.code.startsWith("ERR_PARSE_ARGS")) return error;
  return new Problem({
    found: `${error.message.replace(/\.$/, "")}.`,
    remedy: "See --help.",
  });
}
