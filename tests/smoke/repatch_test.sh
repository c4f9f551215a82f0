#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# 200 changes of the patch while numbered frames flow: those on paths that are not changed arrive
# complete, in order, none twice; every buffer comes back.
# shellcheck source=tests/smoke/_init.sh
. "$(dirname "$0")/_init.sh"

config_two_paths "${both_entries[@]}"
panel_start "${panel_taps[@]}"
links_up ens0 ens1
in_use=$(status .mbufs.in_use)

tell "two streams flow, one through each forwarder"
coproc FLOW { exec /usr/bin/python3 "$smoke_dir/frames.py" flow 10 ens0 ens1 \
	to="$mac56",stream=1 to="$mac58",stream=2,size=600 2>&1; }
flow_pid=$!
exec {flow_out}<&"${FLOW[0]}" {flow_in}>&"${FLOW[1]}"
eval "exec ${FLOW[1]}>&-"

flow_says() {
	local line
	read -r -t 60 -u "$flow_out" line || wrong "the flow of frames says nothing"
	[[ $line =~ ^$1$ ]] || wrong "$line"
}
flow_says flowing

nb_changes=0
change() {
	run "$*"
	nb_changes=$((nb_changes + 1))
}

# A third path beside the two, its components on lcores that carry the two, put up and taken down.
third_path() {
	change "component start fwd3 $((2 + $1 % 4)) forward"
	change "port add ring:4 tx cls"
	change "port add ring:4 rx fwd3"
	change "port add ring:5 tx fwd3"
	change "port add ring:5 rx mgr"
	change "classifier_table add mac $mac99 ring:4"
	change "port add ring:5 tx fwd3 add_vlantag $((1 + $1)) 1"
	change "classifier_table add vlan $((1 + $1)) default ring:4"
	change "port del ring:5 rx mgr"
	change "port add ring:5 rx mgr del_vlantag"
	change "classifier_table del vlan $((1 + $1)) default ring:4"
	change "classifier_table del mac $mac99 ring:4"
	change "port del ring:4 tx cls"
	if (($1 % 2)); then
		change "port del ring:5 rx mgr"
		change "component stop fwd3"
	else
		change "component stop fwd3"
		change "port del ring:5 rx mgr"
	fi
	change "idle $((2 + $1 % 4)) yield"
	change "idle $((2 + $1 % 4)) adaptive:$((100 + $1))us"
	change "component start other$1 6 merge"
	change "component stop other$1"
}

tell "200 changes of ports, table, components, VLAN actions and idle policies beside them"
round=0
while ((nb_changes < 200)); do
	third_path "$round"
	round=$((round + 1))
done

tell "refused commands in between do no harm either"
for _ in {1..20}; do
	refuse 'Invalid value (port)' "port add ring:50 tx cls"
	refuse 'error occur: ' "port add ring:6 tx fwd1"
done

tell "every frame has arrived, in order, once"
kill -0 "$flow_pid" || wrong "the flow of frames has ended early"
exec {flow_in}>&-
flow_says 'stream 1: [0-9]+ frames'
flow_says 'stream 2: [0-9]+ frames'
wait "$flow_pid"

tell "every packet is accounted for, every buffer is back"
expect_law
await_status "$in_use" .mbufs.in_use

third_path_up() {
	run "component start fwd3 $1 forward"
	run "port add ring:4 tx cls"
	run "port add ring:4 rx fwd3"
	run "port add ring:5 tx fwd3"
	run "port add ring:5 rx mgr"
}

third_path_down() {
	run "port del ring:4 tx cls"
	run "component stop fwd3"
	run "port del ring:5 rx mgr"
}

tell "a path taken away while its own frames are under way: none is doubled or changed"
frames_open ens0 ens1
cut_short=()
for round in {1..5}; do
	third_path_up "$((1 + round))"
	run "classifier_table add mac $mac99 ring:4"
	frames send ens0 "to=$mac99,stream=$round,count=100"
	frames expect ens1 "to=$mac99,stream=$round,count=100"
	frames send ens0 "to=$mac99,stream=1$round,count=200"
	run "classifier_table del mac $mac99 ring:4"
	third_path_down
	cut_short+=("to=$mac99,stream=1$round,count=200")
done

tell "what stayed in a ring is there for its next reader, and no buffer is lost"
third_path_up 6
await_status "$in_use" .mbufs.in_use
frames atmost ens1 "${cut_short[@]}"
frames nothing
third_path_down
expect_law
await_status "$in_use" .mbufs.in_use
panel_stop
