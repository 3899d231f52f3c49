/** A label that the chosen site does not know, looked up in the other sites whose lists this phone carries. */

import type { Store } from "./db";
import { readDocs } from "./desk";
import { foundIn } from "./register";
import { siteData } from "./site";
import type { Elsewhere, Session, Uuid } from "./types";

/** Null when no other site that is carried here has it. Works offline; reads one site after another, the chosen one not. */
export async function elsewhere(
  store: Store,
  session: Session,
  chosen: Uuid | null,
  code: string,
): Promise<Elsewhere | null> {
  if (!session.person) return null;
  for (const site of session.sites) {
    const docs = site.id === chosen ? null : await readDocs(store, session.person.id, site.id);
    if (!docs) continue;
    const found = foundIn(siteData(docs), code);
    const there = found.kind === "replaced" ? found.found : found;
    if (there?.kind === "asset") return { site, name: there.asset.name };
    if (there?.kind === "place") return { site, name: there.name };
  }
  return null;
}
