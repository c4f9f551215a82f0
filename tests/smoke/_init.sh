# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034,SC2120
# Begin every smoke test with:  . "$(dirname "$0")/_init.sh"
#
# It starts the test again in namespaces of its own: network, processes, mounts with an empty /run.
# Interfaces, sockets and processes of the test vanish with it, however it ends.  A test is a story:
#	tell "what is shown next"
#	panel_config <<END		the configuration file
#	panel_start [EAL OPTION]...	run spp_vf with it until it is ready
#	run COMMAND, refuse TEXT COMMAND, status JQ-FILTER
#	frames ...			see frames.py; frames_open IFACE... first
# Exit status 77 with a reason means: cannot run here.  SPP_VF and PLUGIN_DIR say what to test.
set -eu

smoke_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=devtools/lib.sh
. "$smoke_dir/../../devtools/lib.sh"
build_dir=${BUILD_DIR:-$smoke_dir/../../build}
SPP_VF=${SPP_VF:-$build_dir/apps/spp_vf/spp_vf}
PLUGIN_DIR=${PLUGIN_DIR:-$build_dir/plugins}
TEST_PLUGIN_DIR=${TEST_PLUGIN_DIR:-$build_dir/tests/plugins}

skip() {
	printf 'SKIP: %s\n' "$*"
	exit 77
}

need() {
	local tool
	for tool in "$@"; do
		command -v "$tool" >/dev/null || skip "$tool is not installed"
	done
}

own=(unshare --net --mount --pid --fork --kill-child --mount-proc)
if [[ -z ${SMOKE_INSIDE-} ]]; then
	[[ $EUID -eq 0 ]] || skip "must be root to make network namespaces"
	[[ -c /dev/net/tun ]] || skip "no /dev/net/tun for TAP interfaces"
	"${own[@]}" true 2>/dev/null || skip "namespaces are not permitted here"
	need ip socat jq setpriv
	export SMOKE_INSIDE=1
	exec "${own[@]}" "$0" "$@"
fi

# SMOKE_TMP: this is the part of a test that runs as an ordinary user, inside the namespaces.
tmp=${SMOKE_TMP-}
if [[ -z $tmp ]]; then
	mount -t tmpfs -o mode=755 tmpfs /run
	tmp=/run/smoke
	mkdir "$tmp"
fi
ip link set lo up
# The kernel's own chatter would be among the frames.
for switch in /proc/sys/net/ipv6/conf/{all,default}/disable_ipv6; do
	[[ ! -e $switch ]] || echo 1 >"$switch"
done

story='start of the test'

tell() {
	story=$1
	printf -- '- %s\n' "$story"
}

# wrong SENTENCE: end the test; at_exit() shows the rest.
wrong() {
	printf 'WRONG: %s\n' "$*"
	exit 1
}

at_exit() {
	local status=$?
	if [[ $status -ne 0 && $status -ne 77 ]]; then
		printf 'FAILED (%s) while: %s\n' "$status" "$story"
		local file
		for file in "$tmp"/*.log; do
			[[ -s $file ]] && printf '%s, last lines:\n' "${file##*/}" && tail -n 40 "$file"
		done
	fi
}
trap at_exit EXIT
trap 'printf "line %s: %s\n" "$LINENO" "$BASH_COMMAND"' ERR

# The panel

panel_socket=$tmp/panel.sock
panel_log=$tmp/panel.log
panel_pid=
panel_taps=(--vdev "net_tap0,iface=ens0" --vdev "net_tap1,iface=ens1")

panel_config() {
	cat >"$tmp/panel.conf"
}

# panel_launch [EAL OPTION]...: run it, do not wait.
panel_launch() {
	: >"$panel_log"
	"${panel_as[@]}" "$SPP_VF" --no-huge -m 256 --no-pci --no-telemetry --file-prefix smoke \
		--lcores "${panel_lcores:-(1-6)@(0-1)}" "$@" -- --standalone --client-id 1 \
		--config "$tmp/panel.conf" ${panel_plugins:+--plugin-dir "$panel_plugins"} \
		--socket "$panel_socket" >>"$panel_log" 2>&1 </dev/null &
	panel_pid=$!
}
panel_as=(env)

panel_start() {
	panel_launch "$@"
	wait_for_line 60 "$panel_log" "$panel_pid" '^spp_vf: ready' || wrong "spp_vf is not ready"
}

# Wait for the end of spp_vf, which must come by itself; returns its exit status.
panel_wait() {
	wait_for 30 process_is_gone "$panel_pid" || wrong "spp_vf does not end"
	local status=0
	wait "$panel_pid" || status=$?
	panel_pid=
	return "$status"
}

