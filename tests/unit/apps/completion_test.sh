#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Help and completion of a real program: the same options in both, and a script that bash takes.
# completion_test.sh PROGRAM [WORD...]; the words stand before the options.
set -eu -o pipefail

program=$1
name=${program##*/}
shift

fail()
{
	echo "$name: $*" >&2
	exit 1
}

script=$("$program" --bash-completion)
# shellcheck source=/dev/null
eval "$script"
complete -p "$name" >/dev/null || fail "nothing completes it"

# Options are the first words of indented lines in the help, and what completes `-`.
mapfile -t in_help < <("$program" --help | grep -oE '^  -(-[a-z-]+|[a-zA-Z], --[a-z-]+|[a-zA-Z])' |
	grep -oE -- '-(-[a-z-]+|[a-zA-Z]\b)' | sort)
COMP_WORDS=("$name" "$@" -)
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
"_${name//-/_}"
mapfile -t offered < <(printf '%s\n' "${COMPREPLY[@]}" | sort)
[ "${#offered[@]}" -gt 5 ] || fail "only ${#offered[@]} options are offered"
[ "${in_help[*]}" = "${offered[*]}" ] ||
	fail "help has ${in_help[*]}, completion offers ${offered[*]}"

COMP_WORDS=("$name" "$@" --bash)
"_${name//-/_}"
[ "${COMPREPLY[*]}" = --bash-completion ] || fail "--bash completes to '${COMPREPLY[*]}'"

# The parser knows every option that is offered: it may want a value or other options, no more.
for option in "${offered[@]}"; do
	answer=$("$program" "$@" "$option" --no-such-option </dev/null 2>&1) || true
	case $answer in
	*"option $option"$'\n'* | *"option '$option'"$'\n'*)
		fail "it offers $option and does not know it"
		;;
	esac
done
