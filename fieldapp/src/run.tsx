/** The engine started, the first screen drawn. */

import { render } from "preact";
import { App } from "./app";
import { keepBadge } from "./badge";
import { startEngine } from "./engine";
import { keepBars } from "./ui/bars";
import { EngineContext } from "./ui/engine";

export async function run(): Promise<void> {
  const engine = await startEngine();
  keepBadge(engine);
  keepBars();
  const root = document.getElementById("app");
  if (!root) return;
  root.textContent = "";
  render(
    <EngineContext.Provider value={engine}>
      <App />
    </EngineContext.Provider>,
    root,
  );
}
