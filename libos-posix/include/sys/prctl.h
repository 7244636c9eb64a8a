/* sys/prctl.h - operations on the process.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_SYS_PRCTL_H
#define _PX_SYS_PRCTL_H

#ifdef __cplusplus
extern "C" {
#endif

#define PR_SET_PDEATHSIG    1
#define PR_GET_PDEATHSIG    2
#define PR_GET_DUMPABLE     3
#define PR_SET_DUMPABLE     4
#define PR_SET_KEEPCAPS     8
#define PR_SET_NAME         15
#define PR_GET_NAME         16
#define PR_SET_NO_NEW_PRIVS 38

int prctl(int, ...);

#ifdef __cplusplus
}
#endif

#endif
