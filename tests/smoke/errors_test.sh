#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Wrong requests: the exact beginning of each answer, and a status that is the same as before.
# shellcheck source=tests/smoke/_init.sh
. "$(dirname "$0")/_init.sh"

config_two_paths "${both_entries[@]}"
panel_start "${panel_taps[@]}"
links_up ens0 ens1
before=$(ask status)

same_as_before() {
	local now
	now=$(ask status)
	[[ $now == "$before" ]] || wrong "'$*' changed the status from $before to $now"
}

# no TEXT COMMAND...: each is refused with a message that begins with TEXT, and changes nothing
no() {
	local text=$1 command
	shift
	for command in "$@"; do
		refuse "$text" "$command"
		same_as_before "$command"
	done
}

# nothing_to_do COMMAND...: each succeeds, says that nothing was to be done, and changes nothing
nothing_to_do() {
	local command
	for command in "$@"; do
		run_noted "$command"
		same_as_before "$command"
	done
}

long_name=$(printf 'x%.0s' {1..32})

tell "words"
no 'Invalid value (command)' 'frobnicate' 'STATUS' 'statu' '{"status":1}'
no 'Wrong message format' 'status now' 'component' 'component start' 'component start a 6' \
	'component stop' 'port add ring:4 rx' \
	'port add ring:4 tx cls add_vlantag' 'port add ring:4 tx cls add_vlantag 1' \
	'port add ring:4 tx cls add_vlantag 1 2 3' 'port add ring:4 tx cls del_vlantag 1 2 3' \
	'classifier_table' 'classifier_table add mac' 'classifier_table add mac default' \
	'classifier_table add vlan 5 default' 'classifier_table add vlan 5 default ring:0 more'
no 'Invalid value (action)' 'component begin a 6 forward' 'port move ring:4 tx cls' \
	"classifier_table set mac $mac99 ring:0"

tell "component start"
nothing_to_do 'component start cls 2 classifier' 'component start cls 2 classifier_mac'
no 'Invalid value (component name)' 'component start cls 6 forward' 'component start a/b 6 forward' \
	"component start $long_name 6 forward"
no 'Invalid value (core)' 'component start a 128 forward' 'component start a six forward' \
	'component start a -1 forward' 'component start a 0x6 forward'
no 'Invalid value (core): ' 'component start a 99 forward' 'component start a 1 forward'
no "error occur: component 'a': option 'too' has no value" 'component start a 6 forward too many'
no 'Invalid value (component type)' 'component start a 6 teleport' 'component start a 6 ring'

tell "component stop"
nothing_to_do 'component stop nobody'

tell "port add"
no 'Invalid value (component name)' 'port add ring:4 rx nobody'
no 'Invalid value (port)' 'port add wire:0 tx cls' 'port add ring:x tx cls' 'port add ring:-1 tx cls' \
	'port add ring tx cls' 'port add ring: tx cls' 'port add ring:0x4 tx cls' \
	'port add ring:4294967296 tx cls' 'port add ring:99999999999999999999 tx cls'
no 'Invalid value (port rxtx)' 'port add phy:1 tx cls' 'port add phy:0 rx mgr' \
	'port add ring:4 up cls'
no 'Invalid value (port)' 'port add ring:0 rx mgr'
no 'error occur: forward takes at most 1 tx port' 'port add ring:4 tx fwd1'
no 'error occur: forward takes at most 1 rx port' 'port add ring:4 rx fwd1'
no 'error occur: merge takes at most 1 tx port' 'port add ring:4 tx mgr'
no 'error occur: classifier takes at most 1 rx port' 'port add ring:4 rx cls'
no 'Invalid value (port): ' 'port add ring:50 tx cls' 'port add ring:8 tx cls' 'port add phy:7 tx cls' \
	'port add phy:1nq0 rx mgr' 'port add ring:4nq0 tx cls'
no 'Invalid value (port vlan operation)' 'port add ring:4 tx cls swap_vlantag' \
	'port add ring:4 tx cls swap_vlantag 1 1'
no 'Invalid value (port vid)' 'port add ring:4 tx cls add_vlantag 4095 0' \
	'port add ring:4 tx cls add_vlantag -1 0' 'port add ring:4 tx cls add_vlantag x 0'
no 'Invalid value (port pcp)' 'port add ring:4 tx cls add_vlantag 1 8' \
	'port add ring:4 tx cls add_vlantag 1 x'
nothing_to_do 'port add phy:0 rx cls' 'port add ring:0 tx cls'

tell "port del"
nothing_to_do 'port del ring:4 tx cls' 'port del ring:0 rx cls' 'port del phy:1 rx mgr'

tell "classifier_table"
no 'Invalid value (port)' "classifier_table add mac $mac99 ring:7" \
	"classifier_table add mac $mac99 ring:50" "classifier_table add mac $mac99 phy:1" \
	"classifier_table add mac $mac99 wire:0" "classifier_table add mac $mac56 ring:1"
no 'Invalid value (mac address)' 'classifier_table add mac 52:54:00:12:34 ring:0' \
	"classifier_table add mac $mac99:00 ring:0" 'classifier_table add mac 52-54-00-12-34-99 ring:0' \
	'classifier_table add mac 52:54:00:12:34:9g ring:0' 'classifier_table add mac 1:2:3:4:5:6 ring:0' \
	'classifier_table add mac any ring:0' 'classifier_table add vlan 5 any ring:0'
no 'Invalid value (vlan id)' "classifier_table add vlan 4095 $mac99 ring:0" \
	"classifier_table add vlan -1 $mac99 ring:0" "classifier_table del vlan x $mac99 ring:0"
no 'Invalid value (type)' "classifier_table add ip $mac99 ring:0"
nothing_to_do "${both_entries[0]}" "classifier_table del mac $mac99 ring:0" \
	"classifier_table del vlan 5 $mac56 ring:0"

tell "after all that the panel works"
run "port add ring:4 tx cls"
run "classifier_table add mac $mac99 ring:4"
run "classifier_table del mac $mac99 ring:4"
run "port del ring:4 tx cls"
same_as_before 'everything'
frames_open ens0 ens1
frames send ens0 to="$mac56",stream=1,count=20 to="$mac58",stream=2,count=20
frames expect ens1 to="$mac56",stream=1,count=20 to="$mac58",stream=2,count=20
frames nothing
expect_law
panel_stop
