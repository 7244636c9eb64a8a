/* pty.h - pseudo-terminals.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_PTY_H
#define _PX_PTY_H

#include <sys/cdefs.h>
#include <sys/ioctl.h>
#include <termios.h>

#ifdef __cplusplus
extern "C" {
#endif

int openpty(int *, int *, char *, const struct termios *, const struct winsize *);
pid_t forkpty(int *, char *, const struct termios *, const struct winsize *);

#ifdef __cplusplus
}
#endif

#endif
