import type { BackendChoice } from "../gpu/backend.ts";
import { Problem } from "../problem/problem.ts";

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
