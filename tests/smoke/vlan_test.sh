#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# VLAN actions of attachments, from interface to interface, on rx and on tx, and what the
# classifier makes of tags.
# shellcheck source=tests/smoke/_init.sh
. "$(dirname "$0")/_init.sh"

panel_config <<END
rings = 4
component "fwd" { core = 2 type = "forward" }
END
panel_start "${panel_taps[@]}"
frames_open ens0 ens1

# patch RX-ACTION TX-ACTION: attach both interfaces with these actions
patch() {
	run "port add phy:0 rx fwd $1"
	run "port add phy:1 tx fwd $2"
}

unpatch() {
	run "port del phy:0 rx fwd"
	run "port del phy:1 tx fwd"
}

# becomes BEFORE AFTER: frames with these FRAME words go in and come out, of all sizes
becomes() {
	local size
	for size in 60 64 333 1510; do
		frames send ens0 "to=$mac56,count=10,size=$size$1"
		frames expect ens1 "to=$mac56,count=10,size=$size$2"
	done
	frames nothing
}

for side in rx tx; do
	tell "$side add_vlantag: an untagged frame gets a tag, a tagged one has its TCI overwritten"
	if [[ $side == rx ]]; then patch "add_vlantag 101 3" ""; else patch "" "add_vlantag 101 3"; fi
	becomes "" ,tag=101/3
	becomes ,tag=7/1 ,tag=101/3
	becomes ,tag=7/1/1 ,tag=101/3/0
	becomes ,tag=0/0 ,tag=101/3
	becomes ,tag=7/1,tag=8/2 ,tag=101/3,tag=8/2
	unpatch

	tell "$side del_vlantag: the outer tag goes, an untagged frame stays as it is"
	if [[ $side == rx ]]; then patch del_vlantag ""; else patch "" del_vlantag; fi
	becomes ,tag=101/3 ""
	becomes "" ""
	becomes ,tag=0/0 ""
	becomes ,tag=7/1,tag=8/2 ,tag=8/2
	becomes ,tag=7/1/0/0x88a8 ,tag=7/1/0/0x88a8
	unpatch
done

tell "limits of VID and PCP"
patch "" "add_vlantag 0 0"
becomes "" ,tag=0/0
tell "the action of an attached port can be changed by asking again"
run "port add phy:1 tx fwd add_vlantag 4094 7"
becomes "" ,tag=4094/7
unpatch

tell "actions on both sides: rx first, then tx"
patch "add_vlantag 5 5" del_vlantag
becomes "" ""
becomes ,tag=9/1 ""
unpatch
patch del_vlantag "add_vlantag 6 6"
becomes ,tag=9/1,tag=8/2 ,tag=6/6
becomes "" ,tag=6/6

tell "an action goes with its attachment"
unpatch
patch "" ""
becomes ,tag=9/1 ,tag=9/1
unpatch
run "component stop fwd"

tell "a classifier sees the tag that the rx action leaves, and tx actions come after it"
run "component start cls 2 classifier"
run "component start mgr 3 merge"
run "port add phy:0 rx cls add_vlantag 101 3"
run "port add ring:0 tx cls del_vlantag"
run "port add ring:1 tx cls add_vlantag 202 2"
run "port add ring:0 rx mgr"
run "port add ring:1 rx mgr"
run "port add phy:1 tx mgr"
run "classifier_table add vlan 101 $mac56 ring:0"
run "classifier_table add vlan 101 $mac58 ring:1"
frames send ens0 to="$mac56",stream=1,count=10 to="$mac58",stream=2,count=10,tag=77/1
frames expect ens1 to="$mac56",stream=1,count=10 to="$mac58",stream=2,count=10,tag=202/2

tell "a flooded frame: each copy has its own tag, none changes the other"
frames send ens0 to=ff:ff:ff:ff:ff:ff,stream=3,count=10
frames expect ens1 to=ff:ff:ff:ff:ff:ff,stream=3,count=10 \
	to=ff:ff:ff:ff:ff:ff,stream=3,count=10,tag=202/2
frames nothing
expect_law
panel_stop
