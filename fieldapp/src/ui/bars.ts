/** The bars above and below stay in sight while there is room for the work between them: large letters, or a phone held
 * sideways, need all of it. */

/** Lines of text that must fit on the screen. */
const LINES = 34;

export function keepBars(): void {
  const measure = () => {
    const letter = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
    document.documentElement.toggleAttribute("data-low", innerHeight / letter < LINES);
  };
  measure();
  addEventListener("resize", measure);
  new ResizeObserver(measure).observe(document.documentElement);
}
