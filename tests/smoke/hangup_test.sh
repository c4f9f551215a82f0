#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# The terminal goes: the panel stays, whether it is starting or has started.
# shellcheck source=tests/smoke/_init.sh
. "$(dirname "$0")/_init.sh"

config_two_paths "${both_entries[@]}"

# Before that a signal finds no process of ours, or the tool that starts it.
panel_ignores_hangup() {
	local masks
	masks=$(sed -nE 's/^Sig(Ign|Cgt):\s*/0x/p' "/proc/$panel_pid/status" 2>/dev/null | paste -sd '|')
	(((${masks:-0}) & 1))
}

tell "SIGHUP and SIGPIPE while the panel starts"
panel_launch "${panel_taps[@]}" --log-level=spp.core:info
wait_for 30 panel_ignores_hangup || wrong "SIGHUP ends the process that starts"
while ! grep -q '^spp_vf: ready' "$panel_log"; do
	if ! kill -HUP "$panel_pid" || ! kill -PIPE "$panel_pid"; then
		wrong "the process has ended"
	fi
	! process_is_gone "$panel_pid" || wrong "a signal has ended the process that starts"
	sleep 0.05
done

tell "SIGHUP and SIGPIPE while frames flow: none is lost, the log has a line"
frames_open ens0 ens1
kill -HUP "$panel_pid"
kill -PIPE "$panel_pid"
wait_for_line 10 "$panel_log" "$panel_pid" 'SIGHUP: ignored' || wrong "the log does not say it"
frames send ens0 to="$mac56",stream=1,count=20
frames expect ens1 to="$mac56",stream=1,count=20
frames nothing
panel_stop

tell "nobody reads what the panel prints, from the first line on"
# Without a reader from the start: the only one is gone before the program runs.
mkfifo "$tmp/nobody"
exec {reader}<>"$tmp/nobody"
exec {writer}>"$tmp/nobody" {reader}<&-
(
	"$SPP_VF" --no-huge -m 256 --no-pci --file-prefix smoke --lcores "(1-6)@(0-1)" "${panel_taps[@]}" \
		-- --standalone --config "$tmp/panel.conf" --plugin-dir "$PLUGIN_DIR" \
		--socket "$panel_socket" >&"$writer" 2>&1 </dev/null
) &
panel_pid=$!
wait_for 60 test -S "$panel_socket" || wrong "the panel does not start"
run status
run exit
panel_wait || wrong "ended with status $?"
