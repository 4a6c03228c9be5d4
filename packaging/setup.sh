#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what the build needs and is missing: Debian packages and LibTorch. Safe to repeat.
#
# LibTorch is taken from the first of: the place that CMAKE_PREFIX_PATH or Torch_DIR names; the
# unpacked archive that $LIBTORCH names; a CPU wheel in build/torch-venv, installed here.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

torch_version=2.13.0
torch_venv="$clwb_build/torch-venv"

packages=(
    build-essential cmake ninja-build pkg-config ccache git      # tools
    python3 python3-venv                                         # brings LibTorch, nothing else
    libssl-dev zlib1g-dev libsqlite3-dev libexpected-dev nlohmann-json3-dev
    libutf8proc-dev libzip-dev                                   # engine
    libopencv-dev libfreetype-dev fonts-noto-color-emoji         # pictures, demo world
    qt6-base-dev qt6-svg-dev libqcustomplot-dev libgl1-mesa-dev  # window
)
full_packages=(clang-tidy clang-format xvfb) # packaging/test.sh --full

missing_packages() {
    local name
    for name in "${packages[@]}"; do
        if [[ "$(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null)" != installed ]]; then
            printf '%s\n' "$name"
        fi
    done
}

install_packages() {
    if ! command -v dpkg-query >/dev/null; then
        printf 'Not a Debian system: please provide what these packages hold: %s\n' \
            "${packages[*]}" >&2
        return
    fi
    # One query answers the common case; its status is 0 only when every package is known.
    local states
    if states="$(dpkg-query -W -f='${db:Status-Status}\n' "${packages[@]}" 2>/dev/null)" &&
        [[ "$(sort -u <<<"$states")" == installed ]]; then
        return
    fi
    local missing
    mapfile -t missing < <(missing_packages)
    ((${#missing[@]})) || return 0
    if ((EUID != 0)); then
        stop_with 2 "These packages are missing. Please run:" "" \
            "    sudo apt-get update && sudo apt-get install --no-install-recommends ${missing[*]}" "" \
            "and start this script again."
    fi
    say "Installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    local options=(install -y --no-install-recommends "${missing[@]}")
    # The package lists of a fresh machine are empty or old: fetch them when the first try fails.
    if ! apt-get "${options[@]}" >&2; then
        apt-get update >&2
        apt-get "${options[@]}" >&2
    fi
}

# Whether a folder of a list holds LibTorch's CMake package, as CMake would find it.
has_torch_config() {
    local folder
    for folder in "$@"; do
        if [[ -n "$folder" && ( -f "$folder/TorchConfig.cmake" ||
            -f "$folder/share/cmake/Torch/TorchConfig.cmake" ) ]]; then
            return 0
        fi
    done
    return 1
}

venv_torch() {
    local found
    # Another version, or one whose installation was cut short, is replaced.
    for found in "$torch_venv"/lib/python3*/site-packages; do
        if compgen -G "$found/torch-$torch_version*.dist-info/RECORD" >/dev/null &&
            [[ -f "$found/torch/share/cmake/Torch/TorchConfig.cmake" ]]; then
            printf '%s' "$found/torch"
            return
        fi
    done
}

pip_install() {
    "$torch_venv/bin/python" -m pip install --quiet --no-compile --disable-pip-version-check "$@" >&2
}

install_wheel() {
    local python
    for python in /usr/bin/python3 python3; do
        "$python" -c 'import venv, ensurepip' 2>/dev/null && break
    done
    say "Installing LibTorch $torch_version (CPU) into build/torch-venv"
    rm -rf "$torch_venv"
    mkdir -p "$clwb_build"
    "$python" -m venv "$torch_venv"
    # A wheel marked +cpu is one from the configured index that needs nothing else; where that has
    # only CUDA wheels, PyTorch's own CPU index is asked; the last resort takes what there is.
    pip_install --no-deps "torch==$torch_version+cpu" 2>/dev/null ||
        pip_install --no-deps --timeout 15 --retries 1 \
            --index-url https://download.pytorch.org/whl/cpu "torch==$torch_version" ||
        pip_install "torch==$torch_version" ||
        stop_with 3 "LibTorch $torch_version could not be installed into build/torch-venv." \
            "Unpack a LibTorch archive and name its folder: LIBTORCH=/path/to/libtorch $0"
}

provide_torch() {
    local prefixes
    IFS=':;' read -ra prefixes <<<"${CMAKE_PREFIX_PATH:-}"
    if has_torch_config "${Torch_DIR:-}" ${prefixes[@]+"${prefixes[@]}"}; then
        return
    fi
    if [[ -n "${LIBTORCH:-}" ]]; then
        has_torch_config "$LIBTORCH" ||
            stop_with 2 "LIBTORCH names no unpacked LibTorch archive: $LIBTORCH" \
                "It must hold share/cmake/Torch/TorchConfig.cmake."
        return
    fi
    if [[ -z "$(venv_torch)" ]]; then
        install_wheel
    fi
    [[ -n "$(venv_torch)" ]] || stop_with 3 "The wheel in build/torch-venv holds no LibTorch." \
        "Delete build/torch-venv and start this script again."
}

case "${1:-}" in
"") ;;
--full) packages+=("${full_packages[@]}") ;;
--help)
    printf 'usage: bash packaging/setup.sh [--full]\n\n%s\n%s\n' \
        "Installs missing Debian packages and LibTorch. Repeating it costs nothing." \
        "--full adds what packaging/test.sh --full needs."
    exit 0
    ;;
*) stop_with 2 "unknown option: $1 (known: --full, --help)" ;;
esac

install_packages
provide_torch
