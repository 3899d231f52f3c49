/** NFC tags beside the printed labels, on phones that read them (Chrome on Android). The tag holds the label's address. */

interface Heard {
  message: { records: { recordType: string; data?: BufferSource; encoding?: string }[] };
}
interface Reader {
  onreading: ((event: Heard) => void) | null;
  scan(options: { signal: AbortSignal }): Promise<void>;
}
const reader = () => (globalThis as { NDEFReader?: new () => Reader }).NDEFReader;

export function hasNfc(): boolean {
  return reader() !== undefined;
}

/** Listens until `signal` says stop; call it from a tap. False when the phone says no, or NFC is switched off. */
export async function listenNfc(onText: (text: string) => void, signal: AbortSignal): Promise<boolean> {
  const Kind = reader();
  if (!Kind) return false;
  try {
    const listening = new Kind();
    listening.onreading = ({ message }) => {
      for (const { recordType, data, encoding } of message.records) {
        const known = recordType === "url" || recordType === "absolute-url" || recordType === "text";
        if (known && data && !signal.aborted) return onText(new TextDecoder(encoding).decode(data).trim());
      }
      if (!signal.aborted) onText("");
    };
    await listening.scan({ signal });
    return true;
  } catch {
    return false;
  }
}
