import { createStore, type StoreApi } from "zustand/vanilla";
import type { Session } from "../workers/session.ts";
import { automaticChange, recipeActions, type RecipeActions } from "./actions/recipe-actions.ts";
import { backendActions, type BackendActions } from "./actions/backend-actions.ts";
import { dataActions, type DataActions } from "./actions/data-actions.ts";
import { earlierActions, type EarlierActions, earlierWork } from "./actions/earlier-actions.ts";
import { changesInTurn } from "./actions/in-turn.ts";
import { fileActions, type FileActions } from "./actions/refuse-files.ts";
import { curveActions, type CurveActions } from "./actions/curve-actions.ts";
import { noiseActions, type NoiseActions } from "./actions/noise-actions.ts";
import { foldActions, type FoldActions } from "./actions/fold-actions.ts";
import { modelActions, type ModelActions } from "./actions/model-actions.ts";
import { keepActions, type KeepActions } from "./actions/keep-actions.ts";
import { machineActions, type MachineActions } from "./actions/machine-actions.ts";
import { estimateActions, type EstimateActions, rateActions, type RateActions } from "./actions/trial-actions.ts";
import { runActions, type RunActions } from "./actions/run-actions.ts";
import { sampleActions, type SampleActions, fetchFile, type FetchFile } from "./actions/sample-actions.ts";
import { selectionActions, type SelectionActions } from "./actions/selection-actions.ts";
import { textFileActions, type TextFileActions } from "./actions/text-file-actions.ts";
import { recordNotices } from "./actions/record-notices.ts";
import { RunLock } from "./run-lock/run-lock.ts";
import { initialState, type AppState } from "./state.ts";

export type Actions = DataActions &
  EarlierActions &
  FileActions &
  ModelActions &
  RecipeActions &
  BackendActions &
  MachineActions &
  FoldActions &
  CurveActions &
  KeepActions &
  NoiseActions &
  RunActions &
  SelectionActions &
  RateActions &
  EstimateActions &
  SampleActions &
  TextFileActions;

/**
 * The state of the page and the actions that change it; `session` is for questions that change nothing, e.g.
 * predictions.
 */
export interface App extends AppState {
  session: Session;
  actions: Actions;
}

export type AppStore = StoreApi<App>;

/**
 * The store of one page over one session; a run starts once `runLock` is taken. Actions never reject: a failure becomes a `ProblemReport` in the part of the
 * state that it concerns.
 */
export function createAppStore(
  session: Session,
  fetchBuiltIn: FetchFile = fetchFile,
  runLock = new RunLock(undefined),
): AppStore {
  const store = createStore<App>()((set, get) => {
    const inTurn = changesInTurn(set, get);
    const work = earlierWork(session, set, get);
    const earlier = earlierActions(set, get, inTurn, work);
    const data = dataActions(session, set, get, inTurn, work);
    const model = modelActions(session, set, get, { ...data, ...earlier });
    const run = runActions(session, set, get, { ...data, runLock });
    const recipe = recipeActions(set, get, data);
    const textFile = textFileActions(session, set, get);
    const backend = backendActions(session, set, get);
    return {
      ...initialState(),
      session,
      actions: {
        ...data,
        ...earlier,
        ...fileActions(set, get),
        ...model,
        ...run,
        ...recipe,
        ...backend,
        ...machineActions(session, set, get),
        ...foldActions(set),
        ...curveActions(session, set, get),
        ...noiseActions(session, set, get, { ...data, ...run }),
        ...selectionActions(set, get),
        ...rateActions(session, set, get),
        ...estimateActions(session, set, get),
        ...textFile,
        ...keepActions(session, set, get, { ...data, ...model, ...textFile, ...backend, ...run }),
        ...sampleActions(fetchBuiltIn, { ...data, ...model, ...run, ...recipe }),
      },
    };
  });
  // Zustand calls its listeners synchronously, so the recipe is never seen out of step with model and data.
  store.subscribe((now) => {
    const change = automaticChange(now);
    if (change) store.setState(change);
  });
  session.onNotice(recordNotices(store.setState, store.getState));
  return store;
}
