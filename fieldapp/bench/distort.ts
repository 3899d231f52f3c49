/** What spoils a picture of a label: blur, shake, dark, dirt, scratches, glare, shadow, wet, a poor codec. */

import type { Grey } from "../src/frames.ts";
import type { Chance } from "./labels.ts";

export function blurred(picture: Grey, sigma: number): Grey {
  const reach = Math.ceil(sigma * 3);
  const weights = Array.from({ length: 2 * reach + 1 }, (_, n) => Math.exp(-((n - reach) ** 2) / (2 * sigma * sigma)));
  return along(along(picture, weights, 1, 0), weights, 0, 1);
}

/** The hand moved this many points in this direction (degrees) while the shutter was open. */
export function shaken(picture: Grey, length: number, direction: number): Grey {
  const steps = Math.max(2, Math.ceil(length * 2));
  const { width, height, data } = picture;
  const out = new Float32Array(data.length);
  for (let n = 0; n < steps; n++) {
    const by = (n / (steps - 1) - 0.5) * length;
    const [dx, dy] = [Math.cos((direction * Math.PI) / 180) * by, Math.sin((direction * Math.PI) / 180) * by];
    const [x0, y0] = [Math.floor(dx), Math.floor(dy)];
    const [fx, fy] = [dx - x0, dy - y0];
    for (let y = 1; y < height - 1; y++) {
      const row = Math.min(height - 2, Math.max(0, y + y0)) * width;
      for (let x = 1; x < width - 1; x++) {
        const at = row + Math.min(width - 2, Math.max(0, x + x0));
        const top = (data[at] ?? 0) * (1 - fx) + (data[at + 1] ?? 0) * fx;
        const low = (data[at + width] ?? 0) * (1 - fx) + (data[at + width + 1] ?? 0) * fx;
        out[y * width + x] = (out[y * width + x] ?? 0) + (top * (1 - fy) + low * fy) / steps;
      }
    }
  }
  return { width, height, data: Uint8ClampedArray.from(out) };
}

/** Less light, and the grain that comes with it. */
export function dimmed(picture: Grey, gain: number, black: number, noise: number, chance: Chance): Grey {
  return { ...picture, data: picture.data.map((value) => black + value * gain + noise * chance.normal()) };
}

/** Blotches over this share of the square of `side` points in the middle. */
export function dirty(picture: Grey, side: number, share: number, chance: Chance): Grey {
  const { width, height } = picture;
  const data = picture.data.slice();
  const covered = new Uint8Array(data.length);
  const wanted = share * side * side;
  for (let done = 0, tries = 0; done < wanted && tries < 400; tries++) {
    const [cx, cy] = [width / 2 + chance.between(-0.75, 0.75) * side, height / 2 + chance.between(-0.75, 0.75) * side];
    const [rx, ry] = [chance.between(0.02, 0.09) * side, chance.between(0.02, 0.09) * side];
    const [tone, cover] = [chance.between(10, 170), chance.between(0.7, 1)];
    blotch(width, height, cx, cy, rx, ry, (at, inside) => {
      if (inside(side) && !covered[at]) done++;
      covered[at] = 1;
      data[at] = (data[at] ?? 0) * (1 - cover) + tone * cover;
    });
  }
  return { width, height, data };
}

type Paint = (at: number, inside: (side: number) => boolean) => void;

