/**
 * Which module goes into which piece of the app. Few pieces squeeze better than sixty: first what the first screen
 * needs, then what the network needs, then all other screens, which the phone fetches together anyway.
 */

import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

const STATIC = /^(?:import|export)\s(?!type\s)(?:[^"';]*?\sfrom\s+)?["'](\.[^"']+)["']/gm;

/** Every module of ours that comes along with this one. */
function closure(entry: string, found = new Set<string>()): Set<string> {
  if (found.has(entry)) return found;
  found.add(entry);
  for (const [, path = ""] of readFileSync(entry, "utf8").matchAll(STATIC)) {
    const whole = resolve(dirname(entry), path);
    const file = ["", ".ts", ".tsx", "/index.ts"]
      .map((end) => whole + end)
      .find((each) => /\.tsx?$/.test(each) && existsSync(each));
    if (file) closure(file, found);
  }
  return found;
}

export function pieces(src: string): { name: string; test: (id: string) => boolean; priority: number }[] {
  const of = (name: string) => closure(resolve(src, name));
  const [boot, first, network] = [of("main.tsx"), of("run.tsx"), of("network.ts")];
  const ours = (id: string) => id.startsWith(src) && /\.tsx?$/.test(id) && !id.includes("/words/") && !boot.has(id);
  return [
    {
      name: "run",
      priority: 3,
      test: (id) =>
        (ours(id) && first.has(id)) || /node_modules\/(preact|wouter-preact|regexparam|mitt|idb)\//.test(id),
    },
    { name: "network", priority: 2, test: (id) => ours(id) && network.has(id) },
    { name: "screens", priority: 1, test: (id) => ours(id) && !id.endsWith("/sw.ts") },
  ];
}
