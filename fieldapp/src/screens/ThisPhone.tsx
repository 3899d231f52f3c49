import { useState } from "preact/hooks";
import { useEngine, usePart } from "../ui/engine";
import { bytes } from "../ui/say";
import { W } from "../words";

/** Storage and installing: how sure the phone is of keeping what is saved, and what would make it surer. */
export function ThisPhone() {
  const engine = useEngine();
  const storage = usePart((s) => s.storage);
  const [refused, setRefused] = useState(false);
  const { persisted, used, quota, install } = storage;
  const asking = persisted === undefined;
  const keep = () => engine.persist().then((yes) => setRefused(!yes));
  return (
    <section>
      <h2>{W.outbox.phone}</h2>
      <dl class="facts">
        <div>
          <dt>{W.outbox.kept}</dt>
          <dd>{keptWords(persisted)}</dd>
        </div>
        <div>
          <dt>{W.outbox.room}</dt>
          <dd>
            {asking ? W.outbox.asking : W.outbox.roomWords[storage.room]}
            {used !== null && quota !== null && `. ${W.outbox.roomUsed(bytes(used), bytes(quota))}`}
          </dd>
        </div>
        <div>
          <dt>{W.outbox.installed}</dt>
          <dd>{storage.installed ? W.outbox.installedYes : W.outbox.installedNo}</dd>
        </div>
      </dl>
      {install === "ios" && <p>{W.todayScreen.installIos}</p>}
      <div class="acts">
        {persisted === false && (
          <button type="button" class="btn slim" onClick={keep}>
            {W.outbox.keep}
          </button>
        )}
        {install === "button" && (
          <button type="button" class="btn slim" onClick={() => engine.install()}>
            {W.todayScreen.installDo}
          </button>
        )}
      </div>
      {refused && persisted === false && <p role="status">{W.outbox.keepNo}</p>}
    </section>
  );
}

function keptWords(persisted: boolean | null | undefined): string {
  if (persisted === undefined) return W.outbox.asking;
  if (persisted === null) return W.outbox.keptUnknown;
  return persisted ? W.outbox.keptYes : W.outbox.keptNo;
}
