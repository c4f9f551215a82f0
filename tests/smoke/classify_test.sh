#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Classify by destination address: two addresses, two forwarders, one merger.  Every packet fact.
# shellcheck source=tests/smoke/_init.sh
. "$(dirname "$0")/_init.sh"

config_two_paths ""
panel_start "${panel_taps[@]}"
frames_open ens0 ens1
in_use=$(status .mbufs.in_use)

tell "before the first table entry frames stay in the queue of the port"
frames send ens0 to="$mac56",stream=1,count=40
expect_status 0 "$(rx_packets cls)"
frames nothing

tell "with its entry they come out, once, unchanged, in order"
run "${both_entries[0]}"
frames expect ens1 to="$mac56",stream=1,count=40
run "${both_entries[1]}"

for size in 60 61 64 128 1000 1514; do
	tell "frames of $size bytes come out unchanged"
	frames send ens0 to="$mac56",stream=1,count=50,size="$size" \
		to="$mac58",stream=2,count=50,size="$size"
	frames expect ens1 to="$mac56",stream=1,count=50,size="$size" \
		to="$mac58",stream=2,count=50,size="$size"
done
frames nothing

tell "the source address and the type of a frame do not matter"
frames send ens0 to="$mac56",stream=1,count=5,from="$mac58" to="$mac56",stream=2,count=5,type=0x0800
frames expect ens1 to="$mac56",stream=1,count=5,from="$mac58" \
	to="$mac56",stream=2,count=5,type=0x0800
frames nothing

# What must not come out is sent before frames that do, on both paths.
nothing_comes_of() {
	local dropped
	dropped=$(status "$(drops cls)")
	frames send ens0 "$1,stream=9,count=10"
	frames send ens0 to="$mac56",stream=1,count=3 to="$mac58",stream=2,count=3
	frames expect ens1 to="$mac56",stream=1,count=3 to="$mac58",stream=2,count=3
	frames nothing
	await_status "$((dropped + 10))" "$(drops cls)"
}

tell "other unicast addresses lead nowhere and are counted as drops"
nothing_comes_of to="$mac99"
nothing_comes_of to=00:00:00:00:00:00
nothing_comes_of to=52:54:00:12:34:57

tell "tagged frames lead nowhere, whatever the VID, also to addresses of the table"
for tag in 0/0 1/7 101/3 4094/0 4095/5; do
	nothing_comes_of to="$mac56",tag="$tag"
	nothing_comes_of to=ff:ff:ff:ff:ff:ff,tag="$tag"
done

tell "broadcast and multicast come out twice, once through each forwarder"
for to in ff:ff:ff:ff:ff:ff 01:00:5e:00:00:01 33:33:00:00:00:01; do
	frames send ens0 to="$to",stream=3,count=20
	frames expect ens1 to="$to",stream=3,count=20,copies=2
done
frames nothing
expect_law

tell "a tag of another EtherType is no VLAN tag"
frames send ens0 to="$mac56",stream=4,count=5,tag=5/0/0/0x88a8
frames expect ens1 to="$mac56",stream=4,count=5,tag=5/0/0/0x88a8
frames nothing

tell "frames into the second interface are never read"
frames send ens1 to="$mac56",stream=5,count=5 to=ff:ff:ff:ff:ff:ff,stream=6,count=5
nothing_comes_of to="$mac99"

tell "after the deletion of one entry only the other address comes out"
run "classifier_table del mac $mac56 ring:0"
frames send ens0 to="$mac56",stream=1,count=10 to="$mac58",stream=2,count=10
frames expect ens1 to="$mac58",stream=2,count=10
frames nothing
expect_law

tell "after the deletion of both frames stay in the queue of the port"
run "classifier_table del mac $mac58 ring:1"
before=$(status "$(rx_packets cls)")
frames send ens0 to="$mac56",stream=1,count=10
expect_status "$before" "$(rx_packets cls)"
frames nothing

tell "and come out when the entry is back"
run "${both_entries[0]}"
frames expect ens1 to="$mac56",stream=1,count=10
frames nothing

tell "every packet is accounted for and every buffer is back"
expect_law
await_status "$in_use" .mbufs.in_use
panel_stop
