import { useState } from "preact/hooks";
import { W } from "../words";
import { sayError, useEngine } from "./engine";

/** "Save a copy to a file": hands the file to the phone, and says what it is called. */
export function useSaveCopy() {
  const engine = useEngine();
  const [said, setSaid] = useState("");
  const [saved, setSaved] = useState(false);
  const save = async () => {
    try {
      const { name, blob } = await engine.exportUnsent();
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
      setSaid(W.outbox.copied(name));
      setSaved(true);
    } catch (problem) {
      setSaid(`${W.outbox.copyFailed} ${sayError(problem)}`);
    }
  };
  return { save, said, saved };
}
