#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# A component that does not come back from process(): commands that need its lcore are refused
# after a bounded time and change nothing, others work, and all is well once it is back.
# shellcheck source=tests/smoke/_init.sh
. "$(dirname "$0")/_init.sh"

panel_plugins=$tmp/plugins
mkdir "$panel_plugins"
cp "$PLUGIN_DIR"/*.so "$TEST_PLUGIN_DIR/stuck.so" "$panel_plugins/"

panel_config <<END
rings = 4
component "fwd" { core = 2 type = "forward" rx = {"phy:0"} tx = {"ring:0"} }
component "bad" { core = 3 type = "stuck" rx = {"ring:0"} tx = {"phy:1"} }
END
panel_start "${panel_taps[@]}" --log-level=spp.core:info
frames_open ens0 ens1
frames send ens0 to="$mac56",stream=1,count=10
frames expect ens1 to="$mac56",stream=1,count=10

is_held() {
	[[ $(ask stuck status | jq .held) == true ]]
}

tell "core 3 is stuck"
run "stuck hold"
frames send ens0 to="$mac56",stream=2,count=1
wait_for 30 is_held || wrong "the worker is not inside process()"
before=$(status .core)

tell "a command that needs core 3 is refused, names it, and changes nothing"
for command in "port del phy:1 tx bad" "component stop bad" "port add phy:1 tx bad add_vlantag 1 1"; do
	reply=$(ask "$command")
	[[ $reply == *'"error occur: '*'core 3'* ]] || wrong "'$command' was answered $reply"
	[[ $(status .core) == "$before" ]] || wrong "'$command' has changed $before to $(status .core)"
done

tell "status and log say that core 3 is stuck, and where"
stuck='{"core":3,"stuck":[{"component":"bad","plugin":"stuck"}]}'
await_status "$stuck" '.workers[] | select(.stuck) | {core, stuck}'
wait_for_line 10 "$panel_log" "$panel_pid" "core 3 is stuck: .*component 'bad' of plugin stuck" ||
	wrong "the log does not say it"

tell "commands for other cores are obeyed meanwhile"
run "component start other 4 forward"
run "port add ring:1 rx other"
run "port add ring:2 tx other"
run "component stop other"

tell "core 3 is back: nothing was lost, and the same commands are obeyed"
run "stuck release"
await_status '' '.workers[] | select(.stuck)'
frames expect ens1 to="$mac56",stream=2,count=1
frames send ens0 to="$mac56",stream=3,count=10
frames expect ens1 to="$mac56",stream=3,count=10
frames nothing
run "port add phy:1 tx bad add_vlantag 1 1"
frames send ens0 to="$mac56",stream=4,count=10
frames expect ens1 to="$mac56",stream=4,count=10,tag=1/1
expect_law
run "component stop bad"

tell "a process with a stuck worker still ends, in bounded time; it closes no port under the worker"
hold_again() {
	run "component start bad 3 stuck"
	run "port add ring:0 rx bad"
	run "port add phy:1 tx bad"
	run "stuck hold"
	frames send ens0 to="$mac56",stream=5,count=1
	wait_for 30 is_held || wrong "the worker is not inside process()"
}

# ended_stuck: with status 1 and a line that says who was stuck
ended_stuck() {
	local status=0
	panel_wait || status=$?
	[[ $status -eq 1 ]] || wrong "the process has ended with status $status"
	grep -q "^spp_vf: the worker on core 3 is stuck in component 'bad' of plugin stuck" "$panel_log" ||
		wrong "the process does not say who is stuck"
	! grep 'port phy:.: closed\|port ring:.: closed' "$panel_log" || wrong "a port was closed"
	[[ ! -e $panel_socket ]] || wrong "the socket is still there"
}

hold_again
: >"$panel_log"
kill -TERM "$panel_pid"
ended_stuck

tell "the same by command: the reply says that it is no regular end"
panel_start "${panel_taps[@]}" --log-level=spp.core:info
run "component stop bad"
# shellcheck disable=SC1083,SC2093 # a descriptor in an array
exec {FRAMES[1]}>&-
frames_open ens0 ens1
hold_again
await_status 1 '[.workers[] | select(.stuck)] | length'
: >"$panel_log"
run_noted exit
ended_stuck
