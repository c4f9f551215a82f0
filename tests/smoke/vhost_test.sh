#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# A vhost-user port with a virtio-user peer in place of a virtual machine: frames go into the peer
# and come back, the peer comes and goes.
# shellcheck source=tests/smoke/_init.sh
. "$(dirname "$0")/_init.sh"
need dpdk-testpmd

peer_pid=

# peer_start SOCKET [DEVICE OPTION]: testpmd sends back what it receives
peer_start() {
	mkfifo "$tmp/peer.in"
	dpdk-testpmd --no-huge -m 64 --no-pci --no-telemetry --file-prefix peer --lcores '0@0,1@1' \
		--vdev "net_virtio_user0,path=$1,queues=1,mac=$mac56${2+,$2}" \
		-- --total-num-mbufs=2048 --auto-start --forward-mode=io \
		<"$tmp/peer.in" >"$tmp/peer.log" 2>&1 &
	peer_pid=$!
	# The standard input of testpmd stays open: testpmd ends at its end.
	exec {peer_in}>"$tmp/peer.in"
	rm "$tmp/peer.in"
}

peer_stop() {
	stop_process "$peer_pid"
	exec {peer_in}>&-
}

# Frames that are under way while testpmd sets its device up are lost: greet until it answers.
nb_greetings=0

peer_answers() {
	frames send ens0 "to=$mac56,stream=99,first=$nb_greetings"
	nb_greetings=$((nb_greetings + 1))
	[[ $(status "$(rx_packets from)") -gt $1 ]]
}

peer_greet() {
	local before
	before=$(status "$(rx_packets from)")
	wait_for 60 peer_answers "$before" || wrong "the peer does not answer"
}

greetings_forget() {
	frames atmost ens1 "to=$mac56,stream=99,count=$nb_greetings"
}

connected() {
	printf '[.port_status[] | select(.port == "%s") | .connected]' "$1"
}

panel_config <<END
rings = 4
port "vhost:0" { options = {"mode=server", "socket=$tmp/server.sock"} }
port "vhost:1" { options = {"mode=client", "socket=$tmp/client.sock"} }
component "to" { core = 2 type = "forward" rx = {"phy:0"} tx = {"vhost:0"} }
component "from" { core = 3 type = "forward" rx = {"vhost:0"} tx = {"phy:1"} }
END
panel_start "${panel_taps[@]}"
frames_open ens0 ens1
in_use=$(status .mbufs.in_use)

tell "without a peer frames are dropped and counted"
expect_status '[false]' "$(connected vhost:0)"
frames send ens0 to="$mac56",count=20
await_status 20 "$(drops to)"
frames nothing

for round in 1 2; do
	tell "with a peer they go through it and come back, in order, unchanged ($round)"
	peer_start "$tmp/server.sock"
	wait_for 60 status_is '[true]' "$(connected vhost:0)" || wrong "the peer does not connect"
	peer_greet
	for size in 60 600 1514; do
		frames send ens0 to="$mac56",count=100,size="$size"
		frames expect ens1 to="$mac56",count=100,size="$size"
	done
	greetings_forget
	frames nothing
	expect_law

	tell "the peer dies; the panel goes on ($round)"
	kill -KILL "$peer_pid"
	peer_stop
	wait_for 60 status_is '[false]' "$(connected vhost:0)" || wrong "the peer's end is not seen"
	await_status "$in_use" .mbufs.in_use
done

tell "a port without attachment is closed and its socket removed"
run "port del vhost:0 tx to"
[[ -S $tmp/server.sock ]] || wrong "the socket went too early"
run "port del vhost:0 rx from"
[[ ! -e $tmp/server.sock ]] || wrong "the socket is still there"
expect_status '[]' .vhost

tell "the panel as client of the peer's socket"
run "port add vhost:1 tx to"
run "port add vhost:1 rx from"
expect_status '["1"]' .vhost
peer_start "$tmp/client.sock" server=1
wait_for 60 status_is '[true]' "$(connected vhost:1)" || wrong "no connection to the peer"
peer_greet
frames send ens0 to="$mac56",count=100
frames expect ens1 to="$mac56",count=100
greetings_forget
frames nothing
expect_law
peer_stop
panel_stop
