# SPDX-License-Identifier: GPL-3.0-or-later
# Completion of clwb for bash. Commands and options are those that the program itself lists, asked
# once a shell, so that the list is never another one than the program's.

_clwb_help() { # WORD…: the help of a command, kept for this shell
    local key="clwb $*"
    if [[ -z "${_clwb_known[$key]+set}" ]]; then
        _clwb_known[$key]="$("$_clwb_program" "$@" --help 2>/dev/null)"
    fi
    printf '%s\n' "${_clwb_known[$key]}"
}

_clwb_commands() {
    _clwb_help | sed -n '/^commands:/,/^$/s/^  \([a-z][a-z-]*\( [a-z][a-z-]*\)\{0,1\}\)  .*/\1/p'
}

_clwb() {
    declare -gA _clwb_known
    local current="${COMP_WORDS[COMP_CWORD]}" _clwb_program="${COMP_WORDS[0]}"
    local first="${COMP_WORDS[1]:-}" second="${COMP_WORDS[2]:-}" commands
    COMPREPLY=()
    commands="$(_clwb_commands)"
    if ((COMP_CWORD == 1)); then
        mapfile -t COMPREPLY < <(compgen -W "$(cut -d' ' -f1 <<<"$commands" | sort -u) --help --version" -- "$current")
        return
    fi
    local inner
    inner="$(sed -n "s/^$first \(.*\)/\1/p" <<<"$commands")"
    if [[ -n "$inner" ]] && ((COMP_CWORD == 2)); then
        mapfile -t COMPREPLY < <(compgen -W "$inner --help" -- "$current")
        return
    fi
    local words=("$first")
    [[ -z "$inner" ]] || words+=("$second")
    if [[ "$current" == -* ]]; then
        local options
        options="$(_clwb_help "${words[@]}" | sed -n 's/^  \(--[a-z-]*\).*/\1/p' | sort -u)"
        mapfile -t COMPREPLY < <(compgen -W "$options --help" -- "$current")
        return
    fi
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
}
complete -F _clwb clwb
