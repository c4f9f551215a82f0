# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
# Functions shared by quickstart, check and devtools/: messages, steps with time, packages, processes,
# hugepages.

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

# Hugepages of 2 MB

hugepages=/sys/kernel/mm/hugepages/hugepages-2048kB
hugepages_reserved=0

hugepages_free() {
	echo $(($(<"$hugepages/free_hugepages") - $(<"$hugepages/resv_hugepages")))
}

# hugepages_change NUMBER: have that many pages more, or fewer.
hugepages_change() {
	local number=$(($(<"$hugepages/nr_hugepages") + $1))
	echo $((number > 0 ? number : 0)) >"$hugepages/nr_hugepages"
}

# hugepages_reserve NUMBER: see to it that so many pages are free.  Remembers the pages added for
# hugepages_give_back; adds none and fails when the machine has too few.
hugepages_reserve() {
	local missing before
	[[ -w $hugepages/nr_hugepages ]] || return 1
	missing=$(($1 - $(hugepages_free)))
	[[ $missing -gt 0 ]] || return 0
	# Memory in use is in pieces; the kernel can put free pages together.
	{ echo 1 >/proc/sys/vm/compact_memory; } 2>/dev/null || true
	before=$(<"$hugepages/nr_hugepages")
	hugepages_change "$missing" || return 1
	hugepages_reserved=$(($(<"$hugepages/nr_hugepages") - before))
	[[ $hugepages_reserved -ge $missing ]] || { hugepages_give_back && return 1; }
}

# Pages that a process still has are given back when it ends.
hugepages_give_back() {
	[[ $hugepages_reserved -eq 0 ]] || hugepages_change "-$hugepages_reserved"
	hugepages_reserved=0
}
