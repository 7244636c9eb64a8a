/* utmpx.h - who is logged in: nobody.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * There is no such record: it reads as empty, and nothing can be written to it (ENOTSUP).
 */
#ifndef _PX_UTMPX_H
#define _PX_UTMPX_H

#include <sys/time.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define EMPTY         0
#define RUN_LVL       1
#define BOOT_TIME     2
#define NEW_TIME      3
#define OLD_TIME      4
#define INIT_PROCESS  5
#define LOGIN_PROCESS 6
#define USER_PROCESS  7
#define DEAD_PROCESS  8
#define ACCOUNTING    9

struct utmpx {
	short ut_type;
	pid_t ut_pid;
	char ut_line[32];
	char ut_id[4];
	char ut_user[32];
	char ut_host[256];
	struct {
		short e_termination;
		short e_exit;
	} ut_exit;
	int ut_session;
	struct timeval ut_tv;
	unsigned int ut_addr_v6[4];
};

void setutxent(void);
void endutxent(void);
struct utmpx *getutxent(void);
struct utmpx *getutxid(const struct utmpx *);
struct utmpx *getutxline(const struct utmpx *);
struct utmpx *pututxline(const struct utmpx *);
#if __MISC_VISIBLE
#define _PATH_UTMPX "/dev/null/utmp"
#define _PATH_WTMPX "/dev/null/wtmp"
int utmpxname(const char *);
void updwtmpx(const char *, const struct utmpx *);
#endif

#ifdef __cplusplus
}
#endif

#endif
