#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# spp-bench runs every case in its short form and the packets add up; no figure is judged.
# SPP_BENCH says what to test.
set -eu

command -v jq >/dev/null || {
	echo "SKIP: jq is not installed"
	exit 77
}

bench() {
	"$SPP_BENCH" "$@"
}

# check TEXT JQ-FILTER: the filter must be true of the last output.
check() {
	jq -e "$2" <<<"$output" >/dev/null || {
		printf 'not true: %s\n%s\n' "$1" "$output"
		exit 1
	}
}

# refuse STATUS TEXT OPTION...: ends with that status and says so.
refuse() {
	local wanted=$1 text=$2 status=0
	shift 2
	output=$(bench "$@" 2>&1) || status=$?
	if [[ $status -ne $wanted || $output != *"$text"* ]]; then
		printf 'spp-bench %s: status %s, not %s, or not "%s":\n%s\n' \
			"$*" "$status" "$wanted" "$text" "$output"
		exit 1
	fi
}

echo "== every case of the short form passes and is reported once"
output=$(bench --quick --json)
check "all listed cases are there" "[.[].case] == ($(bench --quick --list | jq -R . | jq -s -c .))"
check "the promised keys" 'all(.[]; (.case | type) == "string" and (.baseline | type) == "string"
	and .cycles_per_packet > 0 and .baseline_cycles_per_packet > 0 and .ratio > 0)'
check "spread around the median" 'all(.[]; .min <= .cycles_per_packet
	and .cycles_per_packet <= .max and .baseline_min <= .baseline_cycles_per_packet
	and .baseline_cycles_per_packet <= .baseline_max)'
check "nothing dropped" 'all(.[]; .packets > 0 and .dropped == 0)'
check "the ratio of forward is ours over the ring" '.[] | select(.case == "forward ring-ring")
	| .baseline == "raw ring" and (.ratio * .baseline_cycles_per_packet / .cycles_per_packet | . > 0.98 and . < 1.02)'
check "the ratio of the classifier is the obvious one over ours" '.[]
	| select(.case == "classifier 64x4")
	| .baseline == "rte_hash" and .floor_cycles_per_packet > 0
	and (.ratio * .cycles_per_packet / .baseline_cycles_per_packet | . > 0.98 and . < 1.02)'

echo "== a component plugin by name, its drops accounted for"
output=$(bench --quick --json --component classifier --outputs 2 \
	--command "classifier_table add mac 52:54:00:12:34:56 ring:1" \
	--case "classifier 1-2")
check "everything was for somebody else" '.[0].dropped == .[0].packets'

echo "== wrong usage is explained"
refuse 2 "no case matches" --case nonsense
refuse 2 "--repetitions: '0' is not a number from 1 to 999" --repetitions 0
refuse 2 "need --component" --outputs 2
refuse 2 "unexpected 'forward'" forward
refuse 1 "no_such_plugin" --component no_such_plugin
refuse 1 "no_such_ring" --component classifier --command "classifier_table add mac default no_such_ring"

echo "bench_test: passed"
