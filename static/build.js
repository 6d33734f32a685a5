// Bundles static/src into static/dist: one script, one chart script, the style sheets and an icon sprite.
// Run by `npm run build`; `npm run watch` rebuilds on every change.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync, existsSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const dist = join(here, "dist");
const icons = join(root, "node_modules", "@tabler", "icons", "icons");
const watching = process.argv.includes("--watch");

const skipped = new Set(["node_modules", "static", "tests", "var", "staticfiles", "migrations", "locale", "docs"]);

function* sources(folder) {
  for (const name of readdirSync(folder)) {
    if (name.startsWith(".") || skipped.has(name) || name === "__pycache__") continue;
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* sources(path);
    else if (/\.(html|py)$/.test(name)) yield path;
  }
}

// An icon is named as {% icon "car" %}, icon="car" (components and Python calls) or listed in src/icons.txt.
const mention = /\bicon(?:=|\s+)["']([a-z0-9]+(?:-[a-z0-9]+)*)["']/g;

export function iconsInUse() {
  const names = new Map();
  for (const path of sources(root)) {
    for (const match of readFileSync(path, "utf8").matchAll(mention)) {
      if (!names.has(match[1])) names.set(match[1], relative(root, path).split(sep).join("/"));
    }
  }
  for (const name of readFileSync(join(here, "src", "icons.txt"), "utf8").split(/\s+/)) {
    if (name) names.set(name, "static/src/icons.txt");
  }
  return names;
}

function buildSprite() {
  const symbols = [];
  const missing = [];
  for (const [name, where] of [...iconsInUse()].sort()) {
    const [set, file] = name.endsWith("-filled") ? ["filled", name.slice(0, -7)] : ["outline", name];
    const path = join(icons, set, `${file}.svg`);
    if (!existsSync(path)) {
      missing.push(`${name} (${where})`);
      continue;
    }
    const body = readFileSync(path, "utf8").replace(/<!--[\s\S]*?-->/g, "").match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1];
    const drawn = body.replace(/<path[^>]*stroke="none"[^>]*\/>/g, "").replace(/\s*\n\s*/g, "");
    symbols.push(`<symbol id="${name}" viewBox="0 0 24 24">${drawn}</symbol>`);
  }
  mkdirSync(dist, { recursive: true });
  writeFileSync(join(dist, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("\n")}</svg>\n`);
  if (missing.length) {
    // A name that Tabler does not have shows an empty square; say so, but let the page be built.
    console.error(`No such Tabler icon: ${missing.join(", ")}`);
    if (process.env.CI) process.exitCode = 1;
  }
}

const options = {
  absWorkingDir: root,
  entryPoints: ["main.js", "charts.js", "main.css", "print.css", "wall.css"].map((name) => join(here, "src", name)),
  outdir: dist,
  bundle: true,
  minify: !watching,
  sourcemap: watching,
  format: "iife",
  target: ["chrome90", "firefox90", "safari15"],
  legalComments: "none",
  logLevel: "info",
};

buildSprite();
copyFileSync(join(here, "src", "favicon.svg"), join(dist, "favicon.svg"));
if (watching) {
  const context = await esbuild.context(options);
  await context.watch();
} else {
  await esbuild.build(options);
}
