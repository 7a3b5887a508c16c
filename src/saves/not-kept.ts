import { Problem } from "../problem/problem.ts";

/**
 * The problem that something could not be written.
 *
 * @param what as a subject, e.g. "The run"
 * @param bytes what it takes
 */
export function notKept(what: string, { where, bytes }: { where: string; bytes: number }, error: unknown): Problem {
  const reason = error instanceof Error ? error.message : String(error);
  const megabytes = `${(bytes / 1e6).toFixed(1)} MB`;
  return new Problem({
    found: `${what} could not be saved in ${where}: ${isFull(error) ? `there is no room left for ${megabytes}` : reason}.`,
    expected: "What was saved before is as it was.",
    remedy: isFull(error)
      ? "Remove runs that were kept, or other files, until there is room."
      : "Check that this place can be written.",
    details: error instanceof Error ? (error.stack ?? reason) : reason,
  });
}

/** Whether a disk or the browser's share of it is full. */
function isFull(error: unknown): boolean {
  const { name, code } = Object(error) as { name?: unknown; code?: unknown };
  return name === "QuotaExceededError" || code === "ENOSPC" || code === "EDQUOT";
}
