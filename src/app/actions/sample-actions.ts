import { reportProblem } from "../../problem/problem.ts";
import type { FetchFile } from "../fetch-file.ts";
import { isActive } from "../state.ts";
import type { Get, Set } from "./change.ts";
import type { DataActions } from "./data-actions.ts";
import type { ModelActions } from "./model-actions.ts";
import type { RunActions } from "./run-actions.ts";

export interface SampleActions {
  /** Opens the SMS Spam Collection, which is shipped with the page; resolves to whether it is open. */
  useSample: () => Promise<boolean>;
  /** Opens the starter model, which is shipped with the page (45 MB); resolves to whether it is open. */
  useStarter: () => Promise<boolean>;
  /** Sample, starter model and Start at one press. */
  trySample: () => Promise<void>;
}

const starterFiles = [
  "config.json",
  "model.safetensors",
  "tokenizer.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "vocab.txt",
];

/** As a folder's name, which is where a checkpoint takes its own from. */
const starterName = "all-MiniLM-L6-v2";

const starterLicence = "all-MiniLM-L6-v2 by sentence-transformers, Apache License 2.0; weights stored as float16.";

export function sampleActions(
  fetchFile: FetchFile,
  set: Set,
  get: Get,
  { openTable, openModel, start }: DataActions & ModelActions & RunActions,
): SampleActions {
  const openSample = async () => {
    if (isActive(get().run.status)) return false;
    const patch = (busy: { what: string; done: number; total: number } | null) =>
      set(({ data }) => ({ data: { ...data, busy } }));
    try {
      patch({ what: "Fetching the sample", done: 0, total: 0 });
      const file = await fetchFile("sample/sms-spam.csv", (done, total) =>
        patch({ what: "Fetching the sample", done, total }),
      );
      return await openTable(file, "SMS Spam");
    } catch (error) {
      set(({ data }) => ({ data: { ...data, busy: null, problem: reportProblem(error) } }));
      return false;
    }
  };

  const openStarter = async () => {
    if (isActive(get().run.status)) return false;
    const tell = (done: number, total: number) =>
      set(({ model }) => ({ model: { ...model, busy: { what: "Fetching the starter model", done, total } } }));
    tell(0, 0);
    try {
      const files = await Promise.all(
        starterFiles.map(async (name) => {
          // The weights are 98 % of the bytes: their progress is the whole's.
          const file = await fetchFile(`starter/${name}`, name === "model.safetensors" ? tell : () => undefined);
          return new File([file], `${starterName}/${name}`);
        }),
      );
      return await openModel(files, starterLicence);
    } catch (error) {
      set(({ model }) => ({ model: { ...model, busy: null, problem: reportProblem(error) } }));
      return false;
    }
  };

  return {
    useSample: openSample,
    useStarter: openStarter,
    async trySample() {
      const opened = await Promise.all([openSample(), openStarter()]);
      if (opened.every(Boolean)) await start();
    },
  };
}
