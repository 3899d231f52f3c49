/** The frame of every screen: name, status line, the middle, and one main thing to do at the bottom. */

import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { Link } from "wouter-preact";
import { W } from "../words";
import { Banners } from "./Banners";
import { useBack } from "./go";
import { Icon } from "./Icon";
import { StatusLine } from "./StatusLine";

interface ScreenProps {
  /** In the top bar and in the window's title. */
  name: string;
  /** The first heading; when it is the name itself, the top bar is the heading and nothing is said twice. */
  heading?: string;
  /** Where Back goes when there is nothing to go back to; no Back without it. */
  back?: string;
  /** What stands on the right of the top bar instead of Scan. */
  right?: ComponentChildren;
  left?: ComponentChildren;
  bottom?: ComponentChildren;
  /** Before the sign-in there is nothing to say about sending. */
  bare?: boolean;
  /** A form: an update must wait. */
  form?: boolean;
  children: ComponentChildren;
}

export function Screen(props: ScreenProps) {
  useEffect(() => {
    document.title = `${props.name} · ${W.app}`;
  }, [props.name]);
  useEffect(() => {
    const heading = document.querySelector<HTMLElement>("h1");
    heading?.setAttribute("tabindex", "-1");
    heading?.focus({ preventScroll: true });
  }, []);
  return (
    <div class="app">
      <a class="skip" href="#main">
        {W.skip}
      </a>
      <header class="top">
        <div class="frame top-row">
          {props.back !== undefined && <BackButton to={props.back} />}
          {props.left ?? <TopName name={props.name} heading={props.heading === props.name} />}
          {props.right ?? (!props.bare && <ScanLink />)}
        </div>
        {!props.bare && <StatusLine />}
      </header>
      {!props.bare && <Banners form={props.form ?? false} />}
      <main id="main" class="frame middle stack">
        {props.heading && props.heading !== props.name && <h1>{props.heading}</h1>}
        {props.children}
      </main>
      {props.bottom && (
        <footer class="bottom">
          <div class="frame bottom-acts">{props.bottom}</div>
        </footer>
      )}
    </div>
  );
}

/** The name is the heading where the screen has no sentence of its own to begin with. */
function TopName({ name, heading }: { name: string; heading: boolean }) {
  return heading ? <h1 class="top-name">{name}</h1> : <span class="top-name">{name}</span>;
}

function BackButton({ to }: { to: string }) {
  const back = useBack(to);
  return (
    <button type="button" class="icon-btn" onClick={back} aria-label={W.back}>
      <Icon name="back" />
    </button>
  );
}

function ScanLink() {
  return (
    <Link href="/scan" class="icon-btn" aria-label={W.scan}>
      <Icon name="scan" />
    </Link>
  );
}
