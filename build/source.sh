#!/bin/bash
# source.sh - fetch third-party source by apt, pinned by hash; nothing of it is ever committed.
# SPDX-License-Identifier: BSD-2-Clause
#
#     build/source.sh NAME          print the path of NAME's upstream tarball, fetching it if needed
#
# NAME is a line of build/sources.txt.  Tarballs are kept in build/out/sources and used from there
# again without any network.  Only the upstream ("orig") tarball counts: the packager's own files
# change with every update of the distribution and may be gone, so they are never asked for.
#
# apt runs with a state of its own under build/out/apt, made from the machine's own entries for
# Debian turned into deb-src ones.  /etc/apt and the machine's package lists stay as they are.
set -euo pipefail

top=$(cd "$(dirname "$0")/.." && pwd)
out=${EXO_OUT:-$top/build/out}
list=${EXO_SOURCE_LIST:-$top/build/sources.txt}
etc=${EXO_APT_ETC:-/etc/apt}	# only the tests have another
keep=$out/sources
state=$out/apt

say() { echo "source: $*" >&2; }
die() { say "$@"; exit 1; }

# Debian's own suites for this release, component main: what other archives call their suites and
# components does not match both.
codename() {
	local VERSION_CODENAME=""
	[ -r /etc/os-release ] && . /etc/os-release
	[ -n "$VERSION_CODENAME" ] || die "cannot tell which Debian release this is (/etc/os-release)"
	echo "$VERSION_CODENAME"
}

# One-line entries: deb [options] URI suite component...
convert_list() {
	awk -v code="$1" '
	$1 != "deb" && $1 != "deb-src" { next }
	{
		i = 2; options = ""
		if ($2 ~ /^\[/)
			while (i <= NF) { options = options " " $i; if ($(i++) ~ /\]$/) break }
		uri = $i; suite = $(i + 1)
		if (suite !~ "^(" code "|stable)(-updates|-security|/updates|-backports)?$") next
		for (j = i + 2; j <= NF; j++)
			if ($j == "main") { print "deb-src" options, uri, suite, "main"; break }
	}' "$2"
}

# deb822 entries: paragraphs of Field: value lines.
convert_sources() {
	awk -v code="$1" '
	function flush_one(    n, s, i, keep, main, lower) {
		lower = tolower(field["enabled"])
		if (lower !~ /^(no|false|off|0)$/) {
			n = split(field["suites"], s, /[ \t\n]+/)
			for (i = 1; i <= n; i++)
				if (s[i] ~ "^(" code "|stable)(-updates|-security|/updates|-backports)?$")
					keep = keep " " s[i]
			main = (" " field["components"] " ") ~ /[ \t\n]main[ \t\n]/
			if (keep && main && field["uris"]) {
				print "Types: deb-src"
				print "URIs: " field["uris"]
				print "Suites:" keep
				print "Components: main"
				if (field["signed-by"]) print "Signed-By: " field["signed-by"]
				if (field["trusted"]) print "Trusted: " field["trusted"]
				print ""
			}
		}
		delete field
		name = ""
	}
	/^#/ { next }
	/^[ \t]*$/ { flush_one(); next }
	/^[ \t]/ { if (name) field[name] = field[name] "\n" $0; next }
	{ name = tolower($0); sub(/:.*/, "", name); value = $0; sub(/^[^:]*:[ \t]*/, "", value)
	  field[name] = value }
	END { flush_one() }' "$2"
}

