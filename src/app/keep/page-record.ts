import type { BackendChoice } from "../../workers/protocol.ts";
import type { AppState, Snapshot, TableSource } from "../state.ts";

/** A table as a record has it: its files are places in a list. */
interface SourceRecord extends Omit<TableSource, "file" | "beside"> {
  file: number;
  beside: number[];
}

/** What the page needs to open the data and the model of a run again, beside the files. */
interface PageRecord extends Pick<Snapshot, "recipe" | "columns" | "cleaning" | "edits"> {
  version: 1;
  train: SourceRecord | null;
  validation: SourceRecord | null;
  test: SourceRecord | null;
  earlier: { source: SourceRecord; kind: "rows" | "texts"; columns: Snapshot["columns"] } | null;
  model: { files: number[]; licence: string; name: string };
  textFile: number | null;
  backend: BackendChoice;
  minutes: number;
}

/** The data and the model of a run that is opened again. */
interface OpenedPage {
  snapshot: Snapshot;
  model: { files: File[]; licence: string };
  textFile: File | null;
  backend: BackendChoice;
  minutes: number;
}

type Kept = Pick<AppState, "recipe" | "data" | "earlier" | "model" | "textFile" | "backend" | "keep">;

/** The record of what a run is about to train on, as text, and the files that it names. */
export function recordPage({ recipe, data, earlier, model, textFile, backend, keep }: Kept) {
  const files: File[] = [];
  const placeOf = (file: File) => files.push(file) - 1;
  const sourceOf = (source: TableSource | null): SourceRecord | null =>
    source && { ...source, file: placeOf(source.file), beside: source.beside.map(placeOf) };
  const { choice } = earlier;
  const record: PageRecord = {
    version: 1,
    recipe,
    columns: data.columns,
    cleaning: data.cleaning,
    edits: data.edits,
    train: sourceOf(data.train),
    validation: sourceOf(data.validation),
    test: sourceOf(data.test),
    earlier: choice && { ...choice, source: sourceOf(choice.source) as SourceRecord },
    model: {
      files: (model.source?.files ?? []).map(placeOf),
      licence: model.source?.licence ?? "",
      name: model.summary?.name ?? "",
    },
    textFile: textFile.file && placeOf(textFile.file),
    backend: backend.choice,
    minutes: keep.minutes,
  };
  return { page: JSON.stringify(record), files };
}

/** Names for people, e.g. "messages.csv · all-MiniLM-L6-v2"; null where the record is of another version. */
export function titleOfPage(page: string): string | null {
  const record = parsed(page);
  return record && [record.train?.name, record.model.name].filter(Boolean).join(" · ");
}

/** The page that was recorded, with its files; null where the record is of another version. */
export function openPage(page: string, files: readonly File[]): OpenedPage | null {
  const record = parsed(page);
  if (!record) return null;
  const fileAt = (place: number): File => {
    const file = files[place];
    if (!file) throw new RangeError(`The record names file ${place} of ${files.length}.`);
    return file;
  };
  const sourceOf = (source: SourceRecord): TableSource => ({
    ...source,
    file: fileAt(source.file),
    beside: source.beside.map(fileAt),
  });
  const { recipe, columns, cleaning, edits, train, validation, test, earlier, model, textFile } = record;
  return {
    snapshot: {
      ...{ recipe, columns, cleaning, edits },
      train: train && sourceOf(train),
      validation: validation && sourceOf(validation),
      test: test && sourceOf(test),
      earlier: earlier && { ...earlier, source: sourceOf(earlier.source) },
    },
    model: { files: model.files.map(fileAt), licence: model.licence },
    textFile: textFile === null ? null : fileAt(textFile),
    backend: record.backend,
    minutes: record.minutes,
  };
}

function parsed(page: string): PageRecord | null {
  const record = JSON.parse(page) as PageRecord;
  return record.version === 1 ? record : null;
}
