import { useEffect, useRef, useState } from "react";
import { pcaLayout, type MappedPart } from "../../../insight/map/row-map.ts";
import { reportProblem, type ProblemReport } from "../../../problem/problem.ts";
import type { Progress, Results } from "../../../workers/protocol.ts";
import type { Session } from "../../../workers/session.ts";
import { keepMap, keptMap, type KeptMap } from "./kept-maps.ts";

interface RowMapState {
  kept: KeptMap | null;
  progress: Progress | null;
  problem: ProblemReport | null;
}

/** A map of rows and what makes it. */
interface UsedMap extends RowMapState {
  /** Computes the vectors and the map by PCA. */
  compute: () => void;
  /** Lays the rows out by UMAP. */
  layOut: () => void;
  /** Ends either. */
  stop: () => void;
}

/** The map of a part of the rows by the weights of some results, where it was asked for. */
export function useRowMap(session: Session, results: Results, part: MappedPart, seed: number): UsedMap {
  const [state, setState] = useState<Omit<RowMapState, "kept"> & { of: MappedPart }>({
    of: part,
    progress: null,
    problem: null,
  });
  const [, setVersion] = useState(0);
  const abort = useRef<AbortController | null>(null);
  // A layout that nobody waits for any more is ended.
  useEffect(() => () => abort.current?.abort(), []);
  const kept = keptMap(results, part);
  const work = async (make: (onProgress: (progress: Progress) => void) => Promise<KeptMap | null>) => {
    const say = (progress: Progress | null, problem: ProblemReport | null = null) =>
      setState({ of: part, progress, problem });
    say({ what: "Preparing", done: 0, total: 0 });
    try {
      const made = await make(say);
      if (made) keepMap(results, part, made);
      say(null);
      setVersion((version) => version + 1);
    } catch (error) {
      say(null, reportProblem(error));
    }
  };
  return {
    kept,
    progress: state.of === part ? state.progress : null,
    problem: state.of === part ? state.problem : null,
    compute: () =>
      void work(async (onProgress) => {
        const map = await session.mapRows(part, results.weights, onProgress);
        // A task of its own, apart from the one that took the message.
        await new Promise((resolve) => setTimeout(resolve));
        return map && { map, pca: pcaLayout(map), umap: null };
      }),
    layOut: () =>
      void work(async (onProgress) => {
        if (!kept) return null;
        abort.current = new AbortController();
        const { signal } = abort.current;
        const umap = await session.layOutRows(kept.map, seed, { onProgress, signal });
        return umap && { ...kept, umap };
      }),
    stop() {
      if (abort.current) abort.current.abort();
      else void session.stop();
      abort.current = null;
    },
  };
}
