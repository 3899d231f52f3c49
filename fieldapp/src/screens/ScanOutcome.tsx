/** A label was read, but it is not on a thing that we know: say what it is, and what to do next. */

import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import type { Found } from "../engine";
import { sayError, useEngine, usePart } from "../ui/engine";
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

/** A good code that is not in this phone's lists: fetch them again, or stand at another site. */
function Unknown({ code }: { code: string }) {
  const engine = useEngine();
  const several = usePart((s) => s.session.sites.length > 1);
  const pulling = usePart((s) => s.sync.pulling);
  const [error, setError] = useState("");
  const again = () =>
    engine.pullNow().then(
      () => setError(""),
      (problem) => setError(sayError(problem)),
    );
  const now = engine.findTag(code);
  if (now.kind === "unassigned") return <Outcome found={now} />;
  return (
    <Note tone="soon" title={W.scanScreen.unknown(code)} live>
      <p>{W.scanScreen.unknownBody}</p>
      {now.kind === "asset" && (
        <p>
          <Link href={`/asset/${now.asset.id}`}>{now.asset.name}</Link>
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
        <Link class="btn" href={`/claim/${code}`}>
          {W.scanScreen.claim}
        </Link>
      </div>
    </Note>
  );
}
