#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# The end of a process: by signal and by command, under traffic; the process leaves nothing behind.
# shellcheck source=tests/smoke/_init.sh
. "$(dirname "$0")/_init.sh"

config_two_paths "${both_entries[@]}"

nothing_is_left() {
	[[ ! -e $panel_socket ]] || wrong "the socket is still there"
	! ip link show ens0 2>/dev/null || wrong "ens0 is still there"
	! ip link show ens1 2>/dev/null || wrong "ens1 is still there"
	local files
	files=$(find /run -mindepth 1 ! -path "$tmp*" ! -type d)
	[[ -z $files ]] || wrong "files are left: $files"
}

# start_traffic: frames flow until the panel is gone
start_traffic() {
	links_up ens0 ens1
	mkfifo "$tmp/flow.in"
	/usr/bin/python3 "$smoke_dir/frames.py" flow 5 ens0 ens1 to="$mac56",stream=1 \
		to="$mac58",stream=2 <"$tmp/flow.in" >"$tmp/flow.log" 2>&1 &
	flow_pid=$!
	exec {flow_in}>"$tmp/flow.in"
	rm "$tmp/flow.in"
	wait_for_line 60 "$tmp/flow.log" "$flow_pid" '^flowing' || wrong "no frame came through"
}

stop_traffic() {
	kill -KILL "$flow_pid" 2>/dev/null || true
	wait "$flow_pid" 2>/dev/null || true
	exec {flow_in}>&-
}

for signal in TERM INT; do
	tell "SIG$signal under traffic: exit status 0 and nothing is left"
	panel_start "${panel_taps[@]}"
	start_traffic
	kill -"$signal" "$panel_pid"
	panel_wait || wrong "ended with status $?"
	stop_traffic
	nothing_is_left
done

tell "exit: the reply comes before the end"
panel_start "${panel_taps[@]}"
start_traffic
run exit
panel_wait || wrong "ended with status $?"
stop_traffic
nothing_is_left

tell "a signal before the panel is ready"
panel_launch "${panel_taps[@]}"
wait_for 30 test -s "$panel_log" || true
kill -TERM "$panel_pid"
panel_wait || true
nothing_is_left

tell "after a kill -9 the same command line works again"
panel_start "${panel_taps[@]}"
kill -KILL "$panel_pid"
panel_wait || true
[[ -S $panel_socket ]] || wrong "expected the stale socket file of this test"
panel_start "${panel_taps[@]}"

tell "a second process with the same socket is refused and disturbs nothing"
first_pid=$panel_pid
first_log=$panel_log
panel_log=$tmp/second.log
panel_launch --file-prefix second --vdev net_tap0,iface=other0 --vdev net_tap1,iface=other1
! panel_wait || wrong "the second process has run"
grep -q "$panel_socket" "$panel_log" || wrong "the refusal does not name the socket"
panel_pid=$first_pid
panel_log=$first_log
run status
panel_stop
nothing_is_left
