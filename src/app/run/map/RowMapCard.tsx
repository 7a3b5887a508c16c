import { Button, NativeSelect, SegmentedControl } from "@mantine/core";
import { useCallback, useMemo, useRef, useState } from "react";
import { mapLines } from "../../../insight/map/map-lines.ts";
import type { MappedPart, RowMap } from "../../../insight/map/row-map.ts";
import { csvText } from "../../../io/csv-cells.ts";
import { counted } from "../../../recipe/wording.ts";
import type { Results, RowText } from "../../../workers/protocol.ts";
import type { Session } from "../../../workers/session.ts";
import { percentText, wholeText } from "../../figures.ts";
import { ProblemNote } from "../../ProblemNote.tsx";
import { ProgressLine } from "../../ProgressLine.tsx";
import { saveFile } from "../../save-file.ts";
import type { Selection } from "../../state.ts";
import { useActions, useApp } from "../../use-app.ts";
import charts from "../charts.module.css";
import { FormulaCheckbox } from "../FormulaCheckbox.tsx";
import { coloringName, coloringOf, colorings, type ColorBy } from "./coloring.ts";
import type { KeptMap } from "./kept-maps.ts";
import { Legend } from "./Legend.tsx";
import { MapButton } from "./MapButton.tsx";
import { MapCanvas, type MapTool } from "./MapCanvas.tsx";
import { mapPicture } from "./map-picture.ts";
import { MapRow } from "./MapRow.tsx";
import { MapTable } from "./MapTable.tsx";
import { maskOf } from "./mask.ts";
import { useRowMap } from "./use-row-map.ts";
import { rowsInView, type Size } from "./view.ts";
import styles from "./map.module.css";

const TITLE = "Map of the rows";

interface RowMapCardProps {
  session: Session;
  /** Those of all validation rows. */
  results: Results;
  /** The seed of the layout and of samples. */
  seed: number;
}

/** Rows by the model's vectors, computed when it is asked for. */
export function RowMapCard({ session, results, seed }: RowMapCardProps) {
  const [part, setPart] = useState<MappedPart>("validation");
  const { kept, progress, problem, compute, layOut, stop } = useRowMap(session, results, part, seed);
  const [method, setMethod] = useState<"pca" | "umap">("pca");
  const shown = method === "umap" && kept?.umap ? "umap" : "pca";
  return (
    <section className={charts.card} aria-label={TITLE}>
      <header className={charts.head}>
        <h3>{TITLE}</h3>
        <span className={charts.said} />
      </header>
      <div className={styles.choices}>
        <NativeSelect
          label="Rows"
          value={part}
          disabled={progress !== null}
          onChange={({ currentTarget: { value } }) => setPart(value === "train" ? "train" : "validation")}
          data={[
            { value: "validation", label: "Validation rows" },
            { value: "train", label: "Training rows" },
          ]}
        />
        {!kept && (
          <Button onClick={compute} disabled={progress !== null}>
            Map these rows
          </Button>
        )}
        {kept && (
          <SegmentedControl
            aria-label="Layout"
            value={shown}
            disabled={progress !== null}
            onChange={(value) => {
              setMethod(value === "umap" ? "umap" : "pca");
              if (value === "umap" && !kept.umap) layOut();
            }}
            data={[
              { value: "pca", label: "PCA" },
              { value: "umap", label: "UMAP" },
            ]}
          />
        )}
        {progress && (
          <Button variant="default" onClick={stop}>
            Cancel
          </Button>
        )}
      </div>
      {!kept && !progress && (
        <p className={styles.note}>
          Each row is a point; rows that the model takes for alike lie close. Of more than 20,000 rows a sample is
          shown.
        </p>
      )}
      {progress && <ProgressLine progress={progress} />}
      {problem && <ProblemNote problem={problem} />}
      {kept && <ShownMap key={part} session={session} results={results} part={part} kept={kept} method={shown} />}
    </section>
  );
}

interface ShownMapProps {
  session: Session;
  results: Results;
  part: MappedPart;
  kept: KeptMap;
  method: "pca" | "umap";
}

