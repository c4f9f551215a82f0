#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# The SSH use case with two virtual machines: make their image, where there is a network, then run
# ssh_test.py like the other tests.  Status 77 where there is no QEMU or no image to be had.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build_dir=${BUILD_DIR:-$here/../../build}
export SPP_VM_DIR=${SPP_VM_DIR:-$build_dir/vm}

if ! command -v qemu-system-x86_64 >/dev/null; then
	echo "SKIP: no qemu-system-x86_64; as root: devtools/install-deps vm"
	exit 77
fi
if ! "$here/../../devtools/vm" image; then
	echo "SKIP: there is no image for virtual machines, see above"
	exit 77
fi
exec "$here/run_test.sh" "$here/ssh_test.py"
