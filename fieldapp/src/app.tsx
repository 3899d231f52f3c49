/** Which screen for which address. The first ones are in the first piece; the others come when asked for. */

import { useEffect, useErrorBoundary } from "preact/hooks";
import { Route, Router, Switch, useLocation } from "wouter-preact";
import { Broken, Failed, Missing } from "./screens/Plain";
import { SignIn } from "./screens/SignIn";
import { Fetching, Sites } from "./screens/Sites";
import { Today } from "./screens/Today";
import { Announcer } from "./ui/announce";
import { usePart } from "./ui/engine";
import { useSteps } from "./ui/go";
import { Loading } from "./ui/Loading";
import { fetchTheRest, lazy } from "./ui/lazy";

const Scan = lazy(() => import("./screens/Scan").then((m) => m.Scan));
const Label = lazy<{ code: string }>(() => import("./screens/Scan").then((m) => m.Label));
const Asset = lazy<{ id: string }>(() => import("./screens/Asset").then((m) => m.Asset));
const Place = lazy<{ id: string }>(() => import("./screens/Place").then((m) => m.Place));
const Check = lazy<{ plan: string }>(() => import("./screens/Check").then((m) => m.Check));
const EventCheck = lazy<{ code: string; on: string; id: string }>(() =>
  import("./screens/Check").then((m) => m.EventCheck),
);
const Correct = lazy<{ op: string }>(() => import("./screens/Check").then((m) => m.Correct));
const CouldNot = lazy<{ plan: string }>(() => import("./screens/CouldNot").then((m) => m.CouldNot));
const Saved = lazy<{ op: string }>(() => import("./screens/Saved").then((m) => m.Saved));
const Work = lazy<{ op: string }>(() => import("./screens/Work").then((m) => m.Work));
const Report = lazy(() => import("./screens/Report").then((m) => m.Report));
const Add = lazy(() => import("./screens/Add").then((m) => m.Add));
const Claim = lazy<{ code: string }>(() => import("./screens/Claim").then((m) => m.Claim));
const Find = lazy(() => import("./screens/Claim").then((m) => m.Find));
const Walk = lazy(() => import("./screens/Walk").then((m) => m.Walk));
const Together = lazy<{ plan: string }>(() => import("./screens/Together").then((m) => m.Together));
const Jobs = lazy(() => import("./screens/Jobs").then((m) => m.Jobs));
const Job = lazy<{ id: string }>(() => import("./screens/Job").then((m) => m.Job));
const Problem = lazy<{ id: string }>(() => import("./screens/Problem").then((m) => m.Problem));
const Details = lazy<{ id: string }>(() => import("./screens/Details").then((m) => m.Details));
const Move = lazy<{ id: string }>(() => import("./screens/Move").then((m) => m.Move));
const Others = lazy(() => import("./screens/Others").then((m) => m.Others));
const Outbox = lazy(() => import("./screens/Outbox").then((m) => m.Outbox));
const Account = lazy(() => import("./screens/Account").then((m) => m.Account));

export function App() {
  useEffect(fetchTheRest, []);
  return (
    <Router base="/field">
      <Gate />
      <Announcer />
    </Router>
  );
}

/** Who are you, and where? Until both are known there is only one screen. */
function Gate() {
  useSteps();
  const [path] = useLocation();
  const [error, clear] = useErrorBoundary();
  const phase = usePart((s) => s.phase);
  const person = usePart((s) => s.session.person?.id ?? null);
  const chosen = usePart((s) => s.site_id);
  const here = usePart((s) => s.site !== null);
  if (error) return <Failed clear={clear} />;
  if (phase === "starting") return <Loading bare />;
  if (phase === "broken") return <Broken />;
  if (!person) return <SignIn />;
  if (path === "/account") return <Account />;
  if (path === "/outbox") return <Outbox />;
  if (path === "/sign-in") return <SignIn />;
  if (path === "/sites" || !chosen) return <Sites />;
  if (!here) return <Fetching />;
  return <Screens key={`${person}${path}`} />;
}

function Screens() {
  return (
    <Switch>
      <Route path="/">{() => <Today />}</Route>
      <Route path="/scan">{() => <Scan />}</Route>
      <Route path="/label/:code">{(p) => <Label code={p.code} />}</Route>
      <Route path="/asset/:id">{(p) => <Asset id={p.id} />}</Route>
      <Route path="/place/:id">{(p) => <Place id={p.id} />}</Route>
      <Route path="/check/:plan">{(p) => <Check plan={p.plan} />}</Route>
      <Route path="/event/:code/:on/:id">{(p) => <EventCheck code={p.code} on={p.on} id={p.id} />}</Route>
      <Route path="/correct/:op">{(p) => <Correct op={p.op} />}</Route>
      <Route path="/could-not/:plan">{(p) => <CouldNot plan={p.plan} />}</Route>
      <Route path="/saved/:op">{(p) => <Saved op={p.op} />}</Route>
      <Route path="/work/:op">{(p) => <Work op={p.op} />}</Route>
      <Route path="/report">{() => <Report />}</Route>
      <Route path="/add">{() => <Add />}</Route>
      <Route path="/claim/:code">{(p) => <Claim code={p.code} />}</Route>
      <Route path="/find">{() => <Find />}</Route>
      <Route path="/walk">{() => <Walk />}</Route>
      <Route path="/together/:plan">{(p) => <Together plan={p.plan} />}</Route>
      <Route path="/jobs">{() => <Jobs />}</Route>
      <Route path="/job/:id">{(p) => <Job id={p.id} />}</Route>
      <Route path="/problem/:id">{(p) => <Problem id={p.id} />}</Route>
      <Route path="/details/:id">{(p) => <Details id={p.id} />}</Route>
      <Route path="/move/:id">{(p) => <Move id={p.id} />}</Route>
      <Route path="/others">{() => <Others />}</Route>
      <Route>{() => <Missing />}</Route>
    </Switch>
  );
}
