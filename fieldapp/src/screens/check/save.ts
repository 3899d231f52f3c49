/** From what was filled in to what is recorded. */

import type { CheckDone, CheckForm } from "../../engine";
import { type CheckDraft, cleanAnswers, lateTime } from "./draft";
import type { CheckTask } from "./task";

export function checkDone(task: CheckTask, form: CheckForm, data: CheckDraft): CheckDone {
  const late = data.late && lateTime(data.late);
  const body: CheckDone = {
    plan: task.view?.plan.id ?? null,
    check_type: { code: form.code, revision: form.revision },
    asset: task.asset?.id ?? null,
    building: task.building,
    tag: data.tag,
    answers: cleanAnswers(data.answers),
    photos: data.photos,
    presence: data.tag && data.presence === "tag" && data.photos.length > 0 ? "tag_photo" : data.presence,
    started_at: data.started_at,
    late_entry: late !== null,
  };
  if (task.site) body.site = task.site;
  if (late) body.done_at = late.toISOString();
  if (task.supersedes) {
    // the correction is written now; what it speaks of was done then
    body.late_entry = true;
    body.done_at = task.supersedes.done_at;
    body.supersedes = task.supersedes.op;
    body.reason = data.reason.trim();
  } else if (task.view && !task.view.counts_today && !late) body.ad_hoc = true;
  return body;
}
