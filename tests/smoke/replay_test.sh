#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# The lines of config, sent to a process that has nothing, lead to the same process.
# shellcheck source=tests/smoke/_init.sh
. "$(dirname "$0")/_init.sh"

config() {
	ask "config${*:+ $*}" | jq -c .config
}

# What is configured, without counters and what depends on time.
shape() {
	status '[.core | .[] | {core, name, type, running,
		ports: [(.rx_port, .tx_port) | .[] | {port, vlan}]}], .classifier_table, .workers'
}

tell "a session configures components, VLAN operations, a table and idle policies"
panel_config <<<'rings = 8'
panel_start "${panel_taps[@]}"
[[ $(config) == '{"from":0,"lines":[]}' ]] || wrong "a fresh process has $(config)"
for command in "idle 3 yield" "idle 2 adaptive:500us" "idle 3 busy" \
	"component start cls 3 classifier_mac" "component start f1 2 forward" \
	"component start f2 2 forward" "component start gone 4 merge" \
	"port add phy:0 rx cls del_vlantag" "port add ring:0 tx cls" "port add ring:1 tx cls" \
	"port add ring:2 tx cls" "port del ring:1 tx cls" "port add ring:3 tx cls add_vlantag 100 5" \
	"classifier_table add mac 52:54:00:12:34:56 ring:0" "classifier_table add vlan 7 default ring:3" \
	"classifier_table add mac default ring:2" "port add ring:0 rx f1" "port add phy:1 tx f1" \
	"port add ring:3 rx f2" "port add ring:4 tx f2" "component stop gone"; do
	run "$command"
done
before=$(config)
shape_before=$(shape)
[[ $(jq '.lines | length' <<<"$before") == 16 ]] || wrong "config is $before"

tell "pages make up the whole"
[[ $(config from 14 max 100 | jq -c .lines) == "$(jq -c '.lines[14:]' <<<"$before")" ]] ||
	wrong "the last page differs"
[[ $(config from 0 max 3 | jq -c .) == "$(jq -c '{from: 0, lines: .lines[:3], next: 3}' \
	<<<"$before")" ]] || wrong "the first page differs"

tell "another process becomes the same, line by line"
panel_stop
panel_start "${panel_taps[@]}"
[[ $(shape) != "$shape_before" ]] || wrong "the new process is not empty"
while read -r line; do
	run "$line"
done < <(jq -r '.lines[]' <<<"$before")
[[ $(config) == "$before" ]] || wrong "config is $(config) instead of $before"
[[ $(shape) == "$shape_before" ]] || wrong "status is $(shape) instead of $shape_before"
panel_stop

tell "a reply says what the commands of other verbs configure"
panel_start "${panel_taps[@]}"
[[ $(ask "idle 3 yield" | jq -c .configured) == '{"before":["idle 3 yield"]}' ]] || wrong "yield"
[[ $(ask "idle 3 busy" | jq -c .configured) == \
	'{"before":["idle 3 busy"],"gone":["idle 3 yield"]}' ]] || wrong "busy"
expect_status '{"before":["idle 3 busy"]}' .configured
panel_stop
