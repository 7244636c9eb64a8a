/* sys/wait.h - how children ended.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_SYS_WAIT_H
#define _PX_SYS_WAIT_H

#include <signal.h>
#include <sys/cdefs.h>
#include <sys/resource.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define WNOHANG    1
#define WUNTRACED  2
#define WSTOPPED   2
#define WEXITED    4
#define WCONTINUED 8
#define WNOWAIT    0x01000000

#define WEXITSTATUS(s)   (((s) >> 8) & 0xff)
#define WTERMSIG(s)      ((s)&0x7f)
#define WSTOPSIG(s)      WEXITSTATUS(s)
#define WIFEXITED(s)     (WTERMSIG(s) == 0)
#define WIFSIGNALED(s)   ((signed char)(((s)&0x7f) + 1) >> 1 > 0)
#define WIFSTOPPED(s)    (((s)&0xff) == 0x7f)
#define WIFCONTINUED(s)  ((s) == 0xffff)
#define WCOREDUMP(s)     ((s)&0x80)
#define WCOREFLAG        0x80
#define W_EXITCODE(r, n) ((r) << 8 | (n))
#define W_STOPCODE(n)    ((n) << 8 | 0x7f)

typedef enum { P_ALL, P_PID, P_PGID, P_PIDFD } idtype_t;

pid_t wait(int *);
pid_t waitpid(pid_t, int *, int);
int waitid(idtype_t, id_t, siginfo_t *, int);
#if __MISC_VISIBLE
pid_t wait3(int *, int, struct rusage *);
pid_t wait4(pid_t, int *, int, struct rusage *);
#endif

#ifdef __cplusplus
}
#endif

#endif
