/** Photos that are still being shrunk and kept. Save waits for them: a quick thumb must not leave one behind. */

const underWay = new Set<Promise<void>>();

export function keeping<T>(work: Promise<T>): Promise<T> {
  const noted: Promise<void> = work.then(
    () => void underWay.delete(noted),
    () => void underWay.delete(noted),
  );
  underWay.add(noted);
  return work;
}

/** Resolves when every photo that was taken is in its form, or has been refused there. */
export async function photosKept(): Promise<void> {
  while (underWay.size > 0) await Promise.all(underWay);
}
