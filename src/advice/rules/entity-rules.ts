import { counted, percent } from "../../recipe/wording.ts";
import type { Finding } from "../finding.ts";
import { advised, changed, epochs, raiseRate, those, unfreeze, usualRate } from "../remedies.ts";
import { lastFull, type RunView } from "../view.ts";
import { score } from "../words.ts";

/** Fewer entities than this do not measure a type. */
const FEW_ENTITIES = 5;
/** From this number of entities on, a type that is never found is no accident. */
const SURE_ENTITIES = 20;
/** Below this recall, nearly every word is left outside. */
const HARDLY_ANY = 0.1;
/** Least share of the entities whose boundaries are wrong. */
const MANY_MISPLACED = 0.2;

/** Rules for texts whose words have tags. */
export const entityRules = [allOutside, neverFound, wrongBoundaries] as const;

/** Nearly every word is said to be outside of any entity. */
function allOutside(view: RunView): Finding | null {
  const last = lastFull(view, view.others.entities);
  if (!last || last.report.micro.support < FEW_ENTITIES || last.report.micro.recall >= HARDLY_ANY) return null;
  const { micro, words, tokenAccuracy } = last.report;
  const { recipe } = view;
  return {
    id: "all-outside",
    title: "Nearly every word is left outside",
    text:
      `${percent(micro.recall)} of ${counted(micro.support, "entity", "entities")} are found. The texts have ` +
      `${counted(Math.round(words / micro.support), "word")} for each entity, so the tag O alone is right for most words: ` +
      `${percent(tokenAccuracy)} of the words have the right tag. It is clear that entities have not been learned yet.`,
    severity: "high",
    certainty: "clear",
    remedies: those(
      epochs(recipe, 2 * recipe.epochs, "The tag O is learned first, entities later."),
      recipe.learningRate < 5 * usualRate(view) ? raiseRate(view, 5) : null,
      unfreeze(view),
      recipe.focalGamma === 0
        ? changed(recipe, { focalGamma: 2 }, "Use the focal loss", "Words that are surely outside then count less.")
        : null,
      advised("Add texts with entities, or leave out texts without any.", "changing-rows"),
    ),
    anchor: "token-classification",
  };
}

/** A type of which no entity is found, while others are. */
function neverFound(view: RunView): Finding | null {
  const last = lastFull(view, view.others.entities);
  if (!last || last.report.micro.recall < HARDLY_ANY) return null;
  const never = last.report.types.filter(({ support, recall }) => support >= FEW_ENTITIES && recall === 0);
  const [first] = never.sort((a, b) => b.support - a.support);
  if (!first) return null;
  const { recipe } = view;
  const sure = first.support >= SURE_ENTITIES;
  const rest = never.length > 1 ? ` The same is true of ${counted(never.length - 1, "more type")}.` : "";
  return {
    id: "type-never-found",
    title: "A type is never found",
    text:
      `None of ${counted(first.support, "entity", "entities")} of the type “${first.type}” is found in the validation ` +
      `texts; over all types recall is ${score(last.report.micro.recall)}.${rest} ` +
      (sure ? "This is clear." : "With so few entities to measure it on, this is likely, not certain."),
    severity: "medium",
    certainty: sure ? "clear" : "likely",
    remedies: those(
      epochs(recipe, 2 * recipe.epochs, "Rare types are learned last."),
      recipe.focalGamma === 0
        ? changed(recipe, { focalGamma: 2 }, "Use the focal loss", "Words that are already right then count less.")
        : null,
      recipe.bestBy === "macroEntityF1"
        ? null
        : changed(recipe, { bestBy: "macroEntityF1" }, "Judge by macro entity F1", "It counts each type equally."),
      advised("Add texts with this type, or merge it with one that is near.", "labels"),
    ),
    anchor: "token-classification",
  };
}

/** Entities of the right type that begin or end at another word. */
function wrongBoundaries(view: RunView): Finding | null {
  const last = lastFull(view, view.others.entities);
  if (!last || last.report.micro.recall < HARDLY_ANY) return null;
  const { misplaced, micro } = last.report;
  if (misplaced < FEW_ENTITIES || misplaced < MANY_MISPLACED * micro.support) return null;
  const { recipe } = view;
  return {
    id: "wrong-boundaries",
    title: "Entities are found, and their boundaries missed",
    text:
      `${misplaced} of ${counted(micro.support, "entity", "entities")} are found with the right type, and with a first or ` +
      `last word too many or too few: they count as wrong in entity F1 (${score(micro.f1)}). Whether more training helps ` +
      "depends on the labels: it does not where people disagree on the boundaries.",
    severity: "medium",
    certainty: "likely",
    remedies: those(
      epochs(recipe, 2 * recipe.epochs, "Boundaries are learned after the types."),
      advised("Decide whether titles, articles and marks belong to an entity, and label all texts alike.", "labels"),
    ),
    anchor: "token-classification",
  };
}
