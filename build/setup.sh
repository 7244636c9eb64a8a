#!/bin/bash
# setup.sh - install what this project needs from Debian, as far as it is missing.
# SPDX-License-Identifier: BSD-2-Clause
#
#     build/setup.sh            install, as root or through sudo, and say so
#     build/setup.sh --check    only tell: status 1 and the packages, if any are missing
#
# build/packages.txt is the list.  What is there from elsewhere than a package is good too.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
say() { echo "setup: $*" >&2; }

missing() {
	local package thing rest last=
	while read -r package thing rest; do
		case $package in '' | '#'* | "$last") continue ;; esac
		case $thing in
		/*) [ ! -e "$thing" ] || continue ;;
		*) ! command -v "$thing" > /dev/null || continue ;;
		esac
		echo "$package"
		last=$package	# its lines stand together
	done < "$here/packages.txt"
}

install() {
	local root=()
	if [ "$(id -u)" -ne 0 ]; then
		command -v sudo > /dev/null || {
			say "neither root nor sudo: run this as root:"
			say "    apt-get install --no-install-recommends $*"
			exit 1
		}
		root=(sudo)
	fi
	local apt=("${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y
		install --no-install-recommends "$@")
	say "missing: $*"
	say "running: ${root[*]} apt-get install --no-install-recommends $*"
	"${apt[@]}" >&2 && return
	say "that failed; once more with fresh package lists: ${root[*]} apt-get update"
	"${root[@]}" apt-get -q update >&2
	"${apt[@]}" >&2
}

# A package's version in the path of a file may differ: then it is only asked for once.
list=($(missing))
if [ ${#list[@]} -eq 0 ]; then
	exit 0
elif [ "${1:-}" = --check ]; then
	say "missing packages: ${list[*]}"
	exit 1
fi
command -v apt-get > /dev/null || { say "no apt-get here; needed: ${list[*]}"; exit 1; }
install "${list[@]}"
say "done"
