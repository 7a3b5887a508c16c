import { createAppStore } from "../../src/app/store.ts";
import { Problem } from "../../src/problem/problem.ts";
import { fakeSession } from "./fake-session.ts";

export const csv = (name: string) => new File(["label,text\nham,hello"], name);
export const refusal = new Problem({ found: "Bad.", expected: "Good.", remedy: "Mend." });

/** The store over a session whose answers are fixed. */
export function setUp(answers: Parameters<typeof fakeSession>[0] = {}) {
  const session = fakeSession(answers);
  const store = createAppStore(session, async (path, tell) => {
    tell(1, 2);
    return csv(path.split("/").at(-1) ?? "");
  });
  const names = () => session.calls.map(([name]) => name);
  return { session, store, names, actions: store.getState().actions, state: store.getState };
}
