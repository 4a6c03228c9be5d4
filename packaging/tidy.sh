#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# clang-tidy over the project's own sources, with the settings of .clang-tidy; findings are errors.
# usage: bash packaging/tidy.sh [FILE…]; without files: everything that the release build compiles.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

database="$clwb_build/tidy"
# clang cannot read gcc's precompiled headers.
options=(-DCLWB_PCH=OFF)
checks=()
files=("$@")
if ((${#files[@]} == 0)); then
    # Most of the time goes into headers: batches of sources read them once.
    options+=(-DCLWB_UNITY=ON)
    checks=(--checks=-bugprone-suspicious-include)
else
    options+=(-DCLWB_UNITY=OFF)
fi
cmake --preset release -B "$database" "${options[@]}" >&2
cmake --build "$database" --target clwb_ui_autogen clwb_build_info clwb_report_files >&2
if ((${#files[@]} == 0)); then
    mapfile -t files < <(python3 - "$database" <<'PYTHON'
import json, sys
for entry in json.load(open(sys.argv[1] + "/compile_commands.json", encoding="utf-8")):
    name = entry["file"]
    if not any(part in name for part in ("/tests/", "mocs_compilation", "cmake_pch", "/.rcc/")):
        print(name)
PYTHON
    )
fi
printf '%s\0' "${files[@]}" |
    xargs -0 -n 1 -P "$(nproc)" clang-tidy --quiet -p "$database" ${checks[@]+"${checks[@]}"} \
        --warnings-as-errors='*'
