/** Checks that only an event calls for, on the site or a building: never in Today, always to be had. */

import { Link } from "wouter-preact";
import type { Building, CheckForm } from "../engine";
import { useApp } from "../ui/engine";
import { Icon } from "../ui/Icon";
import { Screen } from "../ui/Screen";
import { english, W } from "../words";

export function Others() {
  const { site } = useApp();
  const forms = (site?.checks ?? []).filter((form) => form.event !== null && form.current && form.on !== "asset");
  const buildings = [...(site?.buildings.values() ?? [])];
  return (
    <Screen name={W.others.title} back="/" heading={W.others.title}>
      <p>{W.others.lead}</p>
      <section>
        <h2>{W.others.ofSite}</h2>
        {forms.length === 0 && <p class="muted">{W.others.none}</p>}
        <ul class="rows">
          {forms.map((form) =>
            form.on === "site" ? (
              <li key={form.code}>
                <FormRow form={form} to={`/event/${form.code}/site/${site?.site.id}`} />
              </li>
            ) : (
              buildings.map((building) => (
                <li key={`${form.code}${building.id}`}>
                  <FormRow form={form} building={building} to={`/event/${form.code}/building/${building.id}`} />
                </li>
              ))
            ),
          )}
        </ul>
      </section>
      <p class="muted">{W.others.ofThing}</p>
    </Screen>
  );
}

function FormRow({ form, building, to }: { form: CheckForm; building?: Building; to: string }) {
  return (
    <Link href={to} class="row">
      <span class="row-words">
        <span>
          {building && `${building.name}: `}
          <span class="row-title" {...english()}>
            {form.title}
          </span>
        </span>
        {form.event && <span class="small">{form.event}</span>}
        {!form.verified && <span class="muted small">{W.unverified}</span>}
      </span>
      <Icon name="go" />
    </Link>
  );
}
