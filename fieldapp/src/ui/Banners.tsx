/** What the whole app must say now. Nothing here covers the screen, and an update never comes under a form. */

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { W } from "../words";
import { sayError, useEngine, usePart } from "./engine";

export function Banners({ form }: { form: boolean }) {
  const [path] = useLocation();
  const state = {
    expired: usePart((s) => s.session.expired),
    old: usePart((s) => s.outbox.overdue_to_send),
    room: usePart((s) => s.storage.room),
    update: usePart((s) => s.update_ready),
    oldApp: usePart((s) => s.sync.update_wanted),
  };
  return (
    <aside aria-label={W.banner.name}>
      {state.room !== "ok" && <Banner>{state.room === "full" ? W.banner.full : W.banner.low}</Banner>}
      {state.expired && path !== "/sign-in" && (
        <Banner
          act={
            <Link class="btn slim" href="/sign-in">
              {W.banner.signIn}
            </Link>
          }
        >
          {W.banner.expired}
        </Banner>
      )}
      {state.old > 0 && !form && (
        <Banner
          act={
            <Link class="btn slim" href="/outbox">
              {W.banner.oldDo}
            </Link>
          }
        >
          {W.banner.old(state.old)}
        </Banner>
      )}
      {state.update && !form && <Update />}
      {state.oldApp && !state.update && !form && <Banner>{W.banner.oldApp}</Banner>}
    </aside>
  );
}

function Banner({ children, act }: { children: ComponentChildren; act?: ComponentChildren }) {
  return (
    <div class="banner">
      <div class="frame">
        <p>{children}</p>
        {act}
      </div>
    </div>
  );
}

function Update() {
  const engine = useEngine();
  const [refused, setRefused] = useState("");
  const use = () => engine.applyUpdate().catch((error) => setRefused(sayError(error)));
  return (
    <Banner
      act={
        <button type="button" class="btn slim" onClick={use}>
          {W.banner.updateDo}
        </button>
      }
    >
      {refused || W.banner.update}
    </Banner>
  );
}
