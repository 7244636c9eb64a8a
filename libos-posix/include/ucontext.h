/* ucontext.h - machine contexts under their POSIX name.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_UCONTEXT_H
#define _PX_UCONTEXT_H

#include <signal.h>
#include <sys/ucontext.h>

#endif
