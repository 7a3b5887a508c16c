import { EncodedJobs } from "../../../src/workers/encoded-jobs.ts";
import type { EncodedRows } from "../../../src/data/rows.ts";
import type { Call } from "../../../src/workers/protocol.ts";
import { serve } from "../../../src/workers/request.ts";

/** Stands where the training worker stands: receives the ids, puts them together and holds them. */
export interface IdsCalls {
  connect: Call<{ ports: MessagePort[] }, null>;
  /** When the first ids were there, in milliseconds since 1970; bytes of all typed arrays. */
  hold: Call<{ job: string }, { first: number; tokens: number; bytes: number }>;
}

const jobs = new EncodedJobs();
let first = Infinity;
const held: EncodedRows[] = [];

function sinceEpoch(): number {
  return performance.timeOrigin + performance.now();
}

serve<IdsCalls>(self, {
  connect({ ports }) {
    for (const port of ports) {
      jobs.addPort(port);
      port.addEventListener("message", () => (first = Math.min(first, sinceEpoch())));
    }
    return null;
  },
  async hold({ job }) {
    const rows = await jobs.job(job);
    held.push(rows);
    const bytes = [rows.ids, rows.types, rows.rowStart, rows.fullLengths].reduce((sum, a) => sum + a.byteLength, 0);
    return { first, tokens: rows.ids.length, bytes };
  },
});
