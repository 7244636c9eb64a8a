# archives.sh - archives and compression, there and back.
# SPDX-License-Identifier: BSD-2-Clause
cd tmp
mkdir -p tree/deep/er; seq 5000 > tree/numbers; head -c 70000 /dev/zero > tree/zeros; ln -s numbers tree/link; ln tree/numbers tree/hard
cp -r ../scripts tree/scripts; echo 'echo run' > tree/deep/er/run.sh; chmod 750 tree/deep/er/run.sh; touch -d '2010-10-10 10:10:10' tree/numbers
awk 'BEGIN { srand(1); for (i = 0; i < 20000; i++) printf "%c", 32 + (i * i * 7 + int(i / 7) * 13 + i % 11 * i) % 90 }' > tree/text

for tool in gzip bzip2; do
	$tool -k -c tree/text > text.$tool; $tool -dc text.$tool | cmp - tree/text && echo "$tool: same"
	wc -c < text.$tool; md5sum < text.$tool
	head -c 1000 text.$tool | $tool -dc > /dev/null 2> err; echo "$tool: cut short: $?"; cat err
done
gzip -9 < tree/zeros | wc -c; gzip -1 < tree/zeros | gzip -d | md5sum; cp tree/text t; gzip t; ls t*; gunzip t.gz; ls t*
zcat text.gzip | head -n 1 | head -c 20; echo
base64 -d > bad.xz <<'X'
/Td6WFoAAATm1rRGBMAKBiEBHAAAAAAAIA69ZgEABWhlbGxvCgAAAACx7B78SBi6AwABIgYlK+g4H7bzfQEA
AAAABFla
X
xzcat bad.xz 2>&1; echo $?

tar -cf a.tar tree; tar -tf a.tar | sort; mkdir x y z; tar -xf a.tar -C x; diff -r tree x/tree && echo 'tar: same'
stat -c '%a %Y' x/tree/numbers x/tree/deep/er/run.sh | head -n 1; stat -c %a x/tree/deep/er/run.sh; readlink x/tree/link
stat -c %h x/tree/hard; sh x/tree/deep/er/run.sh
tar -czf a.tgz -C tree .; tar -tzf a.tgz | sort | head -n 4; tar -xzf a.tgz -C y; diff -r tree y && echo 'tgz: same'
tar -cjf - tree/scripts tree/text | tar -xjf - -C z; ls z/tree; tar -cf - tree | gzip | gunzip | tar -xOf - tree/text | cmp - tree/text && echo piped
tar -tf a.tar nosuch 2>&1; echo $?; tar -xf nosuch.tar 2>&1; echo $?; tar -cf b.tar --exclude 'tree/scripts*' tree; tar -tf b.tar | grep -c scripts
(cd tree; find . | sort | cpio -o -H newc 2> /dev/null) > a.cpio; mkdir c; (cd c; cpio -id < ../a.cpio 2> /dev/null); diff -r tree c && echo 'cpio: same'
cpio -t < a.cpio 2> /dev/null | sort | head -n 3; (cd tree; find . -name '*.sh' | cpio -pd ../z 2> /dev/null); ls z/scripts | wc -l
rm -rf tree x y z c; ls
