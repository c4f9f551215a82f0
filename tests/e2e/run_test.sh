#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# shellcheck disable=SC2317 # what trap calls is reached
# Run one end-to-end test: run_test.sh TEST.py
#
# The test gets namespaces of its own (../smoke/_init.sh) and in them a hugetlbfs of its own.  When
# too few hugepages are free it reserves what is missing and gives it back at the end.
# shellcheck source=tests/smoke/_init.sh
. "$(dirname "$0")/../smoke/_init.sh"

huge_mb=96
pages=/sys/kernel/mm/hugepages/hugepages-2048kB
reserved=0

free_pages() {
	echo $(($(<"$pages/free_hugepages") - $(<"$pages/resv_hugepages")))
}

# change_pages NUMBER: reserve that many pages more, or fewer.
change_pages() {
	echo $(($(<"$pages/nr_hugepages") + $1)) >"$pages/nr_hugepages"
}

give_back() {
	[[ $reserved -eq 0 ]] || change_pages "-$reserved"
	reserved=0
}

reserve() {
	local missing before
	[[ -w $pages/nr_hugepages ]] || skip "this kernel has no hugepages of 2 MB"
	missing=$((huge_mb / 2 - $(free_pages)))
	[[ $missing -gt 0 ]] || return 0
	before=$(<"$pages/nr_hugepages")
	change_pages "$missing"
	reserved=$(($(<"$pages/nr_hugepages") - before))
	[[ $reserved -ge $missing ]] ||
		skip "needs $huge_mb MB of hugepages; $missing pages are missing, $reserved to be had"
	tell "$reserved hugepages reserved, until the end of this test"
}

# This shell is the first process of its namespace: -1 is what the test has started, nothing else.
clean_up() {
	at_exit
	[[ $$ -ne 1 ]] || kill -KILL -1 2>/dev/null || true
	cd /
	umount --lazy "$tmp/huge" 2>/dev/null || true
	give_back
}
trap clean_up EXIT
trap 'exit 143' TERM INT

reserve
mkdir "$tmp/huge"
mount -t hugetlbfs -o "pagesize=2M,size=${huge_mb}M" none "$tmp/huge" ||
	skip "hugetlbfs cannot be mounted"
tell "${1##*/}"
export E2E_TMP=$tmp SPP_VF PLUGIN_DIR TEST_PLUGIN_DIR HOME=$tmp
export SPP_PRIMARY=${SPP_PRIMARY:-$build_dir/apps/spp_primary/spp_primary}
export SPP_CTL=${SPP_CTL:-$build_dir/apps/spp-ctl/spp-ctl} SPP=${SPP:-$build_dir/apps/spp/spp}
export PYTHONDONTWRITEBYTECODE=1
/usr/bin/python3 "$1" &
test_pid=$!
status=0
wait "$test_pid" || status=$?
exit "$status"
