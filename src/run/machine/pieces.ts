import { Budget, type Clock } from "./budget.ts";

/** One thing that is measured, with a budget of its own. */
export interface Piece {
  name: string;
  /** For people, while it is measured: "waits for the GPU". */
  what: string;
  seconds: number;
  /** Resolves to plain JSON; parts that did not fit into the budget say so in their place. */
  measure: (budget: Budget) => Promise<unknown>;
}

/** What came of a piece: its result, the message of the error that ended it, or why it was not begun. */
export type PieceResult =
  { seconds: number; result: unknown } | { seconds: number; failed: string } | { notMeasured: string };

interface PiecesOptions {
  /** For all pieces together. */
  seconds: number;
  clock: Clock;
  /** Whether a person has ended the measurement. */
  stops: () => boolean;
  /** Rejects when nothing more can be measured, since the device is gone. */
  lost: Promise<never>;
  /** Called before each piece with the seconds of the budgets behind it and of all. */
  onPiece: (what: string, done: number, total: number) => void;
}

/**
 * Measures one piece after the other. A failure is recorded in its place and the next piece begins; after a lost device,
 * a stop, or the end of the time for all, the others say why they were not measured.
 */
export async function measurePieces(
  pieces: readonly Piece[],
  { seconds, clock, stops, lost, onPiece }: PiecesOptions,
): Promise<Record<string, PieceResult>> {
  const whole = new Budget(seconds, clock, stops);
  const total = pieces.reduce((sum, piece) => sum + piece.seconds, 0);
  const results: Record<string, PieceResult> = {};
  const loss: { message?: string } = {};
  const watched = lost.catch((error: unknown) => {
    loss.message = messageOf(error);
    throw error;
  });
  watched.catch(() => undefined);
  let done = 0;
  for (const { name, what, seconds: own, measure } of pieces) {
    if (loss.message !== undefined) results[name] = { notMeasured: `not measured: ${loss.message}` };
    else if (!whole.fits()) results[name] = { notMeasured: whole.reason };
    else {
      onPiece(what, done, total);
      const start = clock();
      const taken = () => Math.round(clock() - start) / 1000;
      try {
        const result = await Promise.race([measure(whole.part(own)), watched]);
        results[name] = { seconds: taken(), result };
      } catch (error) {
        results[name] = { seconds: taken(), failed: messageOf(error) };
      }
    }
    done += own;
  }
  onPiece("Done", total, total);
  return results;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
