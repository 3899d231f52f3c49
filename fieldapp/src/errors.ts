/** A refusal in words that may be shown as they are. `code` is for choosing what to offer next. */
export class EngineError extends Error {
  constructor(
    readonly code:
      | "no-signal"
      | "wrong-password"
      | "second-step"
      | "too-many-tries"
      | "unsent-work"
      | "not-signed-in"
      | "no-room"
      | "storage"
      | "not-a-photo"
      | "too-large"
      | "form-open"
      | "server",
    message: string,
  ) {
    super(message);
    this.name = "EngineError";
  }
}

const CONNECTION = /connection.*(lost|clos)|clos(ed|ing).*connection|internal error|backing store|server lost/i;

function named(error: unknown): string {
  return error instanceof Error || error instanceof DOMException ? error.name : "";
}

/** The phone has no room left for what was to be written. */
export function isFull(error: unknown): boolean {
  return named(error) === "QuotaExceededError" || (error instanceof Error && /quota/i.test(error.message));
}

/**
 * The browser has closed the store under us (iOS does so when memory is short), so nothing of the last attempt was
 * kept, and opening it again helps.
 */
export function isLostConnection(error: unknown): boolean {
  const name = named(error);
  if (isFull(error)) return false;
  if (name === "InvalidStateError" || name === "AbortError") return true;
  return name === "UnknownError" && CONNECTION.test((error as Error).message);
}
