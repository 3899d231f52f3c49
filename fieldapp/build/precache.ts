/**
 * Build steps of our own: the icons, the list of files that the service worker keeps (with a version made of their
 * contents), the check that the scanner's wasm is the one its library was made for, and the budgets.
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

/** A language other than English: kept on the phones of those who read it (src/words/). */
const isOtherLanguage = (file: { type: string; facadeModuleId?: string | null } | undefined) =>
  file?.type === "chunk" && /\/src\/words\/(?!en\.|index\.)\w+\.ts$/.test(file.facadeModuleId ?? "");

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
        const path = (name: string) => base + name;
        const common = files.filter((name) => !isOtherLanguage(bundle[name])).map(path);
        const list = {
          version: sum.digest("hex").slice(0, 12),
          shell: [base, base + MANIFEST, ...common.filter((path) => !LATER.test(path))],
          later: common.filter((path) => LATER.test(path)),
          languages: files.filter((name) => isOtherLanguage(bundle[name])).map(path),
        };
        worker.code = worker.code.replaceAll("__PRECACHE__", JSON.stringify(list));
      },
    },
  };
}

/**
 * The app's own piece is fetched beside the words, not after them; and the build fails when the first screen's script
 * outgrows what a phone on one bar can fetch (`first`), or the whole app what it should (`whole`: everything but the
 * wasm and the pictures, for a person of one language). Bytes, gzipped.
 */
export function budget(limits: { first: number; whole: number }): Plugin {
  return {
    name: "siteward-budget",
    transformIndexHtml: {
      order: "post",
      handler: (_html, { bundle = {} }) =>
        Object.values(bundle)
          .filter((chunk) => chunk.type === "chunk" && chunk.name === "run")
          .map((chunk) => ({
            tag: "link",
            attrs: { rel: "modulepreload", href: `/field/${chunk.fileName}` },
            injectTo: "head" as const,
          })),
    },
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const first = new Set<string>();
        const add = (name: string) => {
          const chunk = bundle[name];
          if (chunk?.type !== "chunk" || first.has(name)) return;
          first.add(name);
          chunk.imports.forEach(add);
        };
        for (const chunk of Object.values(bundle))
          if (chunk.type === "chunk" && ["index", "run", "en"].includes(chunk.name)) add(chunk.fileName);
        const size = (name: string) => {
          const file = bundle[name];
          return gzipSync(file?.type === "chunk" ? file.code : (file?.source ?? "")).length;
        };
        const sum = (names: string[]) => names.reduce((bytes, name) => bytes + size(name), 0);
        const whole = Object.keys(bundle).filter(
          (name) => /\.(js|css|html)$/.test(name) && !isOtherLanguage(bundle[name]),
        );
        const found = { first: sum([...first]), whole: sum(whole) };
        for (const part of ["first", "whole"] as const) {
          const [has, may] = [found[part], limits[part]].map((bytes) => `${(bytes / 1000).toFixed(1)} kB`);
          this.info(
            `${part === "first" ? "first screen's script" : "whole app without the wasm"}: ${has} gzipped (limit ${may})`,
          );
          if (found[part] > limits[part]) this.error(`Too large: ${part} is ${has} gzipped, the limit is ${may}.`);
        }
      },
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
