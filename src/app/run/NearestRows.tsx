import { Button } from "@mantine/core";
import { useState } from "react";
import { reportProblem, type ProblemReport } from "../../problem/problem.ts";
import type { NearRow, Progress } from "../../workers/protocol.ts";
import type { Session } from "../../workers/session.ts";
import { figureText } from "../figures.ts";
import { ProblemNote } from "../ProblemNote.tsx";
import { ProgressLine } from "../ProgressLine.tsx";
import styles from "./explanation.module.css";
import { joinedText } from "./use-row-texts.ts";
import { VirtualTable } from "./VirtualTable.tsx";

interface NearestRowsProps {
  session: Session;
  text: string;
  /** The second text of a pair, or null. */
  pair: string | null;
  weights: Parameters<Session["nearest"]>[2];
  /** What answers: another object where other weights do. */
  model: object | null;
}

const COUNT = 5;

/** The training rows that the model takes for most alike a text, on demand: of the first text all vectors are computed. */
export function NearestRows({ session, text, pair, weights, model }: NearestRowsProps) {
  const [answer, setAnswer] = useState<{ key: string; model: object | null; near: NearRow[] } | null>(null);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [problem, setProblem] = useState<ProblemReport | null>(null);
  const key = JSON.stringify([text, pair, weights]);
  const find = async () => {
    setProblem(null);
    setProgress({ what: "Looking for the nearest rows", done: 0, total: 0 });
    try {
      const near = await session.nearest(text, pair, weights, COUNT, setProgress);
      if (near) setAnswer({ key, model, near });
    } catch (error) {
      setProblem(reportProblem(error));
    }
    setProgress(null);
  };
  const near = answer?.key === key && answer.model === model ? answer.near : null;
  return (
    <section aria-label="Nearest training rows" className={styles.explanation}>
      {progress ? (
        <div className={styles.controls}>
          <ProgressLine progress={progress} />
          <Button variant="default" size="compact-sm" onClick={() => void session.stop().catch(() => undefined)}>
            Stop the search
          </Button>
        </div>
      ) : (
        !near && (
          <Button variant="default" size="compact-sm" onClick={() => void find()}>
            Find the nearest training rows
          </Button>
        )
      )}
      {problem && <ProblemNote problem={problem} />}
      {near && (
        <>
          <p role="note">The training rows that the model takes for most alike; similarity is the cosine, 1 at most.</p>
          <VirtualTable
            label="Nearest training rows"
            header={["Similarity", "Label", "Line", "Text"]}
            columns="86px minmax(70px, 130px) 52px minmax(200px, 1fr)"
            rowCount={near.length}
            height={Math.min(320, 60 + 46 * near.length)}
            cellsOf={(place) => {
              const row = near[place];
              if (!row) return [];
              return [figureText(row.similarity), row.labels.join(", ") || "–", String(row.line), joinedText(row)];
            }}
          />
        </>
      )}
    </section>
  );
}
