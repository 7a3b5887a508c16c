import { expect } from "vitest";
import { Problem } from "../../src/problem/problem.ts";

/** The problem that the work must fail with, in whole sentences; only `expected` may be left out. */
export async function thrownBy(work: Promise<unknown>): Promise<Problem> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Problem)) return expect.fail(`no Problem was thrown but ${String(error)}`);
  for (const sentence of [error.found, error.remedy]) expect(sentence).toMatch(/^\S.*\.$/s);
  expect(error.expected).toMatch(/^(\S.*\.)?$/s);
  return error;
}
