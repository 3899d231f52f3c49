import type { IsoDate, Question } from "../../engine";
import { line, trendWords } from "./trend";

interface TrendProps {
  question: Question;
  points: [IsoDate, number][] | undefined;
  id: string;
}

const [WIDE, HIGH] = [88, 24];

/** The last readings beside the field: a small line with the limit across it, and the same in words. */
export function Trend({ question, points, id }: TrendProps) {
  if (!points || points.length < 2) return null;
  const values = points.map(([, value]) => value);
  const { pass } = question;
  const limits = [pass?.at_least, pass?.at_most, ...(pass?.between ?? [])].filter((limit) => limit !== undefined);
  const drawn = line(values, WIDE, HIGH, limits);
  const end = drawn.points.at(-1) ?? [0, 0];
  return (
    <div class="trend">
      <svg viewBox={`-3 -3 ${WIDE + 7} ${HIGH + 6}`} aria-hidden="true">
        {limits.map((limit) => (
          <path key={limit} class="limit" d={`M0 ${drawn.y(limit)}H${WIDE}`} />
        ))}
        <polyline points={drawn.points.join(" ")} />
        <circle cx={end[0]} cy={end[1]} r="3" />
      </svg>
      <span class="muted small" id={id}>
        {trendWords(values, question.unit)}
      </span>
    </div>
  );
}
