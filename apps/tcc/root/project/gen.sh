# gen.sh - makes table.h.
# SPDX-License-Identifier: BSD-2-Clause
echo 'static const int table[] = {'
for i in $(seq "$1"); do echo "	$((i * i)),"; done
echo '};'
