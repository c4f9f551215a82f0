#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# A plugin that does not return from a call on the main lcore: the log says which one, and the process
# still ends when it is told to.
# shellcheck source=tests/smoke/_init.sh
. "$(dirname "$0")/_init.sh"

panel_plugins=$tmp/plugins
mkdir "$panel_plugins"
cp "$PLUGIN_DIR"/*.so "$TEST_PLUGIN_DIR"/faulty{,_port}.so "$panel_plugins/"
export FAULTY_RELEASE=$tmp/release

panel_config <<END
rings = 4
component "fwd" { core = 2 type = "forward" rx = {"phy:0"} tx = {"phy:1"} }
END

stuck='the main lcore is stuck: it has not come back within 1000 ms from'
back='the main lcore is not stuck any more: it has come back from'

is_said() {
	grep -qF "$1" "$panel_log"
}

# said TEXT: wait until the log has it
said() {
	wait_for 30 is_said "$1" || wrong "the log does not say: $1"
}

# ask_later COMMAND: send it; the reply, if one comes, is in $tmp/reply
ask_later() {
	ask "$*" >"$tmp/reply" 2>&1 &
	asking=$!
}

# ended_without_main WHERE: with status 1, and a line that says why
ended_without_main() {
	local status=0
	panel_wait || status=$?
	[[ $status -eq 1 ]] || wrong "the process has ended with status $status"
	local line="spp_vf: told to end, but the main lcore has not come back within 5000 ms from $1"
	line+="; left without closing what it holds: nothing it uses was closed"
	grep -qxF "$line" "$panel_log" || wrong "the log lacks the line: $line"
	wait "$asking" || true
}

tell "create() does not return: the log says so, packets flow, and says when it is over"
panel_start "${panel_taps[@]}"
frames_open ens0 ens1
run "faulty create hang"
ask_later "component start bad 3 faulty"
said "$stuck create() of plugin faulty for component 'bad', in command 'component start bad 3 faulty'"
frames send ens0 to="$mac56",stream=1,count=10
frames expect ens1 to="$mac56",stream=1,count=10
touch "$FAULTY_RELEASE"
said "$back command 'component start bad 3 faulty'"
wait "$asking"
grep -q '"result":"success"' "$tmp/reply" || wrong "the command was answered $(<"$tmp/reply")"
[[ $(grep -cF "$stuck" "$panel_log") -eq 1 ]] || wrong "the hang is said more than once"
rm "$FAULTY_RELEASE"

tell "a verb does not return: SIGTERM ends the process, which closes nothing"
ask_later "faulty verb hang"
said "$stuck verb faulty of plugin faulty, in command 'faulty verb hang'"
kill -TERM "$panel_pid"
ended_without_main "verb faulty of plugin faulty, in command 'faulty verb hang'"
# shellcheck disable=SC1083,SC2093 # a descriptor in an array
exec {FRAMES[1]}>&-

tell "the same with SIGINT, twice, and destroy()"
panel_start "${panel_taps[@]}"
run "component start bad 3 faulty"
run "faulty destroy hang"
ask_later "component stop bad"
said "$stuck destroy() of plugin faulty for component 'bad', in command 'component stop bad'"
kill -INT "$panel_pid"
kill -INT "$panel_pid"
ended_without_main "destroy() of plugin faulty for component 'bad', in command 'component stop bad'"

tell "a port that does not close holds up no end, either"
panel_start "${panel_taps[@]}"
run "component start f 3 forward"
run "port add faulty_port:7 rx f"
run "faulty_port close hang"
kill -TERM "$panel_pid"
asking=
ended_without_main "close() of plugin faulty_port for port faulty_port:7"

tell "a plugin that hangs while the process starts: named, and ended"
cat >>"$tmp/panel.conf" <<END
component "bad" { core = 3 type = "faulty" }
commands = { "faulty verb hang" }
END
panel_launch "${panel_taps[@]}"
said "$stuck verb faulty of plugin faulty, in command 'faulty verb hang'"
kill -TERM "$panel_pid"
ended_without_main "verb faulty of plugin faulty, in command 'faulty verb hang'"
