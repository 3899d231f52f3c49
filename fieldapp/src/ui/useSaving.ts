/** From a filled form to work that is safe on this phone: the same for every form, and once however often it is tapped. */

import { useRef, useState } from "preact/hooks";
import { useLocation } from "wouter-preact";
import type { OpBodies, OpKind, ToRecord, Uuid } from "../engine";
import { W } from "../words";
import { announce, buzz } from "./announce";
import { sayError, useEngine } from "./engine";
import { showFault } from "./Field";
import { photosKept } from "./keeping";
import type { Drafted } from "./useDraft";

interface Saving<T extends object, K extends OpKind> {
  kind: K;
  draft: Drafted<T>;
  /** The draft's key: it goes when the work is saved. */
  key: string;
  /** What is wrong, by the field where it is to be put right. */
  faults: (data: T) => Record<string, string>;
  body: (data: T) => OpBodies[K];
  /** What was saved, to be read out. */
  said: (data: T) => string;
  /** What else is saved with it, all or nothing, and names it by its id. */
  also?: (id: Uuid) => ToRecord[];
}

export function useSaving<T extends object, K extends OpKind>(form: Saving<T, K>) {
  const engine = useEngine();
  const [, go] = useLocation();
  const [tried, setTried] = useState(false);
  const [saving, setSaving] = useState(false);
  const [trouble, setTrouble] = useState("");
  const busy = useRef(false);

  const attempt = async () => {
    await photosKept();
    const data = form.draft.latest();
    const wrong = Object.keys(form.faults(data));
    if (wrong.length > 0) {
      announce(W.check.missing(wrong.length));
      showFault(wrong);
      return;
    }
    const { id } = await engine.record(form.kind, form.body(data), { draft: form.key, also: form.also });
    buzz();
    announce(W.saved.announce(form.said(data)));
    go(`/saved/${id}`, { replace: true });
  };
  const save = async () => {
    if (busy.current) return;
    busy.current = true;
    setSaving(true);
    setTried(true);
    setTrouble("");
    try {
      await attempt();
    } catch (problem) {
      setTrouble(sayError(problem));
      // it stands at the end of the form, under the bar
      setTimeout(() => document.querySelector("[data-trouble]")?.scrollIntoView({ block: "center" }), 50);
    } finally {
      busy.current = false;
      setSaving(false);
    }
  };
  /** Nothing is called wrong before the first attempt. */
  const faults: Record<string, string> = tried ? form.faults(form.draft.data) : {};
  return { save, saving, trouble, faults };
}
