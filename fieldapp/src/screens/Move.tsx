/** A thing that was carried elsewhere: where it stands now, kept for the office and shown here at once. */

import type { AssetChanged } from "../engine";
import { useEngine, usePart } from "../ui/engine";
import { Field } from "../ui/Field";
import { Loading } from "../ui/Loading";
import { NOWHERE, type PickedPlace, PlacePick, placeIds } from "../ui/PlacePick";
import { PlaceWarnings } from "../ui/PlaceWarnings";
import { SaveButton, StillNeeded, Trouble } from "../ui/SaveButton";
import { Screen } from "../ui/Screen";
import { type Drafted, useDraft } from "../ui/useDraft";
import { useSaving } from "../ui/useSaving";
import { W } from "../words";
import { Missing } from "./Plain";

interface MoveDraft {
  place: PickedPlace;
}

export function Move({ id }: { id: string }) {
  const draft = useDraft<MoveDraft>(`move:${id}`, () => ({ place: NOWHERE }));
  const asset = usePart((s) => s.site?.assets.get(id) ?? null);
  if (!asset) return <Missing title={W.assetScreen.missing} body={W.assetScreen.missingBody} />;
  if (!draft) return <Loading back={`/asset/${id}`} />;
  return <Moving id={id} draft={draft} />;
}

function Moving({ id, draft }: { id: string; draft: Drafted<MoveDraft> }) {
  const engine = useEngine();
  const asset = engine.asset(id)?.asset;
  const { data, change } = draft;
  const faultsOf = ({ place }: MoveDraft): Record<string, string> => {
    if (!place.building) return { place: W.add.placeMissing };
    const { building, space } = placeIds(place);
    return building === asset?.building && space === asset?.space ? { place: W.move.same } : {};
  };
  const { save, saving, trouble, faults } = useSaving({
    kind: "asset_changed",
    draft,
    key: `move:${id}`,
    faults: faultsOf,
    body: ({ place }): AssetChanged => ({ asset: id, changes: placeIds(place) }),
    said: () => W.move.title,
  });
  return (
    <Screen
      name={asset?.name ?? W.move.title}
      heading={W.move.title}
      back={`/asset/${id}`}
      form
      bottom={
        <>
          <StillNeeded faults={faults} />
          <SaveButton words={W.move.save} saving={saving} save={save} />
        </>
      }
    >
      <p>{W.move.lead(engine.place(asset ?? {}).words)}</p>
      <Field id="place" label={W.add.place} question="place" error={faults.place} group>
        <PlacePick place={data.place} onPick={(place) => change({ place })} error={faults.place} />
      </Field>
      <PlaceWarnings place={engine.place(placeIds(data.place))} />
      <Trouble words={trouble} />
    </Screen>
  );
}
