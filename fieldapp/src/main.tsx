import { render } from "preact";
import { App } from "./app";
import { startEngine } from "./engine";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/parts.css";
import "./styles/form.css";
import { EngineContext } from "./ui/engine";
import { show } from "./ui/theme";

show();
startEngine().then((engine) => {
  const root = document.getElementById("app");
  if (!root) return;
  root.textContent = "";
  render(
    <EngineContext.Provider value={engine}>
      <App />
    </EngineContext.Provider>,
    root,
  );
});
