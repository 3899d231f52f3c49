/** A short tone when work is kept or a label is read: never the only sign of it. Remembered on this phone; off until chosen. */

import { remember, remembered } from "./remember";

const KEY = "siteward-sound";
let player: AudioContext | null = null;

export function soundOn(): boolean {
  return remembered(KEY) !== null;
}

export function setSound(on: boolean): void {
  remember(KEY, on ? "1" : null);
  if (on) tone();
}

/** Rising for well done; falling where something wants looking at. Silent where the browser allows none. */
export function tone(well = true): void {
  if (!soundOn() || !("AudioContext" in globalThis)) return;
  try {
    player ??= new AudioContext();
    const now = player.currentTime;
    const [pitch, volume] = [player.createOscillator(), player.createGain()];
    pitch.frequency.setValueAtTime(well ? 660 : 440, now);
    pitch.frequency.setValueAtTime(well ? 880 : 330, now + 0.09);
    volume.gain.setValueAtTime(0.15, now);
    volume.gain.exponentialRampToValueAtTime(0.001, now + 0.22);
    pitch.connect(volume).connect(player.destination);
    pitch.start(now);
    pitch.stop(now + 0.24);
  } catch {
    player = null; // no sound here: the buzz and the words remain
  }
}
