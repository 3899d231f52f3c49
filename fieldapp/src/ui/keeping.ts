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

/** Something that is still open on a photo, such as marks that are being drawn: what finishes it. */
const open = new Set<() => Promise<void>>();

/** Has it finished when the form is saved; answers what to call when it is closed otherwise. */
export function whileOpen(finish: () => Promise<void>): () => void {
  open.add(finish);
  return () => void open.delete(finish);
}

/** Resolves when every photo that was taken is in its form, or has been refused there. */
export async function photosKept(): Promise<void> {
  await Promise.all([...open].map((finish) => finish()));
  while (underWay.size > 0) await Promise.all(underWay);
}
