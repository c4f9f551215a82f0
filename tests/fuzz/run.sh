#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# run.sh FUZZER CORPUS [ARGS]: fuzz for seconds, from a copy of the corpus.  FUZZ_SECONDS is for
# longer runs by hand.
set -eu

fuzzer=$1
corpus=$2
shift 2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -d "$corpus" ]; then
	cp "$corpus"/* "$work"
fi

seconds=${FUZZ_SECONDS:-5}
runs=200000
if [ -n "${FUZZ_SECONDS:-}" ]; then
	runs=-1
fi
"$fuzzer" -seed=1 -runs="$runs" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 \
	-print_final_stats=1 -artifact_prefix="$fuzzer-" "$@" "$work"
