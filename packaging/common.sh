# SPDX-License-Identifier: GPL-3.0-or-later
# Shared by setup.sh, run.sh and test.sh: folders, messages and the compiler cache's settings.
set -euo pipefail

clwb_root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
clwb_build="$clwb_root/build"
cd "$clwb_root"

# The cache finds an object again in another checkout and in another preset of the same flags.
export CCACHE_BASEDIR="$clwb_root" CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=pch_defines,time_macros
if [[ -z "${HOME:-}" || ! -w "${HOME:-/}" ]]; then
    export CCACHE_DIR="${CCACHE_DIR:-$clwb_build/ccache}"
fi

say() { printf '\n== %s\n' "$*" >&2; }

stop_with() { # STATUS MESSAGE…
    local status="$1"
    shift
    printf '%s\n' "$@" >&2
    exit "$status"
}

# Configures a preset unless that was done; a changed CMake file is noticed by the build itself.
configure() { # PRESET [OPTION…]
    local preset="$1"
    shift
    if [[ ! -f "$clwb_build/$preset/build.ninja" || $# -gt 0 ]]; then
        say "Configuring $preset"
        cmake --preset "$preset" "$@" >&2
    fi
}
