#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Sets up, builds and tests. --full adds sanitizers, static analysis and screenshots.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

full=no
case "${1:-}" in
"") ;;
--full) full=yes ;;
--help)
    printf 'usage: bash packaging/test.sh [--full]\n\n%s\n' \
        "--full adds address, undefined and thread sanitizers, clang-tidy and screenshots."
    exit 0
    ;;
*) stop_with 2 "unknown option: $1 (known: --full, --help)" ;;
esac

jobs="$(nproc)"
stage() { say "$* (after $((SECONDS / 60)) min $((SECONDS % 60)) s)"; }
test_preset() { # PRESET [OPTION…]
    local preset="$1"
    shift
    ctest --preset "$preset" --parallel "$jobs" "$@"
}

setup_options=()
[[ "$full" == no ]] || setup_options=(--full)
stage "Set up"
bash packaging/setup.sh ${setup_options[@]+"${setup_options[@]}"}

stage "Engine for a cluster node: no Qt, no OpenCV"
configure core-only
cmake --build --preset core-only
test_preset core-only

if [[ "$full" == yes ]]; then
    stage "Thread sanitizer"
    configure tsan
    cmake --build --preset tsan
    test_preset tsan

    stage "Address and undefined-behaviour sanitizers"
    configure asan
    cmake --build --preset asan
    test_preset asan --label-exclude slow
fi

stage "Release build"
configure release
cmake --build --preset release

if [[ "$full" == yes ]]; then
    stage "Static analysis"
    bash packaging/tidy.sh

    stage "Screenshots into build/screenshots"
    for theme in light dark; do
        QT_QPA_PLATFORM=offscreen build/release/bin/clwb-gui experiments.db \
            --screenshots "build/screenshots/$theme" --theme "$theme"
    done
fi

stage "Tests"
test_preset release