/** Every point of an ellipse; `inside` says whether it lies in the middle square of a side. */
function blotch(width: number, height: number, cx: number, cy: number, rx: number, ry: number, paint: Paint): void {
  for (let y = Math.max(0, Math.floor(cy - ry)); y < Math.min(height, cy + ry); y++)
    for (let x = Math.max(0, Math.floor(cx - rx)); x < Math.min(width, cx + rx); x++)
      if (((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 <= 1)
        paint(y * width + x, (side) => Math.abs(x - width / 2) < side / 2 && Math.abs(y - height / 2) < side / 2);
}

/** Lines across the label, light or dark, one to three points wide. */
export function scratched(picture: Grey, side: number, count: number, chance: Chance): Grey {
  const { width, height } = picture;
  const data = picture.data.slice();
  for (let n = 0; n < count; n++) {
    const angle = chance.between(0, Math.PI);
    const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
    const off = chance.between(-0.6, 0.6) * side;
    const [tone, thick] = [
      chance.between(0, 1) < 0.6 ? chance.between(200, 255) : chance.between(0, 60),
      chance.between(0.5, 1.6),
    ];
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const [rx, ry] = [x - width / 2, y - height / 2];
        if (Math.abs(rx * dy - ry * dx - off) < thick && Math.hypot(rx, ry) < side) data[y * width + x] = tone;
      }
  }
  return { width, height, data };
}

/** A lamp's reflection: white in its middle, grey around it. */
export function glared(picture: Grey, side: number, chance: Chance): Grey {
  const { width, height } = picture;
  const [cx, cy] = [width / 2 + chance.between(-0.5, 0.5) * side, height / 2 + chance.between(-0.5, 0.5) * side];
  const [rx, ry] = [chance.between(0.18, 0.5) * side, chance.between(0.18, 0.5) * side];
  const strength = chance.between(180, 420);
  const data = picture.data.map((value, at) => {
    const far = (((at % width) - cx) / rx) ** 2 + ((Math.floor(at / width) - cy) / ry) ** 2;
    return value + strength * Math.exp(-far);
  });
  return { width, height, data };
}

/** Half of it in the shade of the hand, with an edge. */
export function shaded(picture: Grey, chance: Chance): Grey {
  const { width } = picture;
  const [angle, off, left] = [chance.between(0, 6.3), chance.between(-30, 30), chance.between(0.12, 0.3)];
  const data = picture.data.map((value, at) => {
    const far =
      ((at % width) - width / 2) * Math.cos(angle) + (Math.floor(at / width) - width / 2) * Math.sin(angle) - off;
    return value * (left + (1 - left) / (1 + Math.exp(-far / 2)));
  });
  return { ...picture, data };
}

/** Drops on it: round patches that are out of focus. */
export function wet(picture: Grey, side: number, chance: Chance): Grey {
  const soft = blurred(picture, chance.between(2.5, 4));
  const { width, height } = picture;
  const data = picture.data.slice();
  for (let n = 0; n < 12; n++) {
    const [cx, cy] = [width / 2 + chance.between(-0.6, 0.6) * side, height / 2 + chance.between(-0.6, 0.6) * side];
    const r = chance.between(0.04, 0.11) * side;
    for (let y = Math.floor(cy - r); y < cy + r; y++)
      for (let x = Math.floor(cx - r); x < cx + r; x++)
        if ((x - cx) ** 2 + (y - cy) ** 2 < r * r) data[y * width + x] = (soft.data[y * width + x] ?? 0) * 0.85 + 30;
  }
  return { width, height, data };
}

const WAVES = Array.from(
  { length: 64 },
  (_, at) => Math.cos((((at & 7) * 2 + 1) * (at >> 3) * Math.PI) / 16) * (at >> 3 === 0 ? Math.SQRT1_2 : 1) * 0.5,
);

/** One pass of the waves over eight lines, laid out the other way round for the next pass. */
function waves(back: boolean, from: Float32Array, to: Float32Array): void {
  for (let at = 0; at < 64; at++) {
    const [line, k] = [at >> 3, at & 7];
    let sum = 0;
    for (let n = 0; n < 8; n++) sum += (WAVES[back ? n * 8 + k : k * 8 + n] ?? 0) * (from[line * 8 + n] ?? 0);
    to[k * 8 + line] = sum;
  }
}

/** Through a codec: each square of eight keeps only coarse steps of its waves, coarser for the finer ones. */
export function squeezed(picture: Grey, step: number): Grey {
  const { width, height } = picture;
  const data = picture.data.slice();
  const block = new Float32Array(64);
  const half = new Float32Array(64);
  for (let top = 0; top + 8 <= height; top += 8)
    for (let left = 0; left + 8 <= width; left += 8) {
      for (let at = 0; at < 64; at++) block[at] = (data[(top + (at >> 3)) * width + left + (at & 7)] ?? 0) - 128;
      waves(false, block, half);
      waves(false, half, block);
      for (let at = 0; at < 64; at++) {
        const size = step * (1 + ((at >> 3) + (at & 7)) / 2);
        block[at] = Math.round((block[at] ?? 0) / size) * size;
      }
      waves(true, block, half);
      waves(true, half, block);
      for (let at = 0; at < 64; at++) data[(top + (at >> 3)) * width + left + (at & 7)] = (block[at] ?? 0) + 128;
    }
  return { width, height, data };
}

/** A weighted sum along one direction. */
function along({ width, height, data }: Grey, weights: readonly number[], dx: number, dy: number): Grey {
  const reach = weights.length >> 1;
  const whole = weights.reduce((sum, one) => sum + one, 0);
  const out = new Uint8ClampedArray(data.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let n = -reach; n <= reach; n++) {
        const px = Math.min(width - 1, Math.max(0, x + dx * n));
        const py = Math.min(height - 1, Math.max(0, y + dy * n));
        sum += (data[py * width + px] ?? 0) * (weights[n + reach] ?? 0);
      }
      out[y * width + x] = sum / whole;
    }
  return { width, height, data: out };
}
