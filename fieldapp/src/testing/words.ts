/** Tests read English, whatever machine they run on. */

import { speak } from "../words";

await speak("en");
