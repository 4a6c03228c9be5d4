// SPDX-License-Identifier: GPL-3.0-or-later
// Renders the icons of one Iconify collection that match the demo world's concepts to 64x64 PNGs.
// Called by fetch_art.py in its work folder: node render_art.mjs CONCEPTS.tsv COLLECTION OUT_FOLDER
// Prints one line "code points<TAB>file" for each picture.
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";

const require = createRequire(path.join(process.cwd(), "package.json"));
const { Resvg } = require("@resvg/resvg-js");
const [conceptsFile, collection, outFolder] = process.argv.slice(2);
const side = 64;
const folder = path.join("node_modules", "@iconify-json", collection);
const icons = JSON.parse(fs.readFileSync(path.join(folder, "icons.json"), "utf8"));
const chars = JSON.parse(fs.readFileSync(path.join(folder, "chars.json"), "utf8"));

const byPoints = new Map();
for (const [points, name] of Object.entries(chars))
    byPoints.set(points.toLowerCase().replace(/-fe0f/g, ""), name);

// Follows aliases that are plain renamings; turned or mirrored ones are other pictures.
function find(name) {
    for (let step = 0; step < 5 && name; ++step) {
        if (icons.icons[name])
            return icons.icons[name];
        const alias = icons.aliases?.[name];
        name = alias && Object.keys(alias).length === 1 ? alias.parent : undefined;
    }
    return undefined;
}

const slug = (name) => name.replace(/'/g, "").replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");

function iconOf(points, name) {
    const dashed = slug(name);
    const names = [byPoints.get(points), dashed, dashed.replace(/-/g, ""), `${dashed}-1`];
    for (const candidate of names) {
        const icon = candidate && find(candidate);
        if (icon)
            return icon;
    }
    return undefined;
}

function render(icon) {
    const width = icon.width ?? icons.width ?? 16;
    const height = icon.height ?? icons.height ?? 16;
    const size = Math.max(width, height);
    const left = (icon.left ?? icons.left ?? 0) - (size - width) / 2;
    const top = (icon.top ?? icons.top ?? 0) - (size - height) / 2;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"` +
        ` viewBox="${left} ${top} ${size} ${size}" width="${side}" height="${side}">` +
        `${icon.body}</svg>`;
    return new Resvg(svg, { fitTo: { mode: "width", value: side } }).render().asPng();
}

fs.mkdirSync(outFolder, { recursive: true });
for (const line of fs.readFileSync(conceptsFile, "utf8").split("\n")) {
    if (!line || line.startsWith("#"))
        continue;
    const [points, name] = line.split("\t");
    const icon = iconOf(points, name);
    if (!icon)
        continue;
    const file = `${points}.png`;
    fs.writeFileSync(path.join(outFolder, file), render(icon));
    console.log(`${points}\t${file}`);
}
