#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Plugins that cannot be loaded: each is named, the process goes on without it.
# shellcheck source=tests/smoke/_init.sh
. "$(dirname "$0")/_init.sh"

panel_plugins=$tmp/plugins
mkdir "$panel_plugins"
cp "$PLUGIN_DIR"/*.so "$panel_plugins/"
echo 'this is no ELF file' >"$panel_plugins/text.so"
head -c 1000 "$PLUGIN_DIR/forward.so" >"$panel_plugins/short.so"
cp "$PLUGIN_DIR/forward.so" "$panel_plugins/open.so"
chmod 666 "$panel_plugins/open.so"
cp "$PLUGIN_DIR/forward.so" "$panel_plugins/foreign.so"
chown nobody "$panel_plugins/foreign.so"
: >"$panel_plugins/empty.so"
mkdir "$panel_plugins/folder.so"

loaded() {
	ask plugin list | jq -r '.. | objects | select(has("name")) | .name' | sort | tr '\n' ' '
}

tell "without a list all files are tried; the bad ones are named with their file"
panel_config <<<'rings = 4'
panel_start "${panel_taps[@]}"
for name in text short open foreign empty folder; do
	grep -q "$panel_plugins/$name.so" "$panel_log" || wrong "$name.so is not named"
done
[[ $(loaded) == 'classifier forward merge phy ring vhost ' ]] || wrong "loaded: $(loaded)"
refuse 'Invalid value (component type)' "component start a 2 text"
run "component start a 2 forward"
run "port add phy:0 rx a"
run "port add phy:1 tx a"
frames_open ens0 ens1
frames send ens0 count=20
frames expect ens1 count=20

tell "one that comes later can be loaded by command, by name only"
refuse '' "plugin load text"
refuse '' "plugin load ../plugins/forward"
refuse '' "plugin load nosuch"
[[ $(loaded) == 'classifier forward merge phy ring vhost ' ]] || wrong "loaded: $(loaded)"
cp "$TEST_PLUGIN_DIR/stuck.so" "$panel_plugins/"
run "plugin load stuck"
run "component start b 3 stuck"
run_noted "plugin load stuck"
frames send ens0 count=20
frames expect ens1 count=20
frames nothing
panel_stop

tell "with a list only those are loaded, a bad one is named, the rest runs"
panel_config <<<'plugins = {"phy", "forward", "short"}'
panel_start "${panel_taps[@]}"
grep -q "panel.conf:1: .*short" "$panel_log" || wrong "the bad plugin is not named"
[[ $(loaded) == 'forward phy ' ]] || wrong "loaded: $(loaded)"
refuse 'Invalid value (component type)' "component start a 2 merge"
refuse 'Invalid value (command)' "classifier_table add mac $mac56 ring:0"
panel_stop

tell "a directory that others may write to is refused as a whole"
chmod 777 "$panel_plugins"
panel_launch "${panel_taps[@]}"
! panel_wait || wrong "it has started"
grep -q "^spp_vf: .*$panel_plugins" "$panel_log" || wrong "the directory is not named"
