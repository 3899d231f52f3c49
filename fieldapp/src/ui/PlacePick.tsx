/** Building, then room: two lists, because a phone's own list is the easiest thing to use with gloves. */

import { useId } from "preact/hooks";
import { W } from "../words";
import { usePart } from "./engine";

export interface PickedPlace {
  /** A building's id, "grounds", or "" when nothing was chosen yet. */
  building: string;
  space: string;
}

export const NOWHERE: PickedPlace = { building: "", space: "" };

interface PlacePickProps {
  place: PickedPlace;
  onPick: (place: PickedPlace) => void;
  error?: string;
}

export function PlacePick({ place, onPick, error }: PlacePickProps) {
  const id = useId();
  const site = usePart((s) => s.site);
  const buildings = [...(site?.buildings.values() ?? [])];
  const spaces = [...(site?.spaces.values() ?? [])]
    .filter((space) => space.building === place.building)
    .sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
  return (
    <div class="stack" data-question="place">
      <div>
        <label class="label" for={`${id}b`}>
          {W.report.building}
        </label>
        <select
          id={`${id}b`}
          class="box"
          value={place.building}
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? `${id}x` : undefined}
          onChange={(e) => onPick({ building: e.currentTarget.value, space: "" })}
        >
          <option value="">{W.report.choose}</option>
          {buildings.map((building) => (
            <option key={building.id} value={building.id}>
              {building.name}
            </option>
          ))}
          <option value="grounds">{W.report.grounds}</option>
        </select>
      </div>
      {spaces.length > 0 && (
        <div>
          <label class="label" for={`${id}s`}>
            {W.report.space}
          </label>
          <select
            id={`${id}s`}
            class="box"
            value={place.space}
            onChange={(e) => onPick({ ...place, space: e.currentTarget.value })}
          >
            <option value="">{W.report.wholeBuilding}</option>
            {spaces.map((space) => (
              <option key={space.id} value={space.id}>
                {[space.name, space.floor].filter(Boolean).join(", ")}
              </option>
            ))}
          </select>
        </div>
      )}
      {error && (
        <p class="error" id={`${id}x`}>
          {error}
        </p>
      )}
    </div>
  );
}

/** As the protocol wants it: the grounds are the site without a building. */
export function placeIds(place: PickedPlace): { building: string | null; space: string | null } {
  const building = place.building === "grounds" || place.building === "" ? null : place.building;
  return { building, space: place.space || null };
}
