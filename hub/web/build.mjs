// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2
// Builds what browsers get of the portal and of the inbox: hashed names, and one list with the digest of each file.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, "..", "..");
const SOURCE = join(HERE, "static", "portal");
const INBOX = join(HERE, "static", "eingang");
const OUT = join(HERE, "static", "gebaut");
const KERN = join(ROOT, "node_modules", "@kern-ux", "native");
const WORK = `${OUT}.neu`;

const listed = {};

rmSync(WORK, { recursive: true, force: true });
mkdirSync(WORK, { recursive: true });
await buildScripts();
await buildInboxScripts();
await buildStyles();
copyData();
writeFileSync(join(WORK, "dateien.json"), `${JSON.stringify(sorted(listed), null, 1)}\n`);
swap();

/** Put the new files in the place of the old ones; who reads meanwhile misses them for no more than a rename. */
function swap() {
  const old = `${OUT}.alt`;
  rmSync(old, { recursive: true, force: true });
  if (existsSync(OUT)) renameSync(OUT, old);
  renameSync(WORK, OUT);
  rmSync(old, { recursive: true, force: true });
}

async function buildScripts() {
  const made = await build({
    entryPoints: { main: join(SOURCE, "main.js") },
    outdir: WORK,
    bundle: true,
    splitting: true,
    format: "esm",
    target: ["es2022"],
    minify: true,
    legalComments: "none",
    entryNames: "[name]-[hash]",
    chunkNames: "teil-[hash]",
    loader: { ".json": "json" },
    metafile: true,
    nodePaths: [join(ROOT, "node_modules")],
  });
  for (const [path, { entryPoint }] of Object.entries(made.metafile.outputs)) {
    const file = basename(path);
    note(entryPoint?.endsWith("portal/main.js") ? "main.js" : file, file);
  }
}

/** Each script of the inbox is a file of its own, small enough to need no parts. */
async function buildInboxScripts() {
  const names = readdirSync(INBOX).filter((name) => extname(name) === ".js").sort();
  if (!names.length) return;
  const made = await build({
    entryPoints: Object.fromEntries(names.map((name) => [`eingang-${basename(name, ".js")}`, join(INBOX, name)])),
    outdir: WORK,
    bundle: true,
    format: "esm",
    target: ["es2022"],
    minify: true,
    legalComments: "none",
    entryNames: "[name]-[hash]",
    metafile: true,
  });
  for (const [path, { entryPoint }] of Object.entries(made.metafile.outputs)) {
    note(`eingang/${basename(entryPoint)}`, basename(path));
  }
}

async function buildStyles() {
  const made = await build({
    entryPoints: { kern: join(KERN, "dist", "kern.min.css"), portal: join(SOURCE, "portal.css"), eingang: join(INBOX, "eingang.css") },
    outdir: WORK,
    bundle: true,
    minify: true,
    legalComments: "none",
    entryNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    loader: { ".woff2": "file", ".svg": "dataurl", ".woff": "file", ".ttf": "file" },
    metafile: true,
  });
  for (const path of Object.keys(made.metafile.outputs)) {
    const file = basename(path);
    const style = /^(kern|portal|eingang)-[A-Z0-9]+\.css$/.exec(file);
    note(style ? `${style[1]}.css` : file, file);
  }
}

/** Data that Python made of specs/ and that a script asks for by name. */
function copyData() {
  const folder = join(HERE, "static", "daten");
  let names = [];
  try {
    names = readdirSync(folder).filter((name) => extname(name) === ".json");
  } catch {
    return;
  }
  for (const name of names.sort()) {
    const raw = readFileSync(join(folder, name));
    const file = `${basename(name, ".json")}-${digest("sha256", raw, "hex").slice(0, 8)}.json`;
    writeFileSync(join(WORK, file), raw);
    note(name, file);
  }
}

function note(name, file) {
  listed[name] = { file, integrity: `sha384-${digest("sha384", readFileSync(join(WORK, file)), "base64")}` };
}

function digest(kind, bytes, form) {
  return createHash(kind).update(bytes).digest(form);
}

function sorted(object) {
  return Object.fromEntries(Object.entries(object).sort(([one], [other]) => (one < other ? -1 : 1)));
}

