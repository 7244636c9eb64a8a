#!/bin/bash
# toolbin.sh - the tools under the names that ./configure --host=x86_64-exo-elf looks for.
# SPDX-License-Identifier: BSD-2-Clause
#
#     toolbin.sh OUT     fills OUT/bin and OUT/sysroot
set -euo pipefail

top=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$1/bin" "$1/sysroot/lib" "$1/sysroot/pkgconfig"
out=$(cd "$1" && pwd)
triple=x86_64-exo-elf

# tool NAME... : the script on stdin, under exo-NAME and TRIPLE-NAME
tool() {
	local name text
	text=$(cat)
	for name in "exo-$1" "${@/#/$triple-}"; do
		printf '#!/bin/bash\n%s\n' "$text" > "$out/bin/.$name.$$"
		chmod +x "$out/bin/.$name.$$"
		mv -f "$out/bin/.$name.$$" "$out/bin/$name"
	done
}

printf -v quoted %q "$top/build/exo-cc"
tool cc gcc c99 <<< "exec $quoted \"\$@\""
tool cpp <<< "exec $quoted -E \"\$@\""
# Objects know nothing of the system they are for: the host's tools do.
for name in ar ranlib nm; do tool $name gcc-$name <<< "exec gcc-$name \"\$@\""; done
for name in strip objcopy objdump readelf size strings addr2line as ld; do tool $name <<< "exec $name \"\$@\""; done

# The host's packages are none of ours: only what EXO_PKG_CONFIG_PATH names is found.
printf -v quoted %q "$out/sysroot/pkgconfig"
tool pkg-config <<END
command -v pkg-config > /dev/null || { echo "exo-pkg-config: missing: pkg-config (Debian package pkgconf)" >&2; exit 1; }
unset PKG_CONFIG_SYSROOT_DIR
export PKG_CONFIG_PATH=\${EXO_PKG_CONFIG_PATH:-} PKG_CONFIG_LIBDIR=$quoted
exec pkg-config --static "\$@"
END

# Libraries whose functions are in the libOS, for those who look for files: empty archives.
own=$(sed -n "s/^own_libraries='\(.*\)'\$/\1/p" "$top/build/exo-cc")
for name in $own; do printf '!<arch>\n' > "$out/sysroot/lib/lib$name.a"; done
