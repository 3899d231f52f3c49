/** A label was read, but it is not on a thing that we know: say what it is, and what to do next. */

import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import type { Found } from "../engine";
import { sayError, useEngine, useLoaded, usePart } from "../ui/engine";
import { Note } from "../ui/Note";
import { W } from "../words";

export function Outcome({ found }: { found: Found }) {
  switch (found.kind) {
    case "unassigned":
      return (
        <Note title={W.scanScreen.unassigned(found.code)} live>
          <p>{W.scanScreen.unassignedBody}</p>
          <div class="acts">
            <Link class="btn" href={`/claim/${found.code}`}>
              {W.scanScreen.claim}
            </Link>
            <Link class="btn" href={`/add?code=${found.code}`}>
              {W.scanScreen.addNew}
            </Link>
          </div>
        </Note>
      );
    case "replaced":
      return <Replaced code={found.code} by={found.by} now={found.found} />;
    case "unknown":
      return <Unknown code={found.code} />;
    case "bad-code":
      return (
        <Note tone="due" title={W.scanScreen.bad} live>
          <p>{W.scanScreen.badBody}</p>
        </Note>
      );
    case "not-ours":
      return (
        <Note tone="due" title={W.scanScreen.notOurs} live>
          <p>{W.scanScreen.notOursBody}</p>
        </Note>
      );
    default:
      return null;
  }
}

/** An old label: which one came in its place, and the thing itself a tap away. */
function Replaced({ code, by, now }: { code: string; by: string | null; now: Found | null }) {
  const to =
    now?.kind === "asset"
      ? { href: `/asset/${now.asset.id}`, name: now.asset.name }
      : now?.kind === "place"
        ? { href: `/place/${now.id}`, name: now.name }
        : null;
  return (
    <Note tone="due" title={W.scanScreen.replaced(code)} live>
      <p>{by ? W.scanScreen.replacedBy(by) : W.scanScreen.notReplaced}</p>
      {to && (
        <Link class="btn" href={to.href}>
          {W.scanScreen.openIt(to.name)}
        </Link>
      )}
    </Note>
  );
}

/** A good code that is not in this phone's lists: fetch them again, or stand at another site. */
function Unknown({ code }: { code: string }) {
  const engine = useEngine();
  const several = usePart((s) => s.session.sites.length > 1);
  const pulling = usePart((s) => s.sync.pulling);
  const [error, setError] = useState("");
  const [fetched, setFetched] = useState(false);
  const again = () =>
    engine.pullNow().then(
      () => {
        setError("");
        setFetched(true);
      },
      (problem) => setError(sayError(problem)),
    );
  const other = useLoaded(() => engine.elsewhere(code), [code, pulling])?.value;
  const now = engine.findTag(code);
  if (now.kind === "unassigned" || now.kind === "replaced") return <Outcome found={now} />;
  if (other && now.kind === "unknown") {
    const change = () => engine.chooseSite(other.site.id).catch((problem) => setError(sayError(problem)));
    return (
      <Note tone="soon" title={W.scanScreen.elsewhere(other.name, other.site.name)} live>
        <p>{W.scanScreen.elsewhereBody}</p>
        {error && <p class="error">{error}</p>}
        <div class="acts">
          <button type="button" class="btn" onClick={change}>
            {W.scanScreen.goTo(other.site.name)}
          </button>
        </div>
      </Note>
    );
  }
  return (
    <Note tone="soon" title={W.scanScreen.unknown(code)} live>
      <p>{fetched ? W.scanScreen.unknownStill : W.scanScreen.unknownBody}</p>
      {now.kind === "asset" && (
        <p>
          <Link href={`/asset/${now.asset.id}`}>{now.asset.name}</Link>
        </p>
      )}
      {now.kind === "place" && (
        <p>
          <Link href={`/place/${now.id}`}>{now.name}</Link>
        </p>
      )}
      {error && <p class="error">{error}</p>}
      <div class="acts">
        <button type="button" class="btn" onClick={again}>
          {pulling ? W.todayScreen.fetching : W.scanScreen.fetch}
        </button>
        {several && (
          <Link class="btn" href="/sites">
            {W.scanScreen.otherSite}
          </Link>
        )}
        {!fetched && (
          <Link class="btn" href={`/claim/${code}`}>
            {W.scanScreen.claim}
          </Link>
        )}
        <Link class="btn" href="/report">
          {W.assetScreen.report}
        </Link>
      </div>
    </Note>
  );
}
