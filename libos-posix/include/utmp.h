/* utmp.h - becoming a terminal's user.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * There is no record of who is logged in.
 */
#ifndef _PX_UTMP_H
#define _PX_UTMP_H

#include <sys/cdefs.h>

#ifdef __cplusplus
extern "C" {
#endif

int login_tty(int);

#ifdef __cplusplus
}
#endif

#endif
