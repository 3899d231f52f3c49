/** Scan a label, or type its code. The box for the code is always there: cameras fail, fingers do not. */

import { useEffect, useRef, useState } from "preact/hooks";
import { Link, useLocation, useSearch } from "wouter-preact";
import type { Found, Presence } from "../engine";
import { announce, buzz } from "../ui/announce";
import { useEngine } from "../ui/engine";
import { remember, remembered } from "../ui/remember";
import { Screen } from "../ui/Screen";
import { arrived } from "../ui/visit";
import { W } from "../words";
import { Camera } from "./ScanCamera";
import { CodeBox } from "./ScanCode";
import { NfcButton } from "./ScanNfc";
import { Outcome } from "./ScanOutcome";

const ALLOWED = "siteward-camera";

/** Sends us on to the asset or the place, or says what else it was. */
function useFound(wanted: string | null = null) {
  const [, go] = useLocation();
  const [found, setFound] = useState<Found | null>(null);
  const take = (what: Found, presence: Presence) => {
    if (what.kind === "asset") {
      buzz();
      arrived(what.asset.id, what.code, presence);
      go(`/asset/${what.asset.id}`, { replace: true });
      return;
    }
    if (what.kind === "place") {
      buzz();
      go(`/place/${what.id}`, { replace: true });
      return;
    }
    if (wanted && what.kind === "unassigned") {
      buzz();
      go(`/claim/${what.code}?for=${wanted}`, { replace: true });
      return;
    }
    buzz([40, 60, 40]);
    setFound(what);
  };
  return { found, take, clear: () => setFound(null) };
}

export function Scan() {
  const wanted = new URLSearchParams(useSearch()).get("for");
  const { found, take, clear } = useFound(wanted);
  const [asked, setAsked] = useState(() => remembered(ALLOWED) !== null);
  const outcome = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (found) outcome.current?.focus();
  }, [found]);
  const opened = () => remember(ALLOWED, "1");
  const refused = () => remember(ALLOWED, null);

  return (
    <Screen
      name={W.scanScreen.title}
      heading={wanted ? W.claim.fresh : W.scanScreen.title}
      back={wanted ? `/asset/${wanted}` : "/"}
      right={<span />}
      bottom={(found || !asked) && <Bottom {...{ found, clear, setAsked }} />}
    >
      {wanted && <p>{W.claim.freshBody}</p>}
      {found ? (
        <div ref={outcome} tabIndex={-1}>
          <Outcome found={found} />
        </div>
      ) : asked ? (
        <Camera onFound={(what) => take(what, "tag")} onOpen={opened} onRefused={refused} />
      ) : (
        <Explain />
      )}
      <CodeBox onFound={(what) => take(what, "typed")} onWrong={clear} />
      <NfcButton onFound={(what) => take(what, "nfc")} />
      <Link href="/find" class="btn wide">
        {W.scanScreen.damaged}
      </Link>
    </Screen>
  );
}

function Explain() {
  return (
    <div class="stack">
      <p class="big">{W.scanScreen.why}</p>
      <p>{W.scanScreen.ask}</p>
    </div>
  );
}

function Bottom(props: { found: Found | null; clear: () => void; setAsked: (yes: boolean) => void }) {
  return (
    <button type="button" class="btn main main-act" onClick={() => [props.clear(), props.setAsked(true)]}>
      {props.found ? W.scanScreen.resume : W.scanScreen.open}
    </button>
  );
}

/** A label that the phone's own camera read, opened straight into the app. */
export function Label({ code }: { code: string }) {
  const engine = useEngine();
  const { found, take } = useFound();
  useEffect(() => {
    announce(W.loading);
    take(engine.findTag(code), "tag");
  }, [code]);
  return (
    <Screen name={W.scanScreen.title} back="/" heading={W.scanScreen.title}>
      {found && <Outcome found={found} />}
    </Screen>
  );
}
