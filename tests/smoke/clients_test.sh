#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Several clients of the local socket at once: slow ones, silent ones, ones that vanish.
# shellcheck source=tests/smoke/_init.sh
. "$(dirname "$0")/_init.sh"

config_two_paths ""
panel_start "${panel_taps[@]}"

tell "the socket belongs to its owner alone"
[[ $(stat -c %a "$panel_socket") == *00 ]] || wrong "mode is $(stat -c %a "$panel_socket")"

/usr/bin/python3 "$smoke_dir/clients.py" "$panel_socket" || wrong "see above"

tell "the panel is as before"
run status
panel_stop
