/** The words first, then the app: whatever it says is then in the person's language from the first picture on. */

import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/parts.css";
import "./styles/form.css";
import "./styles/markup.css";
import "./styles/scan.css";
import "./styles/walk.css";
import { show } from "./ui/theme";
import { speak } from "./words";

show();
speak()
  .then(() => import("./run"))
  .then(({ run }) => run());
