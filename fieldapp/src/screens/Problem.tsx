/** A problem that is open already: what is known of it, and to add to it instead of reporting it again. */

import { Link } from "wouter-preact";
import type { DefectUpdated, OpenDefect, PhotoRef } from "../engine";
import { useApp, useEngine } from "../ui/engine";
import { Field } from "../ui/Field";
import { LineField } from "../ui/Line";
import { Loading } from "../ui/Loading";
import { MadeSafe } from "../ui/MadeSafe";
import { Kept } from "../ui/Photos";
import { PlaceWarnings } from "../ui/PlaceWarnings";
import { SaveButton, StillNeeded, Trouble } from "../ui/SaveButton";
import { Screen } from "../ui/Screen";
import { type Drafted, useDraft } from "../ui/useDraft";
import { useSaving } from "../ui/useSaving";
import { W } from "../words";
import { DefectWords } from "./AssetParts";
import { Missing } from "./Plain";

interface NoteDraft {
  note: string;
  photos: PhotoRef[];
}

const EMPTY: NoteDraft = { note: "", photos: [] };

export function Problem({ id }: { id: string }) {
  const { site } = useApp();
  const draft = useDraft<NoteDraft>(`problem:${id}`, () => EMPTY);
  const defect = site?.defects.get(id);
  if (!defect) return <Missing title={W.problem.gone} body={W.problem.goneBody} />;
  if (!draft) return <Loading back="/" />;
  return <Noting defect={defect} draft={draft} />;
}

function faultsOf(data: NoteDraft): Record<string, string> {
  return data.note.trim() || data.photos.length > 0 ? {} : { note: W.problem.noteMissing };
}

function Noting({ defect, draft }: { defect: OpenDefect; draft: Drafted<NoteDraft> }) {
  const engine = useEngine();
  const { data, change } = draft;
  const asset = engine.asset(defect.asset ?? "")?.asset ?? null;
  const place = engine.place(asset ?? defect);
  const { save, saving, trouble, faults } = useSaving({
    kind: "defect_updated",
    draft,
    key: `problem:${defect.id}`,
    faults: faultsOf,
    body: (now): DefectUpdated => ({ defect: defect.id, note: now.note.trim(), photos: now.photos }),
    said: () => defect.summary,
  });
  return (
    <Screen
      name={W.problem.title}
      heading={W.problem.title}
      back={asset ? `/asset/${asset.id}` : "/"}
      form
      bottom={
        <>
          <StillNeeded faults={faults} />
          <SaveButton words={W.problem.save} saving={saving} save={save} />
        </>
      }
    >
      <PlaceWarnings place={place} />
      <div class="sub">
        <DefectWords defect={defect} />
        <p class="muted">
          {asset ? (
            <>
              <Link href={`/asset/${asset.id}`}>{asset.name}</Link>, {place.words}
            </>
          ) : (
            place.words
          )}
        </p>
      </div>
      <MadeSafe defect={defect} />
      <LineField
        label={W.problem.note}
        help={W.problem.noteHelp}
        error={faults.note}
        question="note"
        value={data.note}
        onWords={(note) => change({ note })}
        long
      />
      <Field id="photos" label={W.report.photos} group>
        <Kept
          field=""
          label={W.problem.title}
          photos={data.photos}
          names={{}}
          onAdd={(photo) => change((now) => ({ photos: [...now.photos, photo] }))}
          onRemove={(photo) => change((now) => ({ photos: now.photos.filter((one) => one.sha256 !== photo.sha256) }))}
        />
      </Field>
      <Trouble words={trouble} />
    </Screen>
  );
}
