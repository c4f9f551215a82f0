# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
# Functions shared by quickstart, check and devtools/: messages, steps with time, packages.

# The scripts call absolute tools of Debian; sbin is missing from the path of ordinary users.
PATH=$PATH:/usr/sbin:/sbin
export LC_ALL=C.UTF-8
umask 022

say() {
	printf '%s\n' "$*"
}

die() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

# Steps: `steps_total=5`, then `step "what"` ... `step_done` around each.
steps_total=0
step_number=0
step_name=
step_started=0

step() {
	step_number=$((step_number + 1))
	step_name=$1
	step_started=$SECONDS
	printf '\n[%d/%d] %s\n' "$step_number" "$steps_total" "$step_name"
}

# step_done [RESULT]
step_done() {
	printf '[%d/%d] %s: %s, %d s\n' "$step_number" "$steps_total" "$step_name" "${1:-done}" \
		"$((SECONDS - step_started))"
}

# Wait until a command succeeds: wait_for SECONDS COMMAND...  Only for what offers no event.
wait_for() {
	local deadline=$((SECONDS + $1))
	shift
	until "$@"; do
		((SECONDS < deadline)) || return 1
		sleep 0.05
	done
}

package_is_installed() {
	[[ $(dpkg-query -W -f '${Status}' "$1" 2>/dev/null) == 'install ok installed' ]]
}

# End a process that this script started, politely, then for good: stop_process PID
stop_process() {
	local pid=$1
	kill -TERM "$pid" 2>/dev/null || return 0
	wait_for 10 process_is_gone "$pid" || kill -KILL "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null || true
}

process_is_gone() {
	[[ ! -e /proc/$1 || $(sed 's/.*) //; s/ .*//' "/proc/$1/stat" 2>/dev/null) == [ZX] ]]
}

# Wait until a file that a process writes has a line like PATTERN (extended regular expression):
# wait_for_line SECONDS FILE PID PATTERN.  Fails when the process ends or the time is over.
wait_for_line() {
	local lines tail_pid result=0
	exec {lines}< <(exec tail -n +1 -s 0.1 --pid="$3" -F "$2" 2>/dev/null)
	tail_pid=$!
	timeout "$1" grep -qEm1 "$4" <&"$lines" || result=1
	exec {lines}<&-
	kill "$tail_pid" 2>/dev/null || true
	return "$result"
}
