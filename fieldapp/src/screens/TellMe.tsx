/** Being told on this phone while the app is closed. The phone asks for permission on the press of the button alone. */

import { useEffect, useState } from "preact/hooks";
import { switchOff, switchOn, type Told, told } from "../told";
import { W } from "../words";

const SAYS: Record<Told, string> = {
  on: W.accountScreen.toldOn,
  ready: "",
  denied: W.accountScreen.toldDenied,
  ios: W.accountScreen.toldIos,
  never: W.accountScreen.toldNever,
  "off-here": W.accountScreen.toldOffHere,
  unknown: W.accountScreen.toldUnknown,
};

export function TellMe() {
  const [how, setHow] = useState<Told | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  useEffect(() => {
    let here = true;
    void told().then((found) => here && setHow(found));
    return () => {
      here = false;
    };
  }, []);
  const change = async (act: () => Promise<Told>) => {
    if (busy) return;
    setBusy(true);
    setError("");
    try {
      setHow(await act());
    } catch (problem) {
      // The browser's own words (a DOMException) help nobody.
      setError(problem instanceof DOMException ? W.accountScreen.toldFailed : (problem as Error).message);
    }
    setBusy(false);
  };
  if (how === null) return null;
  return (
    <section class="stack">
      <h2>{W.accountScreen.told}</h2>
      <p class="muted">{W.accountScreen.toldHelp}</p>
      {how === "ready" && (
        <button type="button" class="btn wide" aria-disabled={busy} onClick={() => change(switchOn)}>
          {busy ? W.accountScreen.toldDoing : W.accountScreen.toldDo}
        </button>
      )}
      <p role="status">{SAYS[how]}</p>
      {how === "on" && (
        <button type="button" class="btn wide" aria-disabled={busy} onClick={() => change(switchOff)}>
          {W.accountScreen.toldStop}
        </button>
      )}
      {error && (
        <p class="error" role="alert">
          {error}
        </p>
      )}
    </section>
  );
}
