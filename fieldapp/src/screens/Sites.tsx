import { useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import type { SiteRef } from "../engine";
import { sayError, useEngine, usePart } from "../ui/engine";
import { Icon } from "../ui/Icon";
import { Ghost } from "../ui/Loading";
import { Note } from "../ui/Note";
import { Screen } from "../ui/Screen";
import { SearchBox } from "../ui/SearchBox";
import { Badge } from "../ui/Status";
import { english, W } from "../words";

/** Which school, which site: asked once, remembered, changed from the top of Today. */
export function Sites() {
  const engine = useEngine();
  const [, go] = useLocation();
  const sites = usePart((s) => s.session.sites);
  const chosen = usePart((s) => s.site_id);
  const [words, setWords] = useState("");
  const [error, setError] = useState("");
  const choose = (id: string) => {
    engine.chooseSite(id).catch((problem) => setError(sayError(problem)));
    go("/", { replace: true });
  };
  const shown = sites.filter((site) =>
    `${site.name} ${site.school}`.toLowerCase().includes(words.trim().toLowerCase()),
  );
  return (
    <Screen
      name={W.sites.title}
      back={chosen ? "/" : undefined}
      right={<AccountLink />}
      heading={sites.length ? W.sites.title : W.sites.none}
    >
      {error && (
        <Note tone="due" live>
          <p>{error}</p>
        </Note>
      )}
      {sites.length === 0 && <NoSites />}
      {sites.length > 6 && <SearchBox label={W.sites.find} value={words} onWords={setWords} />}
      <ul class="rows">
        {shown.map((site) => (
          <SiteRow key={site.id} site={site} chosen={site.id === chosen} choose={choose} />
        ))}
      </ul>
      {sites.length > 0 && shown.length === 0 && <p class="empty">{W.todayScreen.noMatch}</p>}
    </Screen>
  );
}

function SiteRow({ site, chosen, choose }: { site: SiteRef; chosen: boolean; choose: (id: string) => void }) {
  return (
    <li>
      <button type="button" class="row" onClick={() => choose(site.id)} aria-current={chosen ? "true" : undefined}>
        <span class="row-words">
          <span class="row-title" {...english()}>
            {site.name}
          </span>
          {site.school !== site.name && <span class="muted">{site.school}</span>}
          {chosen && <Badge tone="good">{W.sites.chosen}</Badge>}
        </span>
        <Icon name="go" />
      </button>
    </li>
  );
}

function NoSites() {
  const engine = useEngine();
  const [error, setError] = useState("");
  const again = () =>
    engine.pullNow().then(
      () => setError(""),
      (problem) => setError(sayError(problem)),
    );
  return (
    <>
      <p>{W.sites.noneBody}</p>
      {error && <p class="error">{error}</p>}
      <button type="button" class="btn wide" onClick={again}>
        {W.sites.again}
      </button>
    </>
  );
}

/** The site is chosen, its lists are on the way for the first time. */
export function Fetching() {
  const engine = useEngine();
  const id = usePart((s) => s.site_id);
  const site = usePart((s) => s.session.sites.find((one) => one.id === id) ?? null);
  const sync = usePart((s) => s.sync);
  const stuck = !sync.online || sync.problem;
  return (
    <Screen
      name={site?.name ?? W.app}
      right={<AccountLink />}
      heading={W.sites.loading(site?.name ?? "")}
      bottom={
        <>
          <Link class="btn" href="/sites">
            {W.sites.other}
          </Link>
          {stuck && (
            <button type="button" class="btn main main-act" onClick={() => engine.pullNow().catch(() => undefined)}>
              {W.sites.again}
            </button>
          )}
        </>
      }
    >
      <p role="status">{stuck ? W.sites.slow : W.sites.loadingBody}</p>
      {sync.problem && (
        <Note tone="due">
          <p>{sync.problem}</p>
        </Note>
      )}
      <Ghost rows={5} />
    </Screen>
  );
}

export function AccountLink() {
  return (
    <Link href="/account" class="icon-btn" aria-label={W.account}>
      <Icon name="person" />
    </Link>
  );
}
