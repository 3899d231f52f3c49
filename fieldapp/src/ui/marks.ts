/** Marks on a photo, in parts of its width and height (0 to 1), so that they fit any size it is drawn at. */

export type Shape = "arrow" | "circle";

export interface Mark {
  shape: Shape;
  /** An arrow's tail, or a circle's middle. */
  from: [number, number];
  /** An arrow's point, or a place on the circle. */
  to: [number, number];
}

const START: Record<Shape, Mark> = {
  arrow: { shape: "arrow", from: [0.3, 0.3], to: [0.5, 0.5] },
  circle: { shape: "circle", from: [0.5, 0.5], to: [0.65, 0.5] },
};

/** A mark in the middle, for whoever cannot draw one: it is then moved by buttons or keys. */
export function placed(shape: Shape): Mark {
  return START[shape];
}

const inside = (part: number) => Math.min(1, Math.max(0, part));

export function moved(mark: Mark, dx: number, dy: number): Mark {
  const shift = ([x, y]: [number, number]): [number, number] => [inside(x + dx), inside(y + dy)];
  return { ...mark, from: shift(mark.from), to: shift(mark.to) };
}

/** Larger or smaller about where it begins. */
export function grown(mark: Mark, by: number): Mark {
  const [x, y] = mark.from;
  return { ...mark, to: [inside(x + (mark.to[0] - x) * by), inside(y + (mark.to[1] - y) * by)] };
}

/** A tap is no mark: it has no length. */
export function isDrawn(mark: Mark): boolean {
  return Math.hypot(mark.to[0] - mark.from[0], mark.to[1] - mark.from[1]) > 0.02;
}

/** Red with a white edge: to be seen on any picture, in print too. */
export function draw(pen: CanvasRenderingContext2D, marks: readonly Mark[], width: number, height: number): void {
  const thick = Math.max(4, Math.round(Math.max(width, height) / 110));
  pen.lineCap = pen.lineJoin = "round";
  for (const [colour, line] of [
    ["#fff", thick * 2],
    ["#d01010", thick],
  ] as const) {
    pen.strokeStyle = colour;
    pen.lineWidth = line;
    for (const mark of marks) {
      pen.beginPath();
      trace(pen, mark, width, height, thick * 5);
      pen.stroke();
    }
  }
}

function trace(pen: CanvasRenderingContext2D, mark: Mark, width: number, height: number, head: number): void {
  const [x, y, u, v] = [mark.from[0] * width, mark.from[1] * height, mark.to[0] * width, mark.to[1] * height];
  if (mark.shape === "circle") {
    pen.arc(x, y, Math.hypot(u - x, v - y), 0, 2 * Math.PI);
    return;
  }
  const angle = Math.atan2(v - y, u - x);
  pen.moveTo(x, y);
  pen.lineTo(u, v);
  for (const side of [-0.5, 0.5]) {
    pen.moveTo(u, v);
    pen.lineTo(u - head * Math.cos(angle + side), v - head * Math.sin(angle + side));
  }
}