panel_stop() {
	kill -TERM "$panel_pid"
	panel_wait || wrong "spp_vf ended with status $?"
}

# Send one command, print its reply.
ask() {
	printf '%s\n' "$*" | socat -t 60 - "UNIX-CONNECT:$panel_socket" ||
		wrong "no reply to: $*"
}

# A command that must succeed.
run() {
	local reply
	reply=$(ask "$*")
	[[ $(jq -r '.results[0].result' <<<"$reply") == success ]] || wrong "$*: $reply"
}

# A command that must succeed and say that there was nothing to do.
run_noted() {
	local reply
	reply=$(ask "$*")
	jq -e '.results[0] | .result == "success" and (.note | length > 0)' <<<"$reply" >/dev/null ||
		wrong "$*: no note in $reply"
}

# A command that must be refused, with a message that begins with TEXT: refuse TEXT COMMAND
refuse() {
	local text=$1 reply message
	shift
	reply=$(ask "$*")
	message=$(jq -r '.results[0] | select(.result == "error") | .error_details.message' <<<"$reply")
	[[ $message == "$text"* ]] || wrong "'$*' was answered $reply instead of '$text'"
}

# status FILTER: the output of jq on the `info` of status.
status() {
	ask status | jq -c ".info | $1"
}

# expect_status VALUE FILTER
expect_status() {
	local value
	value=$(status "$2")
	[[ $value == "$1" ]] || wrong "status $2 is $value instead of $1"
}

status_is() {
	! process_is_gone "$panel_pid" || wrong "spp_vf has ended"
	[[ $(status "$2") == "$1" ]]
}

# Wait until status shows a value: counters are the only sign of what is dropped.
await_status() {
	wait_for 30 status_is "$@" || expect_status "$@"
}

# Frames

links_up() {
	local link
	for link in "$@"; do
		ip link set "$link" up
	done
}

frames_open() {
	links_up "$@"
	coproc FRAMES { exec /usr/bin/python3 "$smoke_dir/frames.py" talk "$@" 2>&1; }
	frames_answer ready "open $*"
}

frames_answer() {
	local answer
	read -r -t 60 -u "${FRAMES[0]}" answer || wrong "no answer to: frames $2"
	[[ $answer == "$1"* ]] || wrong "frames $2: $answer"
}

frames() {
	printf '%s\n' "$*" >&"${FRAMES[1]}"
	frames_answer ok "$*"
}

# The panel of most tests: phy:0 -> cls -> ring:0, ring:1 -> fwd1, fwd2 -> ring:2, ring:3 -> mgr ->
# phy:1.  Arguments: commands for the configuration, table entries for example.
config_two_paths() {
	local commands command
	commands=
	for command in "$@"; do
		commands+=${command:+${commands:+, }\"$command\"}
	done
	panel_config <<-END
		rings = 8
		mbufs = 8192
		component "cls" { core = 2 type = "classifier" rx = {"phy:0"} tx = {"ring:0", "ring:1"} }
		component "fwd1" { core = 3 type = "forward" rx = {"ring:0"} tx = {"ring:2"} }
		component "fwd2" { core = 4 type = "forward" rx = {"ring:1"} tx = {"ring:3"} }
		component "mgr" { core = 5 type = "merge" rx = {"ring:2", "ring:3"} tx = {"phy:1"} }
		commands = { $commands }
	END
}

mac56=52:54:00:12:34:56
mac58=52:54:00:12:34:58
mac99=52:54:00:12:34:99
both_entries=("classifier_table add mac $mac56 ring:0" "classifier_table add mac $mac58 ring:1")

# Filters for status

# of_component NAME FILTER
of_component() {
	printf '[.core[] | select(.name == "%s") | %s] | add // 0' "$1" "$2"
}

rx_packets() {
	of_component "$1" '.rx_port[].packets'
}

tx_packets() {
	of_component "$1" '.tx_port[].packets'
}

drops() {
	of_component "$1" '.drops[]'
}

# The balance of the counters, for every component: what came in, and copies, went out or was dropped.
# Status is read while workers count, so a moment may show half a burst; a lasting difference is
# wrong.
broken_law='[.core[] | select(.name != "")
	| {name, in: ((([.rx_port[].packets] + [.rx_detached // 0]) | add) + .copies),
	   out: (([.tx_port[].packets] + [.tx_detached // 0] + [.drops[]]) | add)}
	| select(.in != .out)]'

expect_law() {
	await_status '[]' "$broken_law"
}
