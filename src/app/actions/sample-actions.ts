import type { FetchFile } from "../fetch-file.ts";
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
  { openTable, openModel, start }: DataActions & ModelActions & RunActions,
): SampleActions {
  const openSample = () => openTable((tell) => fetchFile("sample/sms-spam.csv", tell), "SMS Spam");

  const openStarter = () =>
    openModel(
      (tell) =>
        Promise.all(
          starterFiles.map(async (name) => {
            // The weights are 98 % of the bytes: their progress is the whole's.
            const file = await fetchFile(`starter/${name}`, name === "model.safetensors" ? tell : () => undefined);
            return new File([file], `${starterName}/${name}`);
          }),
        ),
      starterLicence,
    );

  return {
    useSample: openSample,
    useStarter: openStarter,
    async trySample() {
      const opened = await Promise.all([openSample(), openStarter()]);
      if (opened.every(Boolean)) await start();
    },
  };
}
