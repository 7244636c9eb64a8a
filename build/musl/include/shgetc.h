/* shgetc.h - in place of musl's: where its scanf reads from is ours.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stdio_impl.h"

#define shcnt(f)        ((f)->count)
#define shlim(f, limit) px_scan_limit(f, limit)
#define shgetc(f)       px_scan_get(f)
#define shunget(f)      px_scan_unget(f)
