#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Sets up, builds and starts the window; without a display it runs the demo on the command line.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

build_only=no
case "${1:-}" in
--build-only)
    build_only=yes
    shift
    ;;
--help)
    printf 'usage: bash packaging/run.sh [--build-only] [ARGUMENTS OF clwb-gui]\n\n%s\n' \
        "Sets up, builds and starts the window; without a display: the demo on the command line."
    exit 0
    ;;
esac

bash packaging/setup.sh
configure release
cmake --build --preset release --target programs >&2

if [[ "$build_only" == yes ]]; then
    printf 'Built: build/release/bin/clwb and build/release/bin/clwb-gui\n'
    exit 0
fi
if [[ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" || -n "${QT_QPA_PLATFORM:-}" ]]; then
    exec build/release/bin/clwb-gui "$@"
fi

# A demo that is there already is continued, or shown again when it is complete.
results="clwb-demo"
say "No display: running the demo on the command line; results go to $results"
build/release/bin/clwb demo --out "$results"
printf '\nResults are in %s: table-mst.md, table-mst.csv, table-mst.tex, curves.csv,\n' \
    "$clwb_root/$results"
printf 'and demo.db, which the window opens: build/release/bin/clwb-gui %s/demo.db\n' "$results"
