import { Problem } from "../../problem/problem.ts";
import type { DataActions } from "./data-actions.ts";
import type { ModelActions } from "./model-actions.ts";
import type { RecipeActions } from "./recipe-actions.ts";
import type { RunActions } from "./run-actions.ts";

export interface SampleActions {
  /** Opens the SMS Spam Collection, which is shipped with the page; resolves to whether it is open. */
  useSample: () => Promise<boolean>;
  /** Opens the starter model, which is shipped with the page (45 MB); resolves to whether it is open. */
  useStarter: () => Promise<boolean>;
  /** Opens sample and starter model, and starts. */
  trySample: () => Promise<void>;
}

const starterFiles = [
  "config.json",
  "model.safetensors",
  "tokenizer.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
];

/** Used as the name of a folder, from which a checkpoint gets its name. */
const starterName = "all-MiniLM-L6-v2";

const SAMPLE_MINUTES = 2.5;

const starterLicence = "all-MiniLM-L6-v2 by sentence-transformers, Apache License 2.0; weights stored as float16.";

export function sampleActions(
  fetchFile: FetchFile,
  {
    openTable,
    openModel,
    setRecipe,
    start,
  }: DataActions & ModelActions & RunActions & Pick<RecipeActions, "setRecipe">,
): SampleActions {
  const openSample = () => openTable((report) => fetchFile("sample/sms-spam.csv", report), "SMS Spam");

  const openStarter = () =>
    openModel(
      (report) =>
        Promise.all(
          starterFiles.map(async (name) => {
            // The weights are 98 % of the bytes: their progress stands for the whole.
            const file = await fetchFile(`starter/${name}`, name === "model.safetensors" ? report : () => undefined);
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
      if (!opened.every(Boolean)) return;
      // A first model within three minutes on any processor; on a GPU the epochs end before.
      await setRecipe({ effort: "time", timeBudget: SAMPLE_MINUTES });
      await start();
    },
  };
}

/**
 * Fetches a file that is shipped with the page; `onBytes` receives the number of bytes so far and in total (0:
 * unknown).
 */
export type FetchFile = (path: string, onBytes: (done: number, total: number) => void) => Promise<File>;

/**
 * @param path path relative to the page's own address, e.g. "sample/sms-spam.csv"
 * @throws {Problem} when the server does not deliver it
 */
export async function fetchFile(path: string, onBytes: (done: number, total: number) => void): Promise<File> {
  const address = `${import.meta.env.BASE_URL}${path}`;
  const response = await fetch(address).catch((error: unknown) => {
    throw notFetched(path, error instanceof Error ? error.message : String(error));
  });
  if (!response.ok || !response.body) throw notFetched(path, `HTTP ${response.status} for ${address}`);
  const total = Number(response.headers.get("content-length") ?? 0);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let done = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done: ended, value } = await reader.read();
    if (ended) break;
    parts.push(value);
    done += value.byteLength;
    onBytes(done, total);
  }
  return new File(parts, path.split("/").at(-1) ?? path);
}

function notFetched(path: string, details: string): Problem {
  return new Problem({
    found: `The file ${path} could not be fetched from this page's server.`,
    expected: "It is shipped with the page.",
    remedy: "Check the connection and try again, or choose files of your own.",
    details,
  });
}
