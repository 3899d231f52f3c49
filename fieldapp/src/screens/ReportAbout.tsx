import { Link } from "wouter-preact";
import type { Asset, OpenDefect } from "../engine";
import { AssetPicker } from "../ui/AssetPicker";
import { Choices } from "../ui/Choices";
import { useEngine, usePart } from "../ui/engine";
import { Field } from "../ui/Field";
import { Icon } from "../ui/Icon";
import { PlacePick, placeIds } from "../ui/PlacePick";
import type { Drafted } from "../ui/useDraft";
import { english, W } from "../words";
import { DefectWords } from "./AssetParts";
import type { ReportDraft } from "./Report";

interface AboutProps {
  data: ReportDraft;
  change: Drafted<ReportDraft>["change"];
  asset: Asset | null;
  error?: string;
  /** We came from a thing: it is about that one. */
  fixed: boolean;
}

/** A thing in the list, or a place. */
export function ReportAbout({ data, change, asset, error, fixed }: AboutProps) {
  const engine = useEngine();
  if (data.about === "thing" && asset)
    return (
      <div class="sub row">
        <span class="row-words">
          <span class="row-title" {...english()}>
            {asset.name}
          </span>
          <span class="muted">{engine.place(asset).words}</span>
        </span>
        {!fixed && (
          <button type="button" class="btn slim" onClick={() => change({ asset: "" })}>
            {W.check.change}
          </button>
        )}
      </div>
    );
  return (
    <Field id="about" label={W.report.about} question="about" error={data.about === "place" ? undefined : error} group>
      <Choices
        value={data.about || undefined}
        onChoose={(about) => change({ about: about as "thing" | "place" })}
        choices={[
          { value: "thing", words: W.report.aboutThing },
          { value: "place", words: W.report.aboutPlace },
        ]}
      />
      {data.about === "thing" && <AssetPicker label={W.claim.find} onPick={(picked) => change({ asset: picked.id })} />}
      {data.about === "place" && <PlacePick place={data.place} onPick={(place) => change({ place })} error={error} />}
    </Field>
  );
}

interface AlreadyOpenProps {
  data: ReportDraft;
  /** They add to one that is open instead of reporting. */
  onOther: () => void;
}

/** What is known already: nobody need report it twice. */
export function AlreadyOpen({ data, onOther }: AlreadyOpenProps) {
  const defects = usePart((s) => s.site?.defects ?? null);
  const open = [...(defects?.values() ?? [])].filter((defect) => isHere(defect, data));
  if (open.length === 0) return null;
  return (
    <section class="note soon">
      <h2>{W.report.open}</h2>
      <p>{W.report.openBody}</p>
      <ul class="rows">
        {open.slice(0, 6).map((defect) => (
          <li key={defect.id}>
            <Link href={`/problem/${defect.id}`} class="row" onClick={onOther}>
              <DefectWords defect={defect} />
              <span class="small">{W.problem.add}</span>
              <Icon name="go" />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function isHere(defect: OpenDefect, data: ReportDraft): boolean {
  if (data.about === "thing") return data.asset !== "" && defect.asset === data.asset;
  const { building, space } = placeIds(data.place);
  if (data.about === "" || !building) return false;
  return space ? defect.space === space : defect.building === building;
}
