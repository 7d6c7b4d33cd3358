// Builds static/src and the npm packages into static/dist, with a manifest of hashed names.

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import { build } from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const src = path.join(here, "src");
const dist = path.join(here, "dist");
const modules = path.join(here, "..", "node_modules");

async function write(manifest, name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 10);
  const extension = path.extname(name);
  const hashed = `${name.slice(0, -extension.length)}-${hash}${extension}`;
  await writeFile(path.join(dist, hashed), content);
  manifest[name] = hashed;
}

// Beside each text the same for browsers that unpack: app/web/compression.py chooses.
async function compress() {
  for (const name of await readdir(dist)) {
    if (!/-[0-9a-f]{10}\.(js|css|svg)$/.test(name)) continue;
    const content = await readFile(path.join(dist, name));
    await writeFile(path.join(dist, `${name}.br`), await promisify(brotliCompress)(content));
    await writeFile(path.join(dist, `${name}.gz`), await promisify(gzip)(content, { level: 9 }));
  }
}

async function sprite() {
  const names = JSON.parse(await readFile(path.join(src, "icons.json"), "utf8"));
  const symbols = await Promise.all(
    names.map(async (name) => {
      const svg = await readFile(path.join(modules, "lucide-static", "icons", `${name}.svg`), "utf8");
      const body = svg
        .replace(/<!--.*?-->/gs, "")
        .replace(/^.*?<svg[^>]*>/s, "")
        .replace("</svg>", "");
      return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${body.replace(/\s+/g, " ").trim()}</symbol>`;
    }),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}

await mkdir(dist, { recursive: true });
// A page that was loaded before this build still finds its files for a while: names carry hashes.
for (const name of await readdir(dist)) {
  const file = path.join(dist, name);
  const { mtimeMs } = await stat(file);
  if (Date.now() - mtimeMs > 24 * 3600 * 1000) await rm(file, { recursive: true, force: true });
}
// A first page on a slow line keeps the system's letters: nothing moves when ours are there, and the next page has them.
const fontsInTime = {
  name: "fonts in time",
  setup(builder) {
    builder.onLoad({ filter: /@fontsource-variable.*\.css$/ }, async ({ path: file }) => {
      const css = await readFile(file, "utf8");
      return { contents: css.replaceAll("font-display: swap", "font-display: optional"), loader: "css" };
    });
  },
};
const result = await build({
  entryPoints: {
    app: path.join(src, "js", "app.js"),
    circle: path.join(src, "js", "circle-map.js"),
    reader: path.join(src, "js", "reader.js"),
    scan: path.join(src, "js", "scan.js"),
    theme: path.join(src, "js", "theme.js"),
    style: path.join(src, "css", "app.css"),
  },
  outdir: dist,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022", "safari16"],
  loader: { ".woff2": "file" },
  plugins: [fontsInTime],
  assetNames: "fonts/[name]-[hash]",
  write: true,
  metafile: true,
  legalComments: "linked",
});

const manifest = {};
for (const [from, to] of [
  ["app.js", "app.js"],
  ["circle.js", "circle.js"],
  ["reader.js", "reader.js"],
  ["scan.js", "scan.js"],
  ["theme.js", "theme.js"],
  ["style.css", "app.css"],
]) {
  const content = await readFile(path.join(dist, from));
  await rm(path.join(dist, from));
  await write(manifest, to, content);
}
await write(manifest, "icons.svg", await sprite());
for (const name of await readdir(path.join(src, "img"))) {
  await write(manifest, name, await readFile(path.join(src, "img", name)));
}
// What few pages need is fetched by them.
const files = Object.entries(manifest)
  .filter(([name]) => !name.endsWith(".png") && !["reader.js", "scan.js"].includes(name))
  .map(([, to]) => `/static/${to}`);
const version = createHash("sha256").update(JSON.stringify(manifest)).digest("hex").slice(0, 10);
await build({
  entryPoints: [path.join(src, "js", "sw.js")],
  outfile: path.join(dist, "sw.js"),
  minify: true,
  format: "iife",
  target: ["es2022", "safari16"],
  // A name without a hash: it is served at /sw.js and looked at anew on each visit.
  define: {
    FILES: JSON.stringify(files),
    ICON: JSON.stringify(`/static/${manifest["mark-192.png"]}`),
    VERSION: JSON.stringify(version),
  },
});
await compress();
await writeFile(path.join(dist, "manifest.json"), JSON.stringify(manifest, null, 1));
const bytes = Object.values(result.metafile.outputs).reduce((sum, one) => sum + one.bytes, 0);
console.log(`built ${Object.keys(manifest).length} files, ${(bytes / 1024).toFixed(0)} KiB`);
