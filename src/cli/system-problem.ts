import { Problem } from "../problem/problem.ts";

const REASONS = new Map([
  ["ENOENT", "it does not exist"],
  ["EACCES", "permission was denied"],
  ["EPERM", "permission was denied"],
  ["EROFS", "the disk is read-only"],
  ["ENOTDIR", "a part of its path is a file, not a folder"],
  ["EISDIR", "it is a folder, not a file"],
  ["EEXIST", "it is a file, not a folder"],
  ["ENOTEMPTY", "it is not empty"],
  ["ENOSPC", "the disk is full"],
  ["EDQUOT", "the disk quota is used up"],
  ["EFBIG", "the file would be larger than allowed"],
  ["EIO", "the disk reported an error"],
  ["EMFILE", "too many files are open"],
  ["EPIPE", "the program that reads it has ended"],
  ["ELOOP", "its links lead in a circle"],
  ["ENAMETOOLONG", "its name is too long"],
]);

/** The system's reason for a refusal, as a clause. */
export function systemReason(error: unknown): string {
  return (isSystemError(error) && REASONS.get(error.code)) || "the system refused";
}

interface SystemError extends Error {
  code: string;
  path?: unknown;
}

export function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && "code" in error && typeof error.code === "string" && REASONS.has(error.code);
}

/** A refusal by the system as a Problem without a stack; other errors are returned as they are. */
export function asSystemProblem(error: unknown): unknown {
  if (!isSystemError(error)) return error;
  if (error.code === "EPIPE") {
    return new Problem({
      found: "The output is incomplete: the program that reads it has ended.",
      remedy: "Write it to a file, e.g. with > FILE, and read that.",
    });
  }
  const what = typeof error.path === "string" ? error.path : "A file";
  return new Problem({
    found: `${what} cannot be read or written: ${systemReason(error)}.`,
    remedy: "Check the path, its permissions and the free space.",
  });
}
