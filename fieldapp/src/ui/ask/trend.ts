/** The last readings in words and as a line: one look says whether a tap is getting colder. */

import { withUnit } from "../../answer-words";
import type { Question } from "../../engine";
import { W } from "../../words";

export type Way = "falling" | "rising" | "steady" | "changing";

/** By the first, the one before the last and the last; what moves by less than a fiftieth of itself is steady. */
export function wayOf(values: readonly number[]): Way {
  const [first = 0, before = 0, last = 0] = [values[0], values.at(-2), values.at(-1)];
  const spread = Math.max(...values) - Math.min(...values);
  if (spread <= Math.abs(last) / 50) return "steady";
  if (last < first && last <= before) return "falling";
  return last > first && last >= before ? "rising" : "changing";
}

/** "Was 51, 52, 49 °C: falling" */
export function trendWords(values: readonly number[], unit: Question["unit"]): string {
  const said = values.map((value, at) =>
    at === values.length - 1 || unit === "GBP" ? withUnit(value, unit) : String(value),
  );
  return W.trend.was(said.join(", "), W.trend[wayOf(values)]);
}

/** Corner points of the line in a box of this size, the highest value at the top; `also` must be within the picture. */
export function line(values: readonly number[], width: number, height: number, also: readonly number[] = []) {
  const all = [...values, ...also];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const y = (value: number) => (high === low ? height / 2 : height - ((value - low) / (high - low)) * height);
  const x = (at: number) => (values.length > 1 ? (at / (values.length - 1)) * width : width);
  const corner = (n: number) => Math.round(n * 10) / 10;
  return {
    points: values.map((value, at) => [corner(x(at)), corner(y(value))] as const),
    y: (value: number) => corner(y(value)),
  };
}
