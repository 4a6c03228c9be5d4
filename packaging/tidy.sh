#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# clang-tidy over the project's own sources, with the settings of .clang-tidy; findings are errors.
# usage: bash packaging/tidy.sh [FILE…]; without files: every source of the release build.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

files=("$@")
if ((${#files[@]} == 0)); then
    mapfile -t files < <(git ls-files 'core/*.cpp' 'ui/*.cpp' 'app/*.cpp')
fi
# A compile database of single files, without the precompiled headers, which clang cannot read.
database="$clwb_build/tidy"
cmake --preset release -B "$database" -DCLWB_PCH=OFF -DCLWB_UNITY=OFF >&2
cmake --build "$database" --target clwb_ui_autogen >&2
printf '%s\0' "${files[@]}" |
    xargs -0 -n 1 -P "$(nproc)" clang-tidy --quiet -p "$database" --warnings-as-errors='*'
