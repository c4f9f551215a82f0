#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# A plugin that crashes: one line says where, and the process dies as it would have died without.
# shellcheck source=tests/smoke/_init.sh
. "$(dirname "$0")/_init.sh"

panel_plugins=$tmp/plugins
mkdir "$panel_plugins"
cp "$PLUGIN_DIR"/*.so "$TEST_PLUGIN_DIR"/faulty{,_port}.so "$panel_plugins/"
ulimit -c 0

panel_config <<END
rings = 4
component "fwd" { core = 2 type = "forward" rx = {"phy:0"} tx = {"ring:0"} }
component "bad" { core = 3 type = "faulty" rx = {"ring:0"} tx = {"phy:1"} }
component "other" { core = 3 type = "forward" rx = {"ring:1"} tx = {"ring:2"} }
component "idle" { core = 4 type = "forward" }
END

# crashed SIGNAL REGEX: by that signal, with one line that matches
crashed() {
	local status=0 line
	panel_wait 2>/dev/null || status=$?
	[[ $status -eq $((128 + $(kill -l "$1"))) ]] || wrong "the process has ended with status $status"
	line=$(grep "^spp_vf: SIG" "$panel_log") || wrong "there is no line"
	[[ $line =~ ^spp_vf:\ SIG$1$2$ ]] || wrong "the line is: $line"
}

# crash_ask COMMAND: which kills the process instead of being answered
crash_ask() {
	printf '%s\n' "$*" | socat -t 60 - "UNIX-CONNECT:$panel_socket" >"$tmp/reply" 2>&1 || true
	[[ ! -s $tmp/reply ]] || wrong "'$*' was answered $(<"$tmp/reply")"
}

at='in plugin faulty at 0x[0-9a-f]+'
for kind in "segv SEGV" "stack SEGV" "abort ABRT" "fpe FPE" "ill ILL" "bus BUS"; do
	read -r fault signal <<<"$kind"
	tell "process() commits $fault: SIG$signal, the core, the component and its plugin"
	panel_start "${panel_taps[@]}"
	frames_open ens0 ens1
	run "faulty process $fault"
	frames send ens0 to="$mac56",stream=1,count=1
	where=" at address 0x[0-9a-f]+ on the worker of core 3, $at, running component 'bad' of plugin faulty"
	# abort() faults inside of libc: no instruction tells which of the two components it was.
	[[ $fault != abort ]] ||
		where=" on the worker of core 3, running component 'bad' of plugin faulty, component 'other' of plugin forward"
	crashed "$signal" "$where; no command runs"
	# shellcheck disable=SC1083,SC2093 # a descriptor in an array
	exec {FRAMES[1]}>&-
done

at='in plugin faulty_port at 0x[0-9a-f]+'
tell "the rx function of a port crashes: its plugin, and the component that uses the port"
panel_start "${panel_taps[@]}"
run "port add faulty_port:1 rx idle"
run "port add ring:3 tx idle"
# The worker may be faster than the reply.
printf 'faulty_port rx segv\n' | socat -t 60 - "UNIX-CONNECT:$panel_socket" >"$tmp/reply" 2>&1 || true
crashed SEGV " at address 0x8 on the worker of core 4, $at, running component 'idle' of plugin forward; .*"

tell "the tx function of a port crashes, on a core with two components"
panel_start "${panel_taps[@]}"
frames_open ens0 ens1
run "port del ring:2 tx other"
run "port add faulty_port:1 tx other"
run "port del ring:0 tx fwd"
run "faulty_port tx segv"
run "port add ring:1 tx fwd"
frames send ens0 to="$mac56",stream=1,count=1
crashed SEGV " at address 0x8 on the worker of core 3, $at, running component 'other' of plugin forward; .*"
# shellcheck disable=SC1083,SC2093 # a descriptor in an array
exec {FRAMES[1]}>&-

at='in plugin faulty at 0x[0-9a-f]+'
tell "create() crashes: the main lcore, the function, the component, the command"
panel_start "${panel_taps[@]}"
run "faulty create segv"
crash_ask "component start new 5 faulty"
crashed SEGV " at address 0x8 on the main lcore, $at; the main lcore is in create\(\) of plugin faulty for component 'new', in command 'component start new 5 faulty'"

tell "a verb runs over its stack"
panel_start "${panel_taps[@]}"
crash_ask "faulty verb stack"
crashed SEGV " at address 0x[0-9a-f]+ on the main lcore, $at; the main lcore is in verb faulty of plugin faulty, in command 'faulty verb stack'"

tell "a signal from outside names the sender; the socket of the dead process is in nobody's way"
panel_start "${panel_taps[@]}"
kill -SEGV "$panel_pid"
crashed SEGV " sent by process [0-9]+ on the main lcore; no command runs"
panel_start "${panel_taps[@]}"
panel_stop
