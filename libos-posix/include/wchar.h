/* wchar.h - newlib's, with a few more of GNU's.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_WCHAR_H
#define _PX_WCHAR_H

#include_next <wchar.h>

#ifdef __cplusplus
extern "C" {
#endif

#if __GNU_VISIBLE
wchar_t *wcschrnul(const wchar_t *, wchar_t);
#endif
wchar_t *wcswcs(const wchar_t *, const wchar_t *);

#ifdef __cplusplus
}
#endif

#endif
