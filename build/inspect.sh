#!/bin/bash
# inspect.sh - exo-build.sh inspect: say what an image holds.
# SPDX-License-Identifier: BSD-2-Clause
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

image= json=()
for arg; do
	case $arg in
	--json) json=(--json) ;;
	-h | --help) echo "usage: exo-build.sh inspect IMAGE [--json]"; exit 0 ;;
	-*) wrong "inspect: unknown option $arg" ;;
	*)
		[ -z "$image" ] || wrong "inspect: one image, please"
		image=$arg ;;
	esac
done
[ -n "$image" ] || wrong "inspect: no image given"
[ -f "$image" ] && [ -r "$image" ] || fail "cannot read $image"
make_tools exo-tools
if [ "$(head -c 3 "$image")" != QFI ]; then
	"$exo_image" inspect "$image" "${json[@]}"
	exit
fi

# A qcow2 is looked into by way of its raw form; its name is what the reader knows it by.
work=$(temporary)
trap 'rm -rf "$work"' EXIT
raw_of "$image" "$work/raw" || exit 1
"$exo_image" inspect "$work/raw" --shown "$image" "${json[@]}"
