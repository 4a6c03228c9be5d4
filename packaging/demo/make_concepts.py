#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes resources/demo/concepts.tsv: the object concepts of the demo world, as plain facts.

Source: Debian's unicode-data (emoji-test.txt: code points, order, groups) and unicode-cldr-core
(annotations: short names and keywords). Only the result is needed to build and run the program.

Example: python3 packaging/demo/make_concepts.py resources/demo/concepts.tsv
"""
import argparse
import pathlib
import sys
import unicodedata
import xml.etree.ElementTree as ElementTree

OBJECT_GROUPS = ["Animals & Nature", "Food & Drink", "Travel & Places", "Activities", "Objects"]
SKIN_TONES = {0x1F3FB + i for i in range(5)}
VARIATION_SELECTOR = 0xFE0F
HEADER = """# The object concepts of the demo world: facts from the Unicode Character Database (emoji-test.txt)
# and CLDR's English annotations, (c) Unicode, Inc., licence Unicode-DFS-2016. Made by
# packaging/demo/make_concepts.py; do not edit. Columns: code points, name, keywords, group, subgroup
"""


def is_clock_face(points):
    """The 24 clock faces show numbers, not things; alarm clock and watch stay."""
    return points[0] in range(0x1F550, 0x1F568)


def read_annotations(files):
    """Short name and keywords by text without variation selectors."""
    names, keywords = {}, {}
    for path in files:
        for node in ElementTree.parse(path).getroot().iter("annotation"):
            text = node.get("cp").replace(chr(VARIATION_SELECTOR), "")
            if node.get("type") == "tts":
                names.setdefault(text, node.text.strip())
            else:
                keywords.setdefault(text, [part.strip() for part in node.text.split("|")])
    return names, keywords


def read_concepts(path):
    """(code points, group, subgroup) of the fully qualified objects in file order."""
    group = subgroup = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# group:"):
            group = line.split(":", 1)[1].strip()
        elif line.startswith("# subgroup:"):
            subgroup = line.split(":", 1)[1].strip()
        elif "; fully-qualified" in line and group in OBJECT_GROUPS:
            points = [int(word, 16) for word in line.split(";")[0].split()]
            if not SKIN_TONES.intersection(points) and not is_clock_face(points):
                yield points, group, subgroup


def plain(text):
    """Lower-case ASCII, as captions are typed."""
    text = text.lower().translate(str.maketrans({"’": "'", "“": "", "”": "", "–": "-"}))
    text = unicodedata.normalize("NFKD", text)
    return " ".join("".join(c for c in text if c.isascii()).split())


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--cldr", type=pathlib.Path,
                        default=pathlib.Path("/usr/share/unicode/cldr/common"))
    parser.add_argument("--unicode", type=pathlib.Path, default=pathlib.Path("/usr/share/unicode"))
    arguments = parser.parse_args()
    files = [arguments.cldr / folder / "en.xml" for folder in ("annotations", "annotationsDerived")]
    try:
        names, keywords = read_annotations(files)
        concepts = list(read_concepts(arguments.unicode / "emoji" / "emoji-test.txt"))
    except OSError as problem:
        sys.exit(f"{problem}\nInstall unicode-cldr-core and unicode-data, or name their folders")
    lines, seen = [], set()
    for points, group, subgroup in concepts:
        text = "".join(chr(point) for point in points if point != VARIATION_SELECTOR)
        if text not in names:
            continue  # newer than the annotations, and than the font
        name = plain(names[text])
        if name in seen:
            sys.exit(f"two concepts are called {name!r}")
        seen.add(name)
        words = [word for word in map(plain, keywords.get(text, [])) if word != name]
        code = "-".join(f"{point:x}" for point in points if point != VARIATION_SELECTOR)
        lines.append("\t".join([code, name, "|".join(words), group, subgroup]))
    arguments.output.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} concepts in {arguments.output}")


if __name__ == "__main__":
    main()
