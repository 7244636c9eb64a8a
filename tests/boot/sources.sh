#!/bin/bash
# sources.sh - fetching pinned third-party source, from an archive made here; no network.
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.bash"
. /etc/os-release
export EXO_OUT=$work/built EXO_APT_ETC=$work/etc EXO_SOURCE_LIST=$work/list
code=$VERSION_CODENAME

# offer VERSION...: an archive with these versions of the source package "thing".
offer() {
	local dir=$work/archive/dists/$code/main/source version file
	rm -rf "$work/archive"
	mkdir -p "$dir" "$work/archive/pool"
	for version; do
		file=thing_$version.orig.tar.gz
		echo "thing $version" | gzip -n > "$work/archive/pool/$file"
		cat >> "$dir/Sources" <<-TEXT
		Package: thing
		Version: $version-1
		Directory: pool
		Format: 3.0 (quilt)
		Binary: thing
		Architecture: any
		Maintainer: nobody <nobody@localhost>
		Files:
		 $(md5sum < "$work/archive/pool/$file" | cut -c 1-32) $(stat -c %s "$work/archive/pool/$file") $file
		 00000000000000000000000000000000 1 thing_$version-1.dsc
		Checksums-Sha256:
		 $(hash_of "$version") $(stat -c %s "$work/archive/pool/$file") $file
		 0000000000000000000000000000000000000000000000000000000000000000 1 thing_$version-1.dsc

		TEXT
	done
	cat > "$work/archive/dists/$code/Release" <<-TEXT
	Origin: Debian
	Codename: $code
	Components: main
	Date: $(date -u '+%a, %d %b %Y %H:%M:%S UTC')
	SHA256:
	 $(sha256sum < "$dir/Sources" | cut -c 1-64) $(stat -c %s "$dir/Sources") main/source/Sources
	TEXT
}

hash_of() { sha256sum < "$work/archive/pool/thing_$1.orig.tar.gz" | cut -c 1-64; }
pin() { echo "thing thing thing_$1.orig.tar.gz $2" >> "$EXO_SOURCE_LIST"; }

# entry: the machine's entries, in the old form and among others that must not be asked.
entry() {
	rm -rf "$EXO_OUT" "$EXO_APT_ETC" "$EXO_SOURCE_LIST"
	mkdir -p "$EXO_APT_ETC/sources.list.d"
	echo "deb [trusted=yes] file:$work/archive $code main contrib" > "$EXO_APT_ETC/sources.list"
	echo "deb [trusted=yes] file:$work/none stable-other main" >> "$EXO_APT_ETC/sources.list"
	echo "deb [trusted=yes] file:$work/none $code stable" > "$EXO_APT_ETC/sources.list.d/other.list"
}

fetch=("$top/build/source.sh" thing)
work=$(realpath "$work")

entry; offer 1.0; pin 1.0 "$(hash_of 1.0)"
expect 'sources: a pinned version is fetched' 0 'built/sources/thing_1.0.orig.tar.gz$' "${fetch[@]}"
mv "$work/archive" "$work/gone"; rm -rf "$EXO_OUT/apt"
expect 'sources: kept, not fetched again' 0 'built/sources/thing_1.0.orig.tar.gz$' "${fetch[@]}"
echo damage >> "$EXO_OUT/sources/thing_1.0.orig.tar.gz"
mv "$work/gone" "$work/archive"
expect 'sources: a damaged one is fetched again' 0 'is damaged: fetching it again' "${fetch[@]}"

entry; offer 2.0; pin 1.0 "$(hash_of 2.0)"
expect 'sources: unknown version, its name' 1 'unknown version of thing: thing_2.0.orig.tar.gz' "${fetch[@]}"
expect 'sources: unknown version, its hash' 1 "its SHA-256 is $(hash_of 2.0)" "${fetch[@]}"
expect 'sources: unknown version, the line' 1 "thing thing thing_2.0.orig.tar.gz $(hash_of 2.0)\$" "${fetch[@]}"

entry; offer 1.0 2.0; pin 1.0 "$(hash_of 1.0)"
expect 'sources: an older version that is still offered' 0 'thing_1.0.orig.tar.gz$' "${fetch[@]}"

entry; offer 1.0; pin 1.0 "$(printf '%064d' 7)"
expect 'sources: another hash' 1 'but build/sources.txt says' "${fetch[@]}"
expect 'sources: nothing is kept of it' 1 '' test -e "$EXO_OUT/sources/thing_1.0.orig.tar.gz"

entry; offer 1.0; pin 1.0 "$(hash_of 1.0)"
rm "$EXO_APT_ETC/sources.list"
cat > "$EXO_APT_ETC/sources.list.d/debian.sources" <<TEXT
# a comment
Types: deb
URIs: file:$work/archive
Suites: $code other-suite
Components: main
 contrib
Trusted: yes

Enabled: no
Types: deb
URIs: file:$work/none
Suites: $code
Components: main
TEXT
expect 'sources: entries in the new form' 0 'thing_1.0.orig.tar.gz$' "${fetch[@]}"

entry; offer 1.0; pin 1.0 "$(hash_of 1.0)"
rm "$EXO_APT_ETC/sources.list"
expect 'sources: no entry for Debian' 1 "no entry for Debian $code" "${fetch[@]}"
expect 'sources: a name that is not listed' 1 'is not in build/sources.txt' "$top/build/source.sh" nothing
expect 'sources: called wrongly' 2 'usage' "$top/build/source.sh"
exit $((bad > 0))
