/** Report a problem: on a thing or in a place, how bad it is, and what was done so that nobody is hurt. */

import { useState } from "preact/hooks";
import { useLocation, useSearchParams } from "wouter-preact";
import type { Asset, DefectReported, PhotoRef, Severity } from "../engine";
import { announce, buzz } from "../ui/announce";
import { SeverityChoices, Unsafe } from "../ui/ask/ListAsks";
import { sayError, useApp, useEngine } from "../ui/engine";
import { Field, showFault } from "../ui/Field";
import { LineField } from "../ui/Line";
import { Loading } from "../ui/Loading";
import { Note } from "../ui/Note";
import { Kept } from "../ui/Photos";
import { NOWHERE, type PickedPlace, placeIds } from "../ui/PlacePick";
import { Screen } from "../ui/Screen";
import { type Drafted, useDraft } from "../ui/useDraft";
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
    summary: "",
    severity: "",
    unsafe: false,
    made_safe: "",
    photos: [],
  }));
  if (!draft) return <Loading back="/" />;
  return <Reporting key={key} draft={draft} draftKey={key} fixed={asset !== ""} />;
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
  const engine = useEngine();
  const app = useApp();
  const [, go] = useLocation();
  const [tried, setTried] = useState(false);
  const [trouble, setTrouble] = useState("");
  const { data, change } = draft;
  const asset = app.site?.assets.get(data.asset) ?? null;
  const faults = faultsOf(data);
  const error = (field: string) => (tried ? faults[field] : undefined);

  const save = async () => {
    setTried(true);
    const wrong = Object.keys(faults);
    if (wrong.length > 0) {
      announce(W.check.missing(wrong.length));
      return showFault(wrong);
    }
    try {
      const { id } = await engine.record("defect_reported", bodyOf(data, asset, app.site_id ?? ""), {
        draft: draftKey,
      });
      buzz();
      announce(W.saved.announce(W.report.title));
      go(`/saved/${id}`, { replace: true });
    } catch (problem) {
      setTrouble(sayError(problem));
    }
  };
  return (
    <Screen
      name={W.report.title}
      back={fixed ? `/asset/${data.asset}` : "/"}
      heading={W.report.title}
      form
      bottom={
        <button type="button" class="btn main main-act" onClick={save}>
          {W.report.save}
        </button>
      }
    >
      <ReportAbout data={data} change={change} asset={asset} error={error("about")} fixed={fixed} />
      <AlreadyOpen data={data} />
      <div>
        <LineField
          label={W.report.summary}
          help={W.report.summaryHelp}
          error={error("summary")}
          question="summary"
          value={data.summary}
          onWords={(summary) => change({ summary })}
          long
        />
        <Field id="severity" label={W.report.severity} error={error("severity")} question="severity" group>
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
      {trouble && (
        <Note tone="late" live>
          <p>{trouble}</p>
        </Note>
      )}
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