/** What the points show, their legend, and what can be done with them. */
function ShownMap({ session, results, part, kept, method }: ShownMapProps) {
  const { map } = kept;
  const layout = (method === "umap" ? kept.umap : null) ?? kept.pca;
  const [by, setBy] = useState<ColorBy>("label");
  const [tool, setTool] = useState<MapTool>("lasso");
  const [current, setCurrent] = useState<number | null>(null);
  const [table, setTable] = useState<RowText[] | null>(null);
  const [outcome, setOutcome] = useState("");
  const [neutralize, setNeutralize] = useState(false);
  const { selection, select } = useMapSelection(part, map);
  const canvas = useRef<HTMLCanvasElement>(null);
  const view = useRef<{ places: Float32Array; size: Size } | null>(null);
  const onPlaces = useCallback((places: Float32Array, size: Size) => void (view.current = { places, size }), []);
  const coloring = useMemo(() => coloringOf(map, by, results.labelNames), [map, by, results.labelNames]);
  const selected = useMemo(() => selection && maskOf(map.places, selection.rows), [map, selection]);
  const texts = () => session.rowTexts(part, [...map.places]);
  const about = aboutMap(map, part, method);
  const said = `${coloringName(by, map)}: ${coloring.groups.map(({ name, rows }) => `${name} ${wholeText(rows)}`).join(", ")}.`;

  const tried = async (what: string, work: () => Promise<void>) => {
    try {
      await work();
      setOutcome(what);
    } catch (error) {
      setOutcome(error instanceof Error ? error.message : String(error));
    }
  };
  const saveCsv = async () => {
    const rows = await texts();
    const lines = [...mapLines(map, layout)].map(([, ...cells], i) => [rows[i]?.tableRow ?? "", ...cells]);
    saveFile(
      "map.csv",
      csvText(["row", "x", "y", "label", "predicted", "correct", "loss"], lines, { neutralize }),
      "text/csv",
    );
  };
  const savePicture = async () => {
    if (canvas.current) saveFile("map.png", await mapPicture(canvas.current, TITLE, coloring.groups));
  };
  return (
    <>
      <div className={styles.choices}>
        <NativeSelect
          label="Colour by"
          value={by}
          onChange={({ currentTarget: { value } }) => setBy(colorings.find((one) => one === value) ?? "label")}
          data={colorings.map((value) => ({ value, label: coloringName(value, map) }))}
        />
        <SegmentedControl
          aria-label="A drag"
          value={tool}
          onChange={(value) => setTool(value === "move" ? "move" : "lasso")}
          data={[
            { value: "lasso", label: "Lasso" },
            { value: "move", label: "Move" },
          ]}
        />
        <Button
          variant="default"
          onClick={() => {
            if (view.current) select("on the map, in view", rowsInView(view.current.places, view.current.size));
          }}
        >
          Select rows in view
        </Button>
        <span className={charts.said} role="status">
          {outcome}
        </span>
        <div className={charts.actions}>
          <MapButton of={TITLE} name="Table" onClick={() => void tried("", async () => setTable(await texts()))} />
          <MapButton of={TITLE} name="Save CSV" onClick={() => void tried("Saved.", saveCsv)} />
          <MapButton of={TITLE} name="Save PNG" onClick={() => void tried("Saved.", savePicture)} />
        </div>
      </div>
      <Legend coloring={coloring} pressed={selection?.key ?? null} onPress={(said, rows) => select(said, rows, said)} />
      <MapCanvas
        label={`${TITLE}. ${about} ${said}`}
        layout={layout}
        coloring={coloring}
        selected={selected}
        current={current}
        tool={tool}
        onCurrent={setCurrent}
        onSelect={(rows) => select("drawn around on the map", rows)}
        canvas={canvas}
        onPlaces={onPlaces}
      />
      <MapRow session={session} part={part} map={map} row={current} />
      {part === "train" && selection && (
        <p className={styles.note} role="status">
          {counted(selection.rows.length, "training row")} selected: {selection.name}. Figures are of validation rows,
          so other panels show all.
        </p>
      )}
      <p className={styles.note}>{about}</p>
      <FormulaCheckbox checked={neutralize} onChange={setNeutralize} />
      {table && <MapTable title={TITLE} map={map} layout={layout} texts={table} onClose={() => setTable(null)} />}
    </>
  );
}

/** The page's selection where validation rows are mapped; of training rows one of the map's own. */
function useMapSelection(part: MappedPart, map: RowMap) {
  const { selectRows, clearSelection } = useActions();
  const ofPage = useApp((app) => app.selection);
  const [own, setOwn] = useState<Selection | null>(null);
  const isPage = part === "validation";
  const selection = isPage ? ofPage : own;
  /** @param rows places among the rows of the map; none clears the selection, and so does a second press of a key */
  const select = (name: string, rows: Int32Array, key?: string) => {
    const isSame = key !== undefined && selection?.source === "map" && selection.key === key;
    if (rows.length === 0 || isSame) return isPage ? clearSelection() : setOwn(null);
    const places = rows.map((row) => map.places[row] ?? 0);
    const next: Selection = { name, rows: places, source: "map", ...(key !== undefined && { key }) };
    return isPage ? selectRows(next) : setOwn(next);
  };
  return { selection, select };
}

/** What is to be known of a map, in sentences. */
function aboutMap({ places, of, explained }: RowMap, part: MappedPart, method: "pca" | "umap"): string {
  const which = `${wholeText(places.length)}${places.length < of ? ` of ${wholeText(of)}` : ""} ${part === "train" ? "training" : "validation"} rows`;
  const sampled = places.length < of && part === "train" ? ", a sample drawn by the seed" : "";
  const axes =
    method === "pca"
      ? `The two axes are the first principal components of the vectors, with ${percentText(explained[0])} and ${percentText(explained[1])} of their variance.`
      : "UMAP keeps neighbours together; sizes of groups and distances between them mean little.";
  return `${which}${sampled}. ${axes}`;
}
