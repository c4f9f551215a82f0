# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034
# What the demonstrations of ./quickstart share.  They run in namespaces of their own (network,
# processes, mounts), where this is the first process: everything vanishes with it.
# Environment: DEMO_STEPS="DONE TOTAL" of ./quickstart's steps.
set -eu
# shellcheck source=devtools/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$(dirname "${BASH_SOURCE[0]}")/.."

read -r step_number steps_total <<<"$DEMO_STEPS"
tmp=/run/demo
host=host1 # the network namespace that plays the remote host
taps=(panel0 panel1)
nb_pings=5
address_of_56=192.168.140.21
address_of_58=192.168.140.22
address_of_99=192.168.140.99 # of 52:54:00:12:34:99, which no classifier knows

[[ $$ -eq 1 ]] || die "is a part of ./quickstart, run that"

show_logs() {
	local status=$? log
	[[ $status -ne 0 ]] || return 0
	for log in "$tmp"/*.log; do
		[[ -s $log ]] && printf '\n%s, last lines:\n' "${log##*/}" && tail -n 15 "$log"
	done >&2
}
trap show_logs EXIT

# Without the messages that IPv6 sends by itself the counters show the pings alone.
disable_ipv6() {
	"$@" tee /proc/sys/net/ipv6/conf/{all,default}/disable_ipv6 <<<1 >/dev/null 2>&1 || true
}

mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p "$tmp/plugins"
export HOME=$tmp
ip link set lo up
disable_ipv6 env
# A build directory may belong to an ordinary user; programs run by root take plugins of root only.
cp build/plugins/*.so "$tmp/plugins/"

# The panel's lcores may share a CPU; document and recipe are for a machine with more.
cpus='(0-1)'
[[ $(nproc) -gt 1 ]] || cpus='(0)'

picture() {
	cat <<-'END'

		                           ring:0        ring:2
		   host1                 +--------> fwd1 --------+                   host1
		   ens0 ---> phy:0       |                       v           phy:1 ---> ens1
		            -------> cls-+                        mgr ------------->
		                         |                       ^
		                         +--------> fwd2 --------+
		                           ring:1        ring:3

	END
}

# print_command WORD...: as a reader would type it, an option and its value on one line
print_command() {
	local word column=0
	printf '  host2$'
	for word in "$@"; do
		[[ $word != *['()']* ]] || word="'$word'"
		if [[ $word == -* && $((column + ${#word})) -gt 66 ]]; then
			printf ' \\\n          '
			column=0
		fi
		printf ' %s' "$word"
		column=$((column + ${#word} + 1))
	done
	printf '\n'
}

# start NAME PATTERN COMMAND...: run a program until its log has that line.
# Sets pid.
start() {
	local name=$1 pattern=$2
	shift 2
	print_command "$@"
	"$@" >"$tmp/$name.log" 2>&1 </dev/null &
	pid=$!
	wait_for_line 60 "$tmp/$name.log" "$pid" "$pattern" || die "$name did not start"
	grep -E "$pattern" "$tmp/$name.log" | sed 's/^/    /'
}

# finish NAME PID: the process must end, with status 0.
finish() {
	local status=0
	wait_for 30 process_is_gone "$2" || die "$1 does not end"
	wait "$2" || status=$?
	[[ $status -eq 0 ]] || die "$1 ended with status $status"
}

# The remote host

# show COMMAND...: run it there, as a reader would type it
show() {
	say "  $host\$ $*"
	ip netns exec "$host" "$@"
}

make_remote_host() {
	local i
	ip netns add "$host"
	disable_ipv6 ip netns exec "$host"
	for i in 0 1; do
		ip link set "${taps[i]}" netns "$host"
		ip -n "$host" link set "${taps[i]}" name "ens$i"
	done
	show ip link set ens0 up
	show ip link set ens1 up
	show ip address add 192.168.140.1/24 dev ens0
	# Nobody answers address questions here, so the neighbours are entered by hand.
	show ip neigh add "$address_of_56" lladdr 52:54:00:12:34:56 dev ens0
	show ip neigh add "$address_of_58" lladdr 52:54:00:12:34:58 dev ens0
	show ip neigh add "$address_of_99" lladdr 52:54:00:12:34:99 dev ens0
}

watch_ens1() {
	say "  $host\$ tcpdump -e -n -i ens1 icmp &"
	ip netns exec "$host" tcpdump -l -U -e -n -t --immediate-mode -i ens1 icmp >"$tmp/seen" \
		2>"$tmp/tcpdump.log" &
	wait_for_line 20 "$tmp/tcpdump.log" "$!" 'listening on' || die "tcpdump did not start"
}

# ping_from_host ADDRESS NUMBER: no host answers, because the picture has no way back.
ping_from_host() {
	ip netns exec "$host" ping -q -c "$2" -i 0.2 -W 0.2 "$1" >/dev/null || true
}

# seen ADDRESS: echo requests to it that tcpdump has seen
seen() {
	grep -c "> 52:54:00:12:34:$1, .*echo request" "$tmp/seen" || true
}

# seen_at_least NUMBER ADDRESS...
seen_at_least() {
	local number=$1 address
	shift
	for address in "$@"; do
		[[ $(seen "$address") -ge $number ]] || return 1
	done
}

# Ping all three addresses into ens0 and say what comes out of ens1, which must be what the table
# says.
ping_all() {
	local address wanted number verdict result=0
	say "  (the address nobody has an entry for comes first; no ping is answered, $host only listens)"
	for address in "$address_of_99" "$address_of_56" "$address_of_58"; do
		say "  $host\$ ping -c $nb_pings $address"
		ping_from_host "$address" "$nb_pings"
	done
	wait_for 10 seen_at_least "$nb_pings" 56 58 || true
	say "
  tcpdump on ens1:"
	sed 's/^/    /' "$tmp/seen"
	for address in 56 58 99; do
		wanted=$nb_pings verdict=right
		[[ $address != 99 ]] || wanted=0
		number=$(seen "$address")
		[[ $number -eq $wanted ]] || verdict=WRONG result=1
		printf '  to 52:54:00:12:34:%s: %d sent into ens0, %d came out of ens1: %s\n' "$address" \
			"$nb_pings" "$number" "$verdict"
	done
	[[ $result -eq 0 ]] || die "what came out of ens1 is not what the table says"
}

# What a process says of its components: a JSON array on standard input.

print_components() {
	jq -r '.[] | "  core \(.core)  \(.name): \(.type), in:"
		+ ([.rx_port[] | " \(.port) \(.packets)"] | join(","))
		+ "; out:" + ([.tx_port[] | " \(.port) \(.packets)"] | join(","))
		+ "; dropped:" + (([.drops | to_entries[] | " \(.key) \(.value)"] | join(","))
			| if . == "" then " none" else . end)'
}

# Counters that fit the pings: at least those, and none lost on the way.
counters_fit() {
	jq -e --argjson pings "$nb_pings" 'map(select(.name != "") | {(.name): .}) | add
		| .cls.tx_port[0].packets >= $pings and .cls.tx_port[1].packets >= $pings
		and ([.cls.drops[]] | add) >= $pings
		and .mgr.tx_port[0].packets == .fwd1.tx_port[0].packets + .fwd2.tx_port[0].packets' \
		>/dev/null
}
