#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Wrong configuration files: one sentence with file and line, exit status 1, nothing left.
# shellcheck source=tests/smoke/_init.sh
. "$(dirname "$0")/_init.sh"

# refused SENTENCE: the file on stdin is refused with a line that matches SENTENCE
refused() {
	panel_config
	panel_launch "${panel_taps[@]}"
	local status=0
	panel_wait || status=$?
	[[ $status -eq 1 ]] || wrong "exit status $status for: $(cat "$tmp/panel.conf")"
	grep -qE "^spp_vf: $1" "$panel_log" || wrong "no line '$1' for: $(cat "$tmp/panel.conf")"
	[[ ! -e $panel_socket ]] || wrong "the socket was made"
}

file=$tmp/panel.conf

tell "no such file"
rm -f "$file"
panel_launch
! panel_wait || wrong "started without its file"
grep -q "^spp_vf: .*panel.conf" "$panel_log" || wrong "the sentence does not name the file"

tell "unknown keys and wrong types"
refused "$file:2: .*frobnicate" <<END
rings = 4
frobnicate = 3
END
refused "$file:1: " <<END
rings = "many"
END
refused "$file:3: .*colour" <<END
component "fwd" {
	core = 2
	colour = "red"
	type = "forward"
}
END
refused "$file:" <<END
component "fwd" { core = 2 type = "forward"
END

tell "values out of range"
refused "$file:.*ring_size" <<END
rings = 4
ring_size = 1000
END
refused "$file:.*policy|$file:.*lazy" <<END
idle "2" { policy = "lazy" }
END

tell "names of plugins that there are not, options that no port takes"
refused "$file:2: plugins: .*clasifier" <<END
rings = 4
plugins = {"forward", "clasifier"}
END
refused "$file:1: plugins: .*Forward" <<END
plugins = {"Forward"}
END
refused "$file:2: port 'vhost:3': .*no option 'rx_queue'" <<END
rings = 4
port "vhost:3" { options = {"rx_queue=2"} }
END
refused "$file:1: port 'vhost': .*option 'mode' does not take the value 'klient'" <<END
port "vhost" { options = {"mode=klient"} }
END

tell "names given twice"
refused "$file:2: .*fwd" <<END
component "fwd" { core = 2 type = "forward" }
component "fwd" { core = 3 type = "forward" }
END

tell "what cannot be applied: nothing of it stays"
refused "$file:.*teleport" <<END
component "fwd" { core = 2 type = "forward" }
component "tel" { core = 3 type = "teleport" }
END
refused "$file:.*phy:7" <<END
component "fwd" { core = 2 type = "forward" rx = {"phy:7"} }
END
refused "$file:.*99" <<END
component "fwd" { core = 99 type = "forward" }
END
refused "$file:.*ring:9" <<END
rings = 4
component "fwd" { core = 2 type = "forward" tx = {"ring:9"} }
END
refused "$file:.*classifier_table" <<END
component "cls" { core = 2 type = "classifier" rx = {"phy:0"} tx = {"phy:1"} }
commands = {"classifier_table add mac 52:54:00 phy:1"}
END

tell "an empty file is a panel without components"
panel_config </dev/null
panel_start "${panel_taps[@]}"
expect_status '["unuse"]' '[.core[].type] | unique'
panel_stop

tell "the example of README.md is right"
# shellcheck disable=SC2016 # the fences of a code block
sed -n '/^## Configure it/,/^## /{/^```/,/^```/{/^```/!p}}' "$smoke_dir/../../README.md" | panel_config
panel_start "${panel_taps[@]}"
frames_open ens0 ens1
frames send ens0 to="$mac56",stream=1,count=5 to="$mac99",stream=2,count=5
frames expect ens0 to="$mac56",stream=1,count=5
frames expect ens1 to="$mac99",stream=2,count=5,tag=101/3
frames nothing
expect_status '"adaptive:200us"' '.workers[] | select(.core == 3) | .idle'
panel_stop
