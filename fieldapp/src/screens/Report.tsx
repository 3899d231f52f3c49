/** Report a problem: on a thing or in a place, how bad it is, and what was done so that nobody is hurt. */

import { useSearchParams } from "wouter-preact";
import type { Asset, DefectReported, PhotoRef, Severity } from "../engine";
import { SeverityChoices, Unsafe } from "../ui/ask/ListAsks";
import { useApp } from "../ui/engine";
import { Field } from "../ui/Field";
import { LineField } from "../ui/Line";
import { Loading } from "../ui/Loading";
import { Note } from "../ui/Note";
import { Kept } from "../ui/Photos";
import { NOWHERE, type PickedPlace, placeIds } from "../ui/PlacePick";
import { SaveButton, StillNeeded, Trouble } from "../ui/SaveButton";
import { Screen } from "../ui/Screen";
import { type Drafted, useDraft } from "../ui/useDraft";
import { useSaving } from "../ui/useSaving";
import { WhereIAm } from "../ui/WhereIAm";
import { W } from "../words";
import { AlreadyOpen, ReportAbout } from "./ReportAbout";

export interface ReportDraft {
  about: "thing" | "place" | "";
  asset: string;
  place: PickedPlace;
  summary: string;
  severity: Severity | "";
  unsafe: boolean;
  made_safe: string;
  photos: PhotoRef[];
}

export function Report() {
  const [search] = useSearchParams();
  const asset = search.get("asset") ?? "";
  const key = asset ? `report:${asset}` : "report";
  const draft = useDraft<ReportDraft>(key, () => ({
    about: asset ? "thing" : "",
    asset,
    place: NOWHERE,
    summary: search.has("here") ? W.report.stillHere : "",
    severity: "",
    unsafe: false,
    made_safe: "",
    photos: [],
  }));
  if (!draft) return <Loading back="/" />;
  return <Reporting key={key} draft={draft} draftKey={key} fixed={asset !== ""} />;
}

/** Only what it is about was said: nothing to carry on with. */
function isBlank({ summary, made_safe, photos, severity, unsafe }: ReportDraft): boolean {
  return !summary.trim() && !made_safe.trim() && photos.length === 0 && !severity && !unsafe;
}

function faultsOf(data: ReportDraft): Record<string, string> {
  const faults: Record<string, string> = {};
  const nowhere = data.about === "thing" ? !data.asset : !data.place.building;
  if (data.about === "" || nowhere) faults.about = W.report.aboutMissing;
  if (!data.summary.trim()) faults.summary = W.report.summaryMissing;
  if (!data.severity) faults.severity = W.report.severityMissing;
  return faults;
}

function Reporting({ draft, draftKey, fixed }: { draft: Drafted<ReportDraft>; draftKey: string; fixed: boolean }) {
  const app = useApp();
  const { data, change } = draft;
  const asset = app.site?.assets.get(data.asset) ?? null;
  const { save, saving, trouble, faults } = useSaving({
    kind: "defect_reported",
    draft,
    key: draftKey,
    faults: faultsOf,
    body: (now) => bodyOf(now, app.site?.assets.get(now.asset) ?? null, app.site_id ?? ""),
    said: () => W.report.title,
  });
  return (
    <Screen
      name={W.report.title}
      back={fixed ? `/asset/${data.asset}` : "/"}
      heading={W.report.title}
      form
      bottom={
        <>
          <StillNeeded faults={faults} />
          <SaveButton words={W.report.save} saving={saving} save={save} />
        </>
      }
    >
      <ReportAbout data={data} change={change} asset={asset} error={faults.about} fixed={fixed} />
      <AlreadyOpen data={data} onOther={() => isBlank(data) && draft.empty()} />
      <div>
        <LineField
          label={W.report.summary}
          help={W.report.summaryHelp}
          error={faults.summary}
          question="summary"
          value={data.summary}
          onWords={(summary) => change({ summary })}
          long
        />
        {data.about === "place" && (
          <WhereIAm onWords={(words) => change((now) => ({ summary: `${now.summary.trim()} ${words}`.trim() }))} />
        )}
        <Field id="severity" label={W.report.severity} error={faults.severity} question="severity" group>
          <SeverityChoices value={data.severity || undefined} onChoose={(severity) => change({ severity })} />
        </Field>
        <div class="field">
          <Unsafe checked={data.unsafe} onTick={(unsafe) => change({ unsafe })} />
          {data.unsafe && (
            <Note tone="late">
              <p>{W.report.unsafeNote}</p>
            </Note>
          )}
        </div>
        <LineField
          label={W.report.made}
          help={W.report.madeHelp}
          value={data.made_safe}
          onWords={(made_safe) => change({ made_safe })}
        />
        <Field id="photos" label={W.report.photos} group>
          <Kept
            field=""
            label={W.report.title}
            photos={data.photos}
            names={{}}
            onAdd={(photo) => change((now) => ({ photos: [...now.photos, photo] }))}
            onRemove={(photo) => change((now) => ({ photos: now.photos.filter((one) => one.sha256 !== photo.sha256) }))}
          />
        </Field>
      </div>
      <Trouble words={trouble} />
    </Screen>
  );
}

function bodyOf(data: ReportDraft, asset: Asset | null, site: string): DefectReported {
  const thing = data.about === "thing" && asset;
  return {
    asset: thing ? asset.id : null,
    place: thing ? null : { site, ...placeIds(data.place) },
    summary: data.summary.trim(),
    severity: data.severity || "medium",
    unsafe: data.unsafe,
    photos: data.photos,
    ...(data.made_safe.trim() && { made_safe: data.made_safe.trim() }),
  };
}