make_state() {
	local code f n
	code=$(codename)
	mkdir -p "$state"/{sources.d,lists/partial,cache/archives/partial}
	rm -f "$state"/sources.d/*
	n=0
	for f in "$etc"/sources.list "$etc"/sources.list.d/*.list; do
		[ -r "$f" ] || continue
		n=$((n + 1))
		convert_list "$code" "$f" > "$state/sources.d/$n.list"
	done
	for f in "$etc"/sources.list.d/*.sources; do
		[ -r "$f" ] || continue
		n=$((n + 1))
		convert_sources "$code" "$f" > "$state/sources.d/$n.sources"
	done
	find "$state/sources.d" -type f -empty -delete
	[ -n "$(ls "$state/sources.d")" ] ||
		die "no entry for Debian $code (component main) in $etc/sources.list{,.d}"
	# The machine's hooks act on the machine's own lists: not wanted here.
	cat > "$state/apt.conf" <<-CONF
	#clear APT::Update::Pre-Invoke;
	#clear APT::Update::Post-Invoke;
	#clear APT::Update::Post-Invoke-Success;
	Dir::Etc::sourcelist "/dev/null";
	Dir::Etc::sourceparts "$state/sources.d";
	Dir::State::lists "$state/lists";
	Dir::Cache "$state/cache";
	APT::Sandbox::User "$(id -un)";
	Acquire::Languages "none";
	CONF
	say "reading the package lists of Debian $code (sources only)"
	apt-get -c "$state/apt.conf" -qq update >&2 || die "apt could not read the package lists"
	touch "$state/ready"
}

# Lines "uri orig-tarball" for every version of source package $1 that the lists offer.
offers() {
	local v
	apt-cache -c "$state/apt.conf" showsrc --only-source "$1" 2>/dev/null |
		awk '$1 == "Version:" { print $2 }' | sort -u | while read -r v; do
		apt-get -c "$state/apt.conf" -qq --print-uris --only-source source "$1=$v" 2>/dev/null |
			awk '{ gsub("\x27", "", $1) } $2 ~ /\.orig\.tar\.[a-z0-9]+$/ { print $1, $2 }'
	done
}

download() {
	local to=$keep/.partial.$$
	mkdir -p "$keep"
	say "fetching $2"
	/usr/lib/apt/apt-helper -c "$state/apt.conf" download-file "$1" "$to" >/dev/null ||
		{ rm -f "$to"; die "apt could not fetch $2"; }
	# From a local archive apt makes a link, which would not outlive it.
	[ ! -L "$to" ] || cp --remove-destination "$(readlink -f "$to")" "$to"
	hash=$(sha256sum "$to" | cut -d' ' -f1)
}

# Every offered tarball is tried against the list; one that is not on it stops us.
fetch() {
	local uri tarball want unknown="" seen=""
	while read -r uri tarball; do
		want=$(awk -v n="$name" -v t="$tarball" '$1 == n && $3 == t { print $4 }' "$list")
		seen=$tarball
		[ -n "$want" ] || { unknown="$uri $tarball"; continue; }
		download "$uri" "$tarball"
		if [ "$hash" != "$want" ]; then
			rm -f "$keep/.partial.$$"
			die "$tarball has SHA-256 $hash, but build/sources.txt says $want"
		fi
		mv "$keep/.partial.$$" "$keep/$tarball"
		echo "$keep/$tarball"
		return
	done < <(offers "$package")
	[ -n "$seen" ] || die "no source package $package in this machine's Debian entries"
	download "${unknown% *}" "${unknown#* }"
	rm -f "$keep/.partial.$$"
	say "unknown version of $name: ${unknown#* }"
	say "its SHA-256 is $hash"
	say "if you trust it, add this line to build/sources.txt:"
	say "$name $package ${unknown#* } $hash"
	exit 1
}

[ $# = 1 ] || { say "usage: build/source.sh NAME"; exit 2; }
name=$1
package=$(awk -v n="$name" '$1 == n { print $2; exit }' "$list")
[ -n "$package" ] || die "$name is not in build/sources.txt"

while read -r tarball want; do
	[ -f "$keep/$tarball" ] || continue
	if [ "$(sha256sum "$keep/$tarball" | cut -d' ' -f1)" = "$want" ]; then
		echo "$keep/$tarball"
		exit 0
	fi
	say "$keep/$tarball is damaged: fetching it again"
	rm -f "$keep/$tarball"
done < <(awk -v n="$name" '$1 == n { print $3, $4 }' "$list")

mkdir -p "$out"
exec 9> "$out/.source.lock"
flock 9
# Lists older than half a day may name versions that are gone.
[ -n "$(find "$state/ready" -mmin -720 2>/dev/null)" ] || make_state
fetch
