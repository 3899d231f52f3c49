/** Screens that are not the first one come when they are asked for; the service worker has them all on the phone. */

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { W } from "../words";
import { Loading } from "./Loading";
import { Note } from "./Note";
import { Screen } from "./Screen";

// biome-ignore lint/suspicious/noExplicitAny: any screen's own properties pass through untouched
type AnyScreen = ComponentType<any>;

const waiting: (() => Promise<void>)[] = [];

/** Once the first screen stands, the others are made ready, so that a scan opens its form at once. */
export function fetchTheRest(): void {
  const idle = window.requestIdleCallback ?? ((work: () => void) => setTimeout(work, 200));
  idle(async () => {
    for (const fetch of waiting.splice(0)) await fetch();
  });
}

/** A piece within a screen: nothing is shown until it is there. */
export function lazyPart<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  return lazy(load, () => null);
}

export function lazy<P extends object>(
  load: () => Promise<ComponentType<P>>,
  Waiting: ComponentType = Loading as ComponentType,
): ComponentType<P> {
  let ready: AnyScreen | null = null;
  const fetch = async () => {
    ready ??= await load();
  };
  waiting.push(() => fetch().catch(() => undefined));
  return function Later(props: P) {
    const [state, setState] = useState<"loading" | "ready" | "failed">(ready ? "ready" : "loading");
    useEffect(() => {
      if (ready) return;
      fetch().then(
        () => setState("ready"),
        () => setState("failed"),
      );
    }, []);
    if (ready) {
      const Ready = ready;
      return <Ready {...props} />;
    }
    return state === "failed" ? <Failed /> : <Waiting />;
  };
}

function Failed() {
  return (
    <Screen name={W.app} back="/" heading={W.failed.title}>
      <Note tone="due" live>
        <p>{W.failed.part}</p>
      </Note>
    </Screen>
  );
}
