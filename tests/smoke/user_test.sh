#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Without root and without hugepages: an ordinary user runs the panel in a namespace of his own.
# shellcheck source=tests/smoke/_init.sh
. "$(dirname "$0")/_init.sh"

if [[ ${1-} != user ]]; then
	# Copies, because an ordinary user may not reach the build directory.
	chmod 711 "$tmp"
	mkdir "$tmp/bin" "$tmp/bin/plugins" "$tmp/bin/devtools" "$tmp/bin/tests" "$tmp/home"
	cp "$SPP_VF" "$tmp/bin/"
	cp "$PLUGIN_DIR"/*.so "$tmp/bin/plugins/"
	cp -r "$smoke_dir" "$tmp/bin/tests/"
	cp "$smoke_dir/../../devtools/lib.sh" "$tmp/bin/devtools/"
	chmod -R go=rX "$tmp/bin"
	chown nobody: "$tmp/home"
	as_user=(setpriv --reuid=nobody --regid=nogroup --clear-groups
		unshare --user --net --map-current-user --keep-caps)
	"${as_user[@]}" true 2>/dev/null || skip "user namespaces are not permitted here"
	SMOKE_TMP=$tmp/home XDG_RUNTIME_DIR=$tmp/home SPP_VF=$tmp/bin/spp_vf panel_plugins=$tmp/bin/plugins \
		"${as_user[@]}" "$tmp/bin/tests/smoke/user_test.sh" user
	exit
fi

[[ $(id -u) -ne 0 ]] || wrong "this part is for an ordinary user"

tell "an ordinary user classifies frames"
config_two_paths "${both_entries[@]}"
panel_start "${panel_taps[@]}"
frames_open ens0 ens1
frames send ens0 to="$mac56",stream=1,count=20 to="$mac58",stream=2,count=20
frames expect ens1 to="$mac56",stream=1,count=20 to="$mac58",stream=2,count=20
frames nothing
expect_law
panel_stop
[[ ! -e $panel_socket ]] || wrong "the socket is still there"
