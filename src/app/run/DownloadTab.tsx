import { Button, CopyButton, SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { reportProblem, type ProblemReport } from "../../problem/problem.ts";
import { defaultRecipe } from "../../recipe/recipe.ts";
import type { Progress as Amount } from "../../workers/protocol.ts";
import type { Session } from "../../workers/session.ts";
import { ProblemNote } from "../ProblemNote.tsx";
import { ProgressLine } from "../ProgressLine.tsx";
import { type Weights, taskOf } from "../run-outcome.ts";
import type { RunState } from "../state.ts";
import { runPanelsOf } from "../tasks/run-panels.ts";
import { bytes } from "../figures.ts";
import { eventsCsv, eventsJsonl, inOrder } from "./events-file.ts";
import { FormulaCheckbox } from "./FormulaCheckbox.tsx";
import { adapterSnippet, pythonSnippet } from "./python-snippet.ts";
import { saveFile } from "../save-file.ts";
import styles from "./panel.module.css";

interface DownloadTabProps {
  session: Session;
  run: RunState;
  weights: Weights;
  dataName: string;
  pair: boolean;
  /** Name of the checkpoint that was trained. */
  baseModel: string;
  /** Parameters of the model, for the size; 0 when unknown. */
  parameters: number;
  onSaved: () => void;
}

/** The trained model as a zip, how to load it, and the run's numbers as files. */
export function DownloadTab(props: DownloadTabProps) {
  const { session, run, weights, dataName, pair, baseModel, parameters, onSaved } = props;
  const [dtype, setDtype] = useState<"float32" | "float16">("float32");
  const [chosenForm, setForm] = useState<"merged" | "adapter">("merged");
  const hasAdapter = (run.recipe?.loraRank ?? 0) > 0;
  const isBaseline = weights === "baseline";
  const form = hasAdapter && !isBaseline ? chosenForm : "merged";
  const [neutralize, setNeutralize] = useState(false);
  const [amount, setAmount] = useState<Amount | null>(null);
  const [saved, setSaved] = useState<{ name: string; bytes: number } | null>(null);
  const [problem, setProblem] = useState<ProblemReport | null>(null);

  const download = async () => {
    setProblem(null);
    setSaved(null);
    setAmount({ what: "Writing the zip", done: 0, total: 0 });
    try {
      const { name, file } = await session.exportFolder({ weights, dtype, form, dataName, neutralize }, setAmount);
      saveFile(name, file);
      setSaved({ name, bytes: file.size });
      onSaved();
    } catch (error) {
      setProblem(reportProblem(error));
    }
    setAmount(null);
  };
  const report = async () => {
    setProblem(null);
    setSaved(null);
    setAmount({ what: "Writing the report", done: 0, total: 0 });
    try {
      const { name, file } = await session.report(weights, dataName);
      saveFile(name, file);
    } catch (error) {
      setProblem(reportProblem(error));
    }
    setAmount(null);
  };
  const events = () => [
    ...run.pretraining,
    ...(run.plan ? [run.plan] : []),
    ...(run.baseline ? [run.baseline] : []),
    ...inOrder(run.steps, run.evaluations, run.earlier),
    ...(run.best ? [run.best] : []),
    ...(run.end ? [run.end] : []),
  ];
  const folder = saved ? saved.name.replace(/[.]zip$/, "") : "the-unpacked-folder";
  const recipe = run.recipe ?? defaultRecipe;
  const reading = isBaseline ? { ...recipe, pooling: "mean" as const } : recipe;
  const facts = { folder, task: taskOf(run), pair, reading };
  const snippet = (short: boolean) =>
    form === "adapter"
      ? adapterSnippet({ ...facts, baseModel, labelNames: run.labelNames }, short)
      : pythonSnippet(facts);
  const saving = form === "adapter" ? (run.plan?.trainableParameters ?? 0) : parameters;
  const size = saving > 0 ? `, about ${bytes(saving * (dtype === "float32" ? 4 : 2))}` : "";

  return (
    <>
      <div className={styles.row}>
        {hasAdapter && !isBaseline && (
          <SegmentedControl
            aria-label="What to download"
            value={form}
            onChange={(value) => {
              setForm(value === "adapter" ? "adapter" : "merged");
              setSaved(null);
            }}
            data={[
              { value: "merged", label: "Merged weights" },
              { value: "adapter", label: "PEFT adapter" },
            ]}
          />
        )}
        <SegmentedControl
          aria-label="Number format of the weights"
          value={dtype}
          onChange={(value) => setDtype(value === "float16" ? "float16" : "float32")}
          data={[
            { value: "float32", label: "float32, exact" },
            { value: "float16", label: "float16, half the size" },
          ]}
        />
        <Button onClick={() => void download()} disabled={amount !== null}>
          Download the {form === "adapter" ? "adapter" : "model"}
          {size}
        </Button>
      </div>
      {isBaseline && (
        <p>
          The checkpoint’s encoder as it was, with the linear model as its {facts.task.head}. Transformers loads it as
          an encoder only; the model card has the lines that use the {facts.task.head} too.
        </p>
      )}
      <FormulaCheckbox checked={neutralize} onChange={setNeutralize} />
      <div style={{ minHeight: 44 }} role="status">
        {amount && <ProgressLine progress={amount} />}
        {saved && `${saved.name} (${bytes(saved.bytes)}) was saved to your downloads.`}
        {saved && form === "merged" && " Drop it onto this page to use it as a checkpoint."}
      </div>
      {problem && <ProblemNote problem={problem} onDismiss={() => setProblem(null)} />}
      <h3>In the zip</h3>
      <dl className={styles.contents}>
        {zipContents[isBaseline ? "baseline" : form].map(({ file, what }) => (
          <div key={file} style={{ display: "contents" }}>
            <dt>{file}</dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <h3>Load it in Python</h3>
      <pre className={styles.snippet} tabIndex={0} aria-label="Python code">
        {snippet(true)}
      </pre>
      <CopyButton value={snippet(false)}>
        {({ copied, copy }) => (
          <Button variant="default" size="compact-sm" mt="xs" onClick={copy}>
            {copied ? "Copied" : "Copy the code"}
          </Button>
        )}
      </CopyButton>
      <h3>A report for colleagues</h3>
      <p>
        One HTML file with data, recipe, figures with intervals, curves, slices and errors; no script, nothing is
        loaded. It holds texts of the data.
      </p>
      <Button variant="default" disabled={amount !== null} onClick={() => void report()}>
        Save the report
      </Button>
      <h3>The run’s numbers</h3>
      <div className={styles.row}>
        <Button variant="default" onClick={() => saveFile("metrics.jsonl", eventsJsonl(events()))}>
          metrics.jsonl
        </Button>
        <Button
          variant="default"
          onClick={() =>
            saveFile(
              "metrics.csv",
              eventsCsv(run.steps, run.evaluations, run.labelNames, run.earlier, taskOf(run)),
              "text/csv",
            )
          }
        >
          metrics.csv
        </Button>
        {runPanelsOf(taskOf(run)).files.map(({ name, csv }) => (
          <Button
            key={name}
            variant="default"
            onClick={() =>
              saveFile(name, [...csv(run.evaluations, run.labelNames, { neutralize })].join(""), "text/csv")
            }
          >
            {name}
          </Button>
        ))}
      </div>
    </>
  );
}

const config = { file: "config.json", what: "the model’s shape, its task and the names of what it predicts" };

const whole = [{ file: "model.safetensors", what: "the trained weights under Hugging Face’s names" }, config];

const ofBaseline = [
  { file: "model.safetensors", what: "the checkpoint’s weights and the linear model under Hugging Face’s names" },
  config,
];

const adapter = [
  { file: "adapter_model.safetensors", what: "LoRA’s matrices and the head under PEFT’s names" },
  { file: "adapter_config.json", what: "the rank, the targets and the checkpoint they belong to" },
];

const both = [
  { file: "tokenizer.json", what: "the tokenizer, with the files that came beside it" },
  { file: "README.md", what: "a model card: data, recipe, results" },
  { file: "recipe.json", what: "the recipe, to load here again" },
  { file: "metrics.jsonl", what: "every step and every evaluation" },
  { file: "predictions.csv", what: "every validation row with its prediction" },
];

/** The files of the downloaded zip, and what each is for. */
const zipContents = { merged: [...whole, ...both], baseline: [...ofBaseline, ...both], adapter: [...adapter, ...both] };
