/**
 * An error a person can act on: what was found, what was expected (where that is not obvious), what to do.
 * Every folder throws this for bad input; anything else that is thrown is a defect of the program.
 */
export class Problem extends Error {
  readonly found: string;
  /** "" where it is obvious. */
  readonly expected: string;
  readonly remedy: string;
  /** Technical detail to unfold and to copy, or "". */
  readonly details: string;

  constructor(problem: { found: string; expected?: string; remedy: string; details?: string }) {
    super([problem.found, problem.expected, problem.remedy].filter(Boolean).join(" "));
    this.name = "Problem";
    this.found = problem.found;
    this.expected = problem.expected ?? "";
    this.remedy = problem.remedy;
    this.details = problem.details ?? "";
  }
}

/** The plain form of a problem, which can be posted between threads. */
export interface ProblemReport {
  found: string;
  expected: string;
  remedy: string;
  details: string;
}

/** Turns whatever was thrown into a report; a defect keeps its stack in `details`, never in the sentences. */
export function reportProblem(error: unknown): ProblemReport {
  if (error instanceof Problem) {
    return { found: error.found, expected: error.expected, remedy: error.remedy, details: error.details };
  }
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    found: `Unexpected error: ${error instanceof Error ? error.message : String(error)}.`,
    expected: "",
    remedy: "Try again; if it fails again, copy the details into a bug report.",
    details,
  };
}
