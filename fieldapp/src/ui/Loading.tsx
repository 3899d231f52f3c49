import { W } from "../words";
import { Screen } from "./Screen";

/** The shape of what is coming, still for those who ask for stillness. */
export function Ghost({ rows = 4 }: { rows?: number }) {
  return (
    <div class="stack" aria-hidden="true">
      {Array.from({ length: rows }, (_, n) => (
        <div key={n} class="stack tight">
          <div class="ghost" />
          <div class="ghost short" />
        </div>
      ))}
    </div>
  );
}

/** `bare`: before the phone knows what it holds, it must not say that all is sent. */
export function Loading({ back, bare }: { back?: string; bare?: boolean }) {
  return (
    <Screen name={W.app} back={back} bare={bare}>
      <p class="unseen" role="status">
        {W.loading}
      </p>
      <Ghost />
    </Screen>
  );
}
