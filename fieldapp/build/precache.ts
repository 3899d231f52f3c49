/**
 * Build steps of our own: the icons, the list of files that the service worker keeps (with a version made of their
 * contents), the check that the scanner's wasm is the one its library was made for, and the first screen's budget.
 */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, gzipSync } from "node:zlib";
import type { Plugin } from "vite";
import { ZXING_WASM_SHA256 } from "zxing-wasm/reader";
import { iconPng, iconSvg } from "./icons.ts";

/** A wasm of another version fails on every frame, silently. */
export function rightWasm(): Plugin {
  return {
    name: "siteward-right-wasm",
    buildStart() {
      const path = createRequire(import.meta.url).resolve("zxing-wasm/reader/zxing_reader.wasm");
      const sha = createHash("sha256").update(readFileSync(path)).digest("hex");
      if (sha !== ZXING_WASM_SHA256) this.error("The scanner's wasm does not belong to its library. Run: npm ci");
    },
  };
}

export function icons(): Plugin {
  return {
    name: "siteward-icons",
    generateBundle() {
      const emit = (fileName: string, source: string | Uint8Array) =>
        this.emitFile({ type: "asset", fileName, source });
      emit("icon.svg", iconSvg());
      emit("icon-180.png", iconPng(180, true));
      emit("icon-192.png", iconPng(192, false));
      emit("icon-512.png", iconPng(512, false));
      emit("icon-maskable-512.png", iconPng(512, true));
    },
  };
}

/** Not needed before somebody scans; iOS and Android fetch icons by themselves. */
const LATER = /\.wasm$|scan/;
const NOT_KEPT = /(^|\/)sw\.js$|\.map$|-512\.png$/;
const MANIFEST = "manifest.webmanifest";

export function precache(base: string): Plugin {
  return {
    name: "siteward-precache",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const worker = bundle["sw.js"];
        if (worker?.type !== "chunk") return this.error("The service worker was not built.");
        if (worker.imports.length) return this.error("The service worker must stand alone: it imports something.");
        const names = Object.keys(bundle).filter((name) => !NOT_KEPT.test(name));
        const page = names.filter((name) => name.endsWith(".html"));
        const files = names.filter((name) => !name.endsWith(".html"));
        const sum = createHash("sha256");
        for (const name of [...page, ...files].sort()) {
          const file = bundle[name];
          sum.update(name).update(file?.type === "chunk" ? file.code : (file?.source ?? ""));
        }
        const paths = files.map((name) => base + name);
        const list = {
          version: sum.digest("hex").slice(0, 12),
          shell: [base, base + MANIFEST, ...paths.filter((path) => !LATER.test(path))],
          later: paths.filter((path) => LATER.test(path)),
        };
        worker.code = worker.code.replaceAll("__PRECACHE__", JSON.stringify(list));
      },
    },
  };
}

/** Fails the build when the first screen's script outgrows what a phone on one bar can fetch. */
export function budget(limit: number): Plugin {
  return {
    name: "siteward-budget",
    generateBundle(_options, bundle) {
      const first = new Set<string>();
      const add = (name: string) => {
        const chunk = bundle[name];
        if (chunk?.type !== "chunk" || first.has(name)) return;
        first.add(name);
        chunk.imports.forEach(add);
      };
      for (const chunk of Object.values(bundle))
        if (chunk.type === "chunk" && chunk.name === "index") add(chunk.fileName);
      let bytes = 0;
      for (const name of first) {
        const chunk = bundle[name];
        if (chunk?.type === "chunk") bytes += gzipSync(chunk.code).length;
      }
      this.info(`first screen: ${(bytes / 1000).toFixed(1)} kB of script, gzipped (limit ${limit / 1000} kB)`);
      if (bytes > limit) this.error(`The first screen's script is ${bytes} bytes gzipped; the limit is ${limit}.`);
    },
  };
}

/** Writes a .br beside each file that shrinks, so that the server need not squeeze it for every phone. */
export function squeezed(): Plugin {
  return {
    name: "siteward-squeezed",
    async writeBundle({ dir = "." }, bundle) {
      const names = Object.keys(bundle).filter((name) => /\.(js|css|html|wasm|svg)$/.test(name));
      const squeeze = promisify(brotliCompress);
      await Promise.all(
        names.map(async (name) => writeFile(join(dir, `${name}.br`), await squeeze(await readFile(join(dir, name))))),
      );
    },
  };
}
