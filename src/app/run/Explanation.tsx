import { NativeSelect } from "@mantine/core";
import { useEffect, useState, type CSSProperties } from "react";
import { attributionMethods, type Attribution, type AttributionMethod } from "../../insight/attribution.ts";
import { reportProblem, type ProblemReport } from "../../problem/problem.ts";
import type { Session } from "../../workers/session.ts";
import { figureText, percentText, wholeText } from "../figures.ts";
import { ProblemNote } from "../ProblemNote.tsx";
import { VirtualTable } from "./VirtualTable.tsx";
import styles from "./explanation.module.css";

/** A text whose prediction is explained, and by which weights. */
interface ExplainedQuestion {
  text: string;
  /** The second text of a pair, or null. */
  pair: string | null;
  weights: Parameters<Session["explain"]>[2];
}

interface ExplanationProps {
  session: Session;
  /** What answers: another object where other weights do. */
  model: object | null;
  question: ExplainedQuestion;
  /** Names of the outputs that can be explained. */
  labelNames: readonly string[];
}

const methodNames: Record<AttributionMethod, string> = {
  "integrated-gradients": "Integrated gradients",
  "gradient-input": "Gradient × input",
  "leave-one-out": "Leave one word out",
};

/** Choices of labels up to this number; of more the predicted one alone is explained. */
const MOST_LABELS = 200;

/** Which words of a text drove its prediction: the text with its words marked, and a table of them. */
export function Explanation({ session, model, question, labelNames }: ExplanationProps) {
  const [method, setMethod] = useState<AttributionMethod>("integrated-gradients");
  const [label, setLabel] = useState("");
  const own = labelNames.includes(label) ? label : "";
  const { found, stale, problem } = useExplanation(session, model, question, { method, label: own });
  return (
    <section aria-label="What drove the prediction" className={styles.explanation}>
      <div className={styles.controls}>
        <NativeSelect
          label="Method"
          data={attributionMethods.map((value) => ({ value, label: methodNames[value] }))}
          value={method}
          onChange={({ currentTarget: { value } }) =>
            setMethod(attributionMethods.find((name) => name === value) ?? "integrated-gradients")
          }
        />
        {labelNames.length > 1 && labelNames.length <= MOST_LABELS && (
          <NativeSelect
            label="Label"
            data={[{ value: "", label: "the predicted one" }, ...labelNames]}
            value={own}
            onChange={(event) => setLabel(event.currentTarget.value)}
          />
        )}
      </div>
      {problem && <ProblemNote problem={problem} />}
      {!found && !problem && <p role="status">Explaining.</p>}
      {found && <Found found={found} stale={stale} />}
    </section>
  );
}

function Found({ found, stale }: { found: Attribution; stale: boolean }) {
  const { texts } = found;
  const characters = texts.map((text) => Array.from(text));
  const wordOf = ({ of, start, end }: Attribution["words"][number]) => characters[of]?.slice(start, end).join("") ?? "";
  const largest = Math.max(...found.words.map(({ score }) => Math.abs(score)), 1e-12);
  const sorted = found.words.toSorted((a, b) => Math.abs(b.score) - Math.abs(a.score));
  const total = found.words.reduce((sum, { score }) => sum + Math.abs(score), 0);
  const asked = found.at && characters[0]?.slice(found.at.start, found.at.end).join("");
  return (
    <div style={{ opacity: stale ? 0.6 : 1 }}>
      <p role="note">
        A solid line marks words that speak for “{found.label}”{asked ? ` of the word “${asked}”` : ""}, a dashed line
        words that speak against it. {sumText(found)}
      </p>
      {texts.map((_, of) => (
        <p key={of} className={styles.text}>
          {pieces(
            characters[of] ?? [],
            found.words.filter((word) => word.of === of),
          ).map(({ start, text, score }) =>
            score === null ? (
              text
            ) : (
              <mark
                key={start}
                className={styles.word}
                data-against={score < 0}
                style={{ "--share": `${Math.round((28 * Math.abs(score)) / largest)}%` } as CSSProperties}
                title={signed(score)}
              >
                {text}
              </mark>
            ),
          )}
        </p>
      ))}
      <VirtualTable
        label="Contributions of the words"
        header={["Word", "Contribution", "Share"]}
        columns="minmax(0, 1fr) 110px 80px"
        rowCount={sorted.length}
        height={Math.min(260, 34 * (sorted.length + 1))}
        cellsOf={(row) => {
          const word = sorted[row];
          return word ? [wordOf(word), signed(word.score), percentText(Math.abs(word.score) / (total || 1), 0)] : [];
        }}
      />
    </div>
  );
}

function sumText({ method, sum, difference, output, baseline, steps, isComplete }: Attribution): string {
  if (method === "leave-one-out")
    return `The logit is ${figureText(output)}; each word shows what it loses without it.`;
  if (method === "gradient-input")
    return `The logit is ${figureText(output)}; the contributions need not add up to it.`;
  const points = `${wholeText(steps)} points`;
  const held = isComplete ? "" : `; the sum is off by more than 1\u202f% after ${points}`;
  return `From padding (logit ${figureText(baseline)}) to this text (${figureText(output)}) the difference is ${figureText(difference)}, and the contributions add up to ${figureText(sum)} (${points})${held}.`;
}

const signed = (score: number) => `${score < 0 ? "−" : "+"}${figureText(Math.abs(score))}`;

/** A text cut at its words; what lies between them has no score. */
function pieces(characters: readonly string[], words: Attribution["words"]) {
  const found: { start: number; text: string; score: number | null }[] = [];
  let at = 0;
  const push = (start: number, end: number, score: number | null) => {
    if (end > start) found.push({ start, text: characters.slice(start, end).join(""), score });
  };
  for (const { start, end, score } of words) {
    push(at, start, null);
    push(Math.max(at, start), end, score);
    at = Math.max(at, end);
  }
  push(at, characters.length, null);
  return found;
}

const pause = 400;

/** Explains a moment after the last change, and only the newest text; the last answer stays until the next is there. */
function useExplanation(
  session: Session,
  model: object | null,
  { text, pair, weights }: ExplainedQuestion,
  { method, label }: { method: AttributionMethod; label: string },
) {
  const [answer, setAnswer] = useState<{ key: string; model: object | null; found: Attribution } | null>(null);
  const [problem, setProblem] = useState<ProblemReport | null>(null);
  const key = JSON.stringify([text, pair, weights, method, label]);
  useEffect(() => {
    let wanted = true;
    const ask = async () => {
      try {
        const options = { method, ...(label !== "" && { label }) };
        const found = await session.explain(text, pair, weights, options);
        if (!wanted) return;
        setAnswer({ key, model, found });
        setProblem(null);
      } catch (error) {
        if (wanted) setProblem(reportProblem(error));
      }
    };
    const timer = setTimeout(() => void ask(), pause);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [session, model, text, pair, weights, method, label, key]);
  return { found: answer?.found ?? null, stale: answer?.key !== key || answer.model !== model, problem };
}
