/** Puts the engine together and wires it to the page: when it comes to the front, goes away, finds a signal. */

import { Store } from "./db";
import { Desk } from "./desk";
import type { Engine } from "./engine";
import type { Network } from "./network";
import { buildEngine, type Parts } from "./phone";
import { W } from "./words";
import { browserWorld, type World } from "./world";

const CHANNEL = "siteward-field";
/** What is not needed for the first picture waits until it is drawn. */
const SETTLE_AFTER = 1_000;

export async function start(world: World = browserWorld(), store = new Store()): Promise<Engine> {
  const desk = new Desk(store, world);
  const parts = partsOf(world, store, desk);
  const engine = buildEngine(parts);
  if (!globalThis.isSecureContext || !globalThis.crypto?.subtle) {
    desk.set({ phase: "broken", trouble: W.engine.insecure });
    return engine;
  }
  try {
    await desk.refresh();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    desk.set({ phase: "broken", trouble: W.engine.noStorage(why) });
    return engine;
  }
  wire(parts, engine);
  return engine;
}

function partsOf(world: World, store: Store, desk: Desk): Parts {
  const tabs = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(CHANNEL);
  tabs?.addEventListener("message", (event) => {
    void (event.data === "work" ? desk.refreshWork() : desk.refresh()).catch(() => undefined);
  });
  let formIsOpen = false;
  let loading: Promise<Network> | null = null;
  const outside = {
    store,
    world,
    desk,
    changed: (what: "work" | "all") => tabs?.postMessage(what),
    isFormOpen: () => formIsOpen,
  };
  return {
    ...outside,
    formOpen: (open) => {
      formIsOpen = open;
    },
    network: () => {
      loading ??= import("./network").then(
        ({ Network }) => new Network(outside),
        (error: unknown) => {
          loading = null;
          throw error;
        },
      );
      return loading;
    },
  };
}

function wire(parts: Parts, engine: ReturnType<typeof buildEngine>): void {
  const { desk, world, network } = parts;
  const wake = () => void network().then((net) => net.traffic.wake(), ignore);
  const atFront = () => {
    if (!world.visible()) {
      void engine.flush();
      return;
    }
    wake();
    void network().then((net) => {
      net.shell.look();
      return net.noteStorage();
    }, ignore);
  };
  document.addEventListener("visibilitychange", atFront);
  addEventListener("focus", wake);
  addEventListener("pagehide", () => void engine.flush());
  addEventListener("pageshow", (event) => {
    if (event.persisted) atFront();
  });
  addEventListener("online", () => {
    desk.sync({ online: true });
    wake();
  });
  addEventListener("offline", () => desk.sync({ online: false }));
  void engine.kick({ pull: true }).catch(ignore);
  setTimeout(
    () =>
      void network()
        .then((net) => net.settle())
        .catch(ignore),
    SETTLE_AFTER,
  );
}

/** Nothing here is needed to go on working; the next chance tries again. */
function ignore(): void {}
