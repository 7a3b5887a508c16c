import { SegmentedControl } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { drawnRows, regionNames } from "../../../insight/data-map.ts";
import { type DataMap, regionCounts } from "../../../insight/data-map-lines.ts";
import { reportProblem, type ProblemReport } from "../../../problem/problem.ts";
import { counted } from "../../../recipe/wording.ts";
import type { Session } from "../../../workers/session.ts";
import { wholeText } from "../../figures.ts";
import { HandbookLink } from "../../HandbookLink.tsx";
import { ProblemNote } from "../../ProblemNote.tsx";
import { saveFile } from "../../save-file.ts";
import charts from "../charts.module.css";
import { FormulaCheckbox } from "../FormulaCheckbox.tsx";
import { Legend } from "../map/Legend.tsx";
import styles from "../map/map.module.css";
import { MapButton } from "../map/MapButton.tsx";
import { MapCanvas, type MapTool } from "../map/MapCanvas.tsx";
import { mapPicture } from "../map/map-picture.ts";
import { maskOf } from "../map/mask.ts";
import { DataMapList } from "./DataMapList.tsx";
import { DataMapRow } from "./DataMapRow.tsx";
import { drawnMap, regionColoring } from "./layout.ts";

const TITLE = "Data map";
/** Points that are drawn at most. */
const MOST_DRAWN = 20_000;
/** Width of the plot by its height, on a wide screen and on a narrow one. */
const RATIO = { wide: 1.6, narrow: 0.75 };

interface DataMapCardProps {
  session: Session;
  /** What the map belongs to: it is asked again for another. */
  run: object;
}

/** How the model took up the training rows over the epochs: easy, ambiguous and hard ones. */
export function DataMapCard({ session, run }: DataMapCardProps) {
  const { map, problem } = useDataMap(session, run);
  return (
    <section className={charts.card} aria-label={TITLE}>
      <header className={charts.head}>
        <h3>{TITLE}</h3>
        <span className={charts.said} />
      </header>
      {problem && <ProblemNote problem={problem} />}
      {!problem && map === undefined && <p role="status">Reading the data map.</p>}
      {map === null && <p>There is no data map: it needs at least 2 complete epochs.</p>}
      {map && <ShownDataMap session={session} map={map} />}
    </section>
  );
}

/** Rows that are looked at alone: a region, or some that were drawn around. */
interface Chosen {
  /** In words. */
  name: string;
  /** The region that was pressed. */
  region: string | null;
  /** Places among the training rows, ascending. */
  rows: Int32Array;
}

function ShownDataMap({ session, map }: { session: Session; map: DataMap }) {
  const isNarrow = useMediaQuery("(max-width: 40em)") ?? false;
  const drawn = useMemo(() => drawnRows(map, MOST_DRAWN), [map]);
  const counts = useMemo(() => regionCounts(map), [map]);
  const { layout, axes } = useMemo(
    () => drawnMap(map, drawn, isNarrow ? RATIO.narrow : RATIO.wide),
    [map, drawn, isNarrow],
  );
  const coloring = useMemo(() => regionColoring(map, drawn, counts), [map, drawn, counts]);
  const [tool, setTool] = useState<MapTool>("lasso");
  const [current, setCurrent] = useState<number | null>(null);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [outcome, setOutcome] = useState("");
  const [neutralize, setNeutralize] = useState(false);
  const canvas = useRef<HTMLCanvasElement>(null);
  const selected = useMemo(() => chosen && maskOf(drawn, chosen.rows), [drawn, chosen]);
  const listed = useMemo(() => {
    if (!chosen) return map.order;
    const among = new Set(chosen.rows);
    return map.order.filter((row) => among.has(row));
  }, [map, chosen]);
  const ignorePlaces = useCallback(() => undefined, []);

  const press = (name: string) => {
    if (chosen?.region === name) return setChosen(null);
    const place = regionNames.findIndex((one) => one === name);
    const rows = [...map.regions.keys()].filter((row) => map.regions[row] === place);
    setChosen({ name: `${name} rows`, region: name, rows: Int32Array.from(rows) });
  };
  const drawnAround = (points: Int32Array) => {
    const rows = points.map((point) => drawn[point] ?? 0);
    setChosen(rows.length === 0 ? null : { name: "drawn around on the map", region: null, rows });
  };
  const tried = async (work: () => Promise<void>) => {
    try {
      await work();
      setOutcome("Saved.");
    } catch (error) {
      setOutcome(error instanceof Error ? error.message : String(error));
    }
  };
  const saveCsv = async () => saveFile("data-map.csv", await session.dataMapFile(neutralize), "text/csv");
  const savePicture = async () => {
    if (canvas.current) saveFile("data-map.png", await mapPicture(canvas.current, TITLE, coloring.groups));
  };
  const said = regionNames.map((name) => `${wholeText(counts[name])} ${name}`).join(", ");
  const about = `${counted(map.regions.length, "training row")} over ${map.epochs} epochs: ${said}.`;
  return (
    <>
      <p className={styles.about}>
        {about} Rows of low confidence are often wrong by their label: read the first of the list.{" "}
        <HandbookLink anchor="the-data-map">What the regions mean</HandbookLink>
      </p>
      <div className={styles.choices}>
        <SegmentedControl
          aria-label="A drag"
          value={tool}
          onChange={(value) => setTool(value === "move" ? "move" : "lasso")}
          data={[
            { value: "lasso", label: "Lasso" },
            { value: "move", label: "Move" },
          ]}
        />
        <span className={charts.said} role="status">
          {outcome}
        </span>
        <div className={charts.actions}>
          <MapButton of={TITLE} name="Save CSV" onClick={() => void tried(saveCsv)} />
          <MapButton of={TITLE} name="Save PNG" onClick={() => void tried(savePicture)} />
        </div>
      </div>
      <Legend coloring={coloring} pressed={chosen?.region ?? null} onPress={press} />
      <MapCanvas
        label={`${TITLE}: confidence over variability. ${about}`}
        layout={layout}
        axes={axes}
        coloring={coloring}
        selected={selected}
        current={current}
        tool={tool}
        onCurrent={setCurrent}
        onSelect={drawnAround}
        canvas={canvas}
        onPlaces={ignorePlaces}
      />
      <DataMapRow session={session} map={map} row={current === null ? null : (drawn[current] ?? null)} />
      {drawn.length < map.regions.length && (
        <p className={styles.note}>
          {wholeText(drawn.length)} of the rows are drawn, chosen at random; the list has all.
        </p>
      )}
      <p className={styles.note} role="status">
        {chosen
          ? `${counted(chosen.rows.length, "training row")}: ${chosen.name}. `
          : "All training rows, the lowest confidence first. "}
        Figures of other panels are of validation rows, so they stay.
      </p>
      <DataMapList key={chosen?.name} session={session} map={map} rows={listed} />
      <FormulaCheckbox checked={neutralize} onChange={setNeutralize} />
    </>
  );
}

/** The data map of a run: undefined until it is there, null where the run has none. */
function useDataMap(session: Session, run: object) {
  const [answer, setAnswer] = useState<{ run: object; map?: DataMap | null; problem?: ProblemReport } | null>(null);
  useEffect(() => {
    let wanted = true;
    session.dataMap().then(
      (map) => wanted && setAnswer({ run, map }),
      (error: unknown) => wanted && setAnswer({ run, problem: reportProblem(error) }),
    );
    return () => {
      wanted = false;
    };
  }, [session, run]);
  const own = answer?.run === run ? answer : null;
  return { map: own?.map, problem: own?.problem ?? null };
}
