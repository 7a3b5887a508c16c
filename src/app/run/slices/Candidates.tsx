import { Button } from "@mantine/core";
import { useState } from "react";
import type { SliceCandidates } from "../../../insight/slices.ts";
import { reportProblem, type ProblemReport } from "../../../problem/problem.ts";
import { sliceKey } from "../../actions/selection-actions.ts";
import { figureText, percentText, wholeText } from "../../figures.ts";
import { ProblemNote } from "../../ProblemNote.tsx";
import type { NamedSlice } from "../../state.ts";
import { VirtualTable } from "../VirtualTable.tsx";

interface CandidatesProps {
  /** The rows that they are of: what was found of others is not shown. */
  of: object;
  find: () => Promise<SliceCandidates>;
  kept: readonly NamedSlice[];
  onKeep: (slice: NamedSlice) => void;
}

/** Words and values that wrong rows have more often than chance explains, on demand; each becomes a slice by a press. */
export function Candidates({ of, find, kept, onKeep }: CandidatesProps) {
  const [answer, setAnswer] = useState<{ of: object; found: SliceCandidates } | null>(null);
  const [problem, setProblem] = useState<ProblemReport | null>(null);
  const [busy, setBusy] = useState(false);
  const look = async () => {
    setBusy(true);
    setProblem(null);
    try {
      setAnswer({ of, found: await find() });
    } catch (error) {
      setProblem(reportProblem(error));
    }
    setBusy(false);
  };
  const found = answer?.of === of ? answer.found : null;
  const keys = new Set(kept.map(({ query }) => sliceKey(query)));
  return (
    <>
      <div>
        <Button variant="default" size="compact-sm" loading={busy} onClick={() => void look()}>
          Find what errors have in common
        </Button>
      </div>
      {problem && <ProblemNote problem={problem} />}
      {found && (
        <p role="status">
          {found.candidates.length === 0
            ? `None of ${wholeText(found.tested)} words and values is more frequent among wrong rows than chance explains.`
            : `Of ${wholeText(found.tested)} words and values these are more frequent among wrong rows than chance explains. p is corrected for their number: confirm a slice on other rows.`}
        </p>
      )}
      {found && found.candidates.length > 0 && (
        <VirtualTable
          label="What errors have in common"
          header={["Slice", "Rows", "Wrong", "Of its rows", "p, corrected", "Keep"]}
          columns="minmax(150px, 1fr) 60px 60px 90px 100px 100px"
          rowCount={found.candidates.length}
          height={Math.min(320, 40 + 40 * found.candidates.length)}
          cellsOf={(place) => {
            const candidate = found.candidates[place];
            if (!candidate) return [];
            const { name, query, rows, wrong, corrected } = candidate;
            const isKept = keys.has(sliceKey(query));
            return [
              name,
              wholeText(rows),
              wholeText(wrong),
              percentText(wrong / rows),
              corrected < 1e-4 ? corrected.toExponential(1) : figureText(corrected),
              <Button
                key="keep"
                variant="default"
                size="compact-xs"
                disabled={isKept}
                aria-label={isKept ? `Kept: ${name}` : `Keep: ${name}`}
                onClick={() => onKeep({ name, query })}
              >
                {isKept ? "Kept" : "Keep"}
              </Button>,
            ];
          }}
        />
      )}
    </>
  );
}
