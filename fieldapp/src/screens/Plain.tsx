/** When there is nothing to show: say what happened, what was kept and what to do. */

import { Link, useLocation } from "wouter-preact";
import { usePart } from "../ui/engine";
import { Note } from "../ui/Note";
import { Screen } from "../ui/Screen";
import { W } from "../words";

export function Broken() {
  const trouble = usePart((s) => s.trouble);
  return (
    <Screen
      name={W.app}
      bare
      heading={W.broken.title}
      bottom={
        <button type="button" class="btn main main-act" onClick={() => location.reload()}>
          {W.broken.again}
        </button>
      }
    >
      <Note tone="late">{trouble && <p>{trouble}</p>}</Note>
      <p>{W.broken.lost}</p>
    </Screen>
  );
}

/** Something of ours went wrong while drawing. */
export function Failed({ clear }: { clear: () => void }) {
  const [, go] = useLocation();
  const leave = () => {
    go("/");
    clear();
  };
  return (
    <Screen
      name={W.app}
      bare
      heading={W.failed.title}
      bottom={
        <button type="button" class="btn main main-act" onClick={leave}>
          {W.missing.go}
        </button>
      }
    >
      <p>{W.failed.body}</p>
    </Screen>
  );
}

export function Missing({ title = W.missing.title, body = W.missing.body }: { title?: string; body?: string }) {
  return (
    <Screen
      name={W.missing.title}
      back="/"
      heading={title}
      bottom={
        <Link href="/" class="btn main main-act">
          {W.missing.go}
        </Link>
      }
    >
      <p>{body}</p>
    </Screen>
  );
}
