/** Builds bench/phone.ts as one script into the folder that is named. */

import { fileURLToPath } from "node:url";
import { build } from "vite";

await build({
  configFile: false,
  logLevel: "error",
  root: fileURLToPath(new URL("..", import.meta.url)),
  define: { __APP_VERSION__: JSON.stringify("bench") },
  build: {
    outDir: process.argv[2],
    emptyOutDir: false,
    target: "es2022",
    lib: { entry: fileURLToPath(new URL("phone.ts", import.meta.url)), formats: ["es"], fileName: () => "phone.js" },
    rolldownOptions: { output: { codeSplitting: false } },
  },
});
