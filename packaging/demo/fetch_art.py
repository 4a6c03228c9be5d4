#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fetches other artists' drawings of the demo world's concepts, for pre-training the mini CLIP only.

Installs the icon collections from npm into a work folder, matches their icons to concepts.tsv by
code point or name and renders them at 64x64 pixels (RGBA) into DIR/<source>/<code points>.png;
DIR/art.tsv lists source, code points and path. Needs node, npm and the npm registry.
The drawings keep their authors' licences (see below) and are not part of this project.

Example: python3 packaging/demo/fetch_art.py ~/clwb-art
"""
import argparse
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
CONCEPTS = HERE.parent.parent / "resources" / "demo" / "concepts.tsv"
# Collection, version the shipped model was pre-trained with, licence.
COLLECTIONS = [
    ("twemoji", "1.2.5", "CC-BY-4.0"),
    ("fluent-emoji", "1.2.7", "MIT"),
    ("fluent-emoji-flat", "1.2.6", "MIT"),
    ("fxemoji", "1.2.2", "Apache-2.0"),
    ("emojione", "1.2.3", "CC-BY-4.0"),
    ("streamline-emojis", "1.2.4", "CC-BY-4.0"),
    ("openmoji", "1.2.29", "CC-BY-SA-4.0"),  # evaluation only
]
RENDERER = "@resvg/resvg-js@2.6.2"


def install(work):
    """npm install of the pinned packages into `work`; nothing runs scripts."""
    work.mkdir(parents=True, exist_ok=True)
    manifest = work / "package.json"
    if not manifest.exists():
        manifest.write_text('{"name": "clwb-art", "private": true}\n', encoding="utf-8")
    packages = [f"@iconify-json/{name}@{version}" for name, version, _ in COLLECTIONS]
    subprocess.run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", *packages,
                    RENDERER], cwd=work, check=True, stdout=sys.stderr)


def render(work, output):
    """One list line a picture: source, code points, path below `output`."""
    lines = []
    for name, _, licence in COLLECTIONS:
        done = subprocess.run(
            ["node", str(HERE / "render_art.mjs"), str(CONCEPTS), name, str(output / name)],
            cwd=work, check=True, stdout=subprocess.PIPE, text=True)
        rows = [line.split("\t") for line in done.stdout.splitlines()]
        lines += [f"{name}\t{points}\t{name}/{file}" for points, file in rows]
        print(f"{name}: {len(rows)} drawings ({licence})")
    (output / "art.tsv").write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", type=pathlib.Path, help="folder of the drawings")
    parser.add_argument("--work", type=pathlib.Path,
                        help="folder for the npm packages (default OUTPUT/packages)")
    arguments = parser.parse_args()
    output = arguments.output.resolve()
    work = (arguments.work or output / "packages").resolve()
    for program in ("node", "npm"):
        if not shutil.which(program):
            sys.exit(f"{program} not found: install Debian's nodejs and npm")
    output.mkdir(parents=True, exist_ok=True)
    try:
        install(work)
        render(work, output)
    except subprocess.CalledProcessError as problem:
        sys.exit(f"failed: {' '.join(map(str, problem.cmd))}: exit status {problem.returncode}")


if __name__ == "__main__":
    main()
