#!/bin/bash
# zlib.sh - zlib's own tests, run by BusyBox's shell, here and on Linux.
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.bash"
ports busybox zlib || exit 1

cat > "$root/test.sh" <<'SCRIPT'
# As its makefile does.
echo hello world | minigzip | minigzip -d || echo 'minigzip test FAILED'
cd tmp && example; echo "example: $?"
infcover > /dev/null 2> covered; echo "infcover: $?"; sort covered | uniq -c
for level in -1 -6 -9 -f -h -r; do minigzip $level < ../data | md5sum; done
cp ../data data; minigzip data; ls data*; gzip -l data.gz > /dev/null 2>&1; gunzip -c data.gz | cmp - ../data && echo 'gunzip reads it'
gzip -c ../data > other.gz; minigzip -d other.gz; cmp other ../data && echo 'minigzip reads it'
minigzip -d < data.gz | md5sum; minigzip -c -d data.gz | tail -n 1
head -c 3000 data.gz > cut.gz; minigzip -d < cut.gz 2> said | wc -c; cat said
minigzip -d nosuch.gz; echo "none: $?"
minigzip < ../data | tee a.gz | minigzip -d | minigzip | minigzip -d | cmp - ../data && echo piped
SCRIPT
{ seq 20000; tr -d '\0' < "$busybox/busybox-host" | head -c 300000; echo end; } > "$root/data"
cp "$top"/build/out/apps/zlib/target/{example,minigzip,infcover} "$root/bin"
host_programs "$top"/build/out/apps/zlib/host/{example,minigzip,infcover}
image zlib || exit 1
same "zlib's tests" -- ash test.sh
exit $((bad > 0))
