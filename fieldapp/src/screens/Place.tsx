/** A room or a building, opened by its label: what is dangerous there, what is due there, and what stands there. */

import { Link } from "wouter-preact";
import { DoNotUse } from "../ui/DoNotUse";
import { useApp, useEngine } from "../ui/engine";
import { Icon } from "../ui/Icon";
import { PlaceWarnings } from "../ui/PlaceWarnings";
import { Screen } from "../ui/Screen";
import { english, W } from "../words";
import { Missing } from "./Plain";
import { PlanRow } from "./TodayRows";

export function Place({ id }: { id: string }) {
  const engine = useEngine();
  useApp();
  const view = engine.placeAt(id);
  if (!view) return <Missing title={W.placeScreen.missing} body={W.placeScreen.missingBody} />;
  const name = view.place.space?.name ?? view.place.building?.name ?? "";
  const now = view.plans.filter((plan) => plan.counts_today && !plan.done_here && plan.status !== "paused");
  const later = view.plans.filter((plan) => !now.includes(plan));
  return (
    <Screen
      name={name}
      heading={name}
      back="/"
      bottom={
        <Link href="/scan" class="btn main main-act">
          <Icon name="scan" />
          {W.saved.scan}
        </Link>
      }
    >
      <PlaceWarnings place={view.place} />
      <DoNotUse defects={view.defects} />
      <p class="big">{view.place.words}</p>
      <section>
        <h2>{W.assetScreen.nextDue}</h2>
        {now.length === 0 && <p class="muted">{W.placeScreen.none}</p>}
        <Plans plans={now} />
      </section>
      {later.length > 0 && (
        <section>
          <h2>{W.assetScreen.later}</h2>
          <Plans plans={later} />
        </section>
      )}
      <section>
        <h2>{W.placeScreen.things}</h2>
        {view.assets.length === 0 && <p class="muted">{W.placeScreen.empty}</p>}
        <ul class="rows">
          {view.assets.map((asset) => (
            <li key={asset.id}>
              <Link href={`/asset/${asset.id}`} class="row">
                <span class="row-words">
                  <span class="row-title" {...english()}>
                    {asset.name}
                  </span>
                  {asset.status === "out-of-service" && <span class="muted small">{W.assetScreen.outOf}</span>}
                </span>
                <Icon name="go" />
              </Link>
            </li>
          ))}
        </ul>
      </section>
    </Screen>
  );
}

function Plans({ plans }: { plans: Parameters<typeof PlanRow>[0]["view"][] }) {
  return (
    <ul class="rows">
      {plans.map((view) => (
        <li key={view.plan.id}>
          <PlanRow view={view} />
        </li>
      ))}
    </ul>
  );
}
