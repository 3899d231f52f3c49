/**
 * "All 14 are fine, except …": which checks may be answered in one go, and with what. Only where every needed question
 * has one answer that passes; a reading, a wait, a photo, a date or words are each thing's own and are never grouped.
 */

import { judge } from "./questions";
import type { Answers, Asset, CheckForm, PlanView, Question } from "./types";

/** The one answer that passes; undefined where there is none or several. */
export function passing({ type, pass }: Question): unknown {
  if (type === "pass-fail") return pass?.equals ?? "pass";
  if (type !== "boolean" && type !== "choice") return undefined;
  return pass?.in?.length === 1 ? pass.in[0] : pass?.equals;
}

/**
 * Does a question ask for the very thing that the check is on? It names that thing's kind, or another of the kinds that the
 * check is for: "Fridge or freezer you read" asks for the freezer when the check is the freezer's.
 */
export function asksForItself(form: CheckForm, { type, asset_type }: Question, asset: Asset | null): asset is Asset {
  if (type !== "asset-ref" || !asset || !asset_type) return false;
  return asset_type === asset.type || [asset.type, asset_type].every((kind) => form.asset_types.includes(kind));
}

/** Everything in order, for a thing; null: this form cannot be answered for several at once. */
export function allFine(form: CheckForm, asset: Asset | null): Answers | null {
  if (form.questions.some((question) => question.type === "number" || question.wait_seconds)) return null;
  const answers: Answers = {};
  for (const question of form.questions) {
    const answer = asksForItself(form, question, asset) ? asset.id : question.required ? passing(question) : undefined;
    if (answer !== undefined) answers[question.key] = answer;
  }
  const { complete, findings, outcome } = judge(form.questions, answers, []);
  return Object.keys(answers).length > 0 && complete && findings.length === 0 && outcome === "satisfactory"
    ? answers
    : null;
}

/** Those due on the same form in the same building, this one among them; empty where there is no group to be made. */
export function alike(view: PlanView, views: readonly PlanView[]): PlanView[] {
  if (!allFine(view.form, view.asset)) return [];
  const same = views.filter(
    (one) =>
      one.form.code === view.form.code &&
      one.form.revision === view.form.revision &&
      one.place.building?.id === view.place.building?.id &&
      allFine(one.form, one.asset) !== null,
  );
  return same.length > 1 ? same : [];
}

/** Of such a group those in the same room as this one; the whole group where it is the only one there. */
export function nearest(view: PlanView, group: readonly PlanView[]): PlanView[] {
  const near = group.filter((one) => one.place.space?.id === view.place.space?.id);
  return near.length > 1 ? near : [...group];
}
