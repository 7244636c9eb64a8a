/* services.c - what a system has for programs besides: groups, commands without a shell, the log.
 * SPDX-License-Identifier: BSD-2-Clause
 * FORMS: static
 * RUN: groups
 * RUN: commands
 * RUN: log
 * RUN: records
 */
#include "try.h"
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <syslog.h>
#include <time.h>
#include <ulimit.h>
#include <unistd.h>
#include <utmpx.h>

static void show(void)
{
	gid_t list[100];
	int n = getgroups(100, list);

	printf("%d:", n);
	for (int i = 0; i < n; i++)
		printf(" %u", list[i]);
	printf("\n");
	fflush(stdout);
}

static int groups(void)
{
	gid_t few[] = {5, 7, 900}, many[300];

	for (int i = 0; i < 300; i++)
		many[i] = i;
	TRY(setgroups(3, few));
	show();
	TRY(getgroups(0, NULL));
	TRY(getgroups(2, many));
	TRY(getgroups(-1, many));
	TRY(setgroups(-1, many));
	TRY(setgroups(70000, many));
	TRY(setgroups(3, (void *)8));
	if (!fork()) {
		show();
		TRY(setgroups(1, few + 2));
		show();
		setuid(77);
		TRY(setgroups(0, NULL));
		show();
		exit(0);
	}
	wait(NULL);
	show();
	TRY(setgroups(300, many));
	TRY(getgroups(0, NULL));
	printf("%d\n", initgroups("nobody there", 42));
	show();
	TRY(setgroups(0, NULL));
	show();
	return 0;
}

/* The C library there does not do as the standard says: "as if the child had called _exit(127)". */
#ifdef __linux__
static FILE *begin(const char *command, const char *mode)
{
	FILE *f = popen(command, mode);
	int p[2], reads = *mode == 'r';

	if (f || pipe(p) < 0)
		return f;
	close(p[reads]);
	return fdopen(p[!reads], mode);
}

#define chroot_here() chroot(".")
#define end(f)        (fclose(f), 127 << 8)
#else
#define begin         popen
#define end           pclose
#define chroot_here() 0
#endif

/* There is no /bin/sh. */
static int commands(void)
{
	char line[100] = "";
	FILE *f;
	int s;

	if (chroot_here() < 0)
		return 1;
	signal(SIGPIPE, SIG_IGN);
	fflush(stdout);
	printf("%d\n", system(NULL));
	s = system("echo hello");
	printf("%d %d\n", WIFEXITED(s), WEXITSTATUS(s));
	fflush(stdout);
	f = begin("echo hello", "r");
	printf("%d\n", f == NULL);
	printf("%d\n", fgets(line, sizeof(line), f) == NULL);
	s = end(f);
	printf("%d %d\n", WIFEXITED(s), WEXITSTATUS(s));
	fflush(stdout);
	f = begin("cat", "w");
	printf("%d\n", f == NULL);
	s = end(f);
	printf("%d %d\n", WIFEXITED(s), WEXITSTATUS(s));
	TRY(popen("x", "rw") == NULL);
	return 0;
}

/* As far as standard error has it too. */
static int logs(void)
{
	int out;

	fflush(stdout);
	out = open("log", O_RDWR | O_CREAT | O_TRUNC, 0600);
	dup2(out, 2);
	openlog("tester", LOG_PERROR, LOG_LOCAL3);
	syslog(LOG_INFO, "%s and %d", "text", 5);
	syslog(LOG_ERR | LOG_MAIL, "with its own end\n");
	errno = ENOENT;
	syslog(LOG_ERR, "%%m is: %m %d%%", 7);
	printf("errno stays %d\n", errno == ENOENT);
	printf("%x\n", setlogmask(LOG_UPTO(LOG_WARNING)));
	printf("%x\n", setlogmask(0));
	syslog(LOG_NOTICE, "not told");
	syslog(LOG_WARNING, "told");
	closelog();
	openlog("another", LOG_PERROR | LOG_NDELAY, 0);
	syslog(LOG_ALERT, "%s", "opened again");
	lseek(out, 0, SEEK_SET);
	for (char c; read(out, &c, 1) == 1;)
		putchar(c);
	return 0;
}

static int records(void)
{
	struct utmpx u = {.ut_type = USER_PROCESS, .ut_line = "tty99"};
	struct sysinfo s;
	struct tm *t;
	FILE *f = fopen("templates", "w");

	fputs("%H hours\n%Y-%m-%d\n%d.%m.%Y %H:%M\n", f);
	fclose(f);
	printf("%d\n", getdate("1.1.2000") == NULL);
	printf("%d\n", getdate_err);
	setenv("DATEMSK", "nowhere", 1);
	printf("%d\n", getdate("x") == NULL);
	setenv("DATEMSK", "templates", 1);
	printf("%d\n", getdate("what") == NULL);
	printf("%d\n", getdate_err);
	t = getdate("24.12.2031 18:30");
	if (t)
		printf("%d %d %d %d %d\n", t->tm_year, t->tm_mon, t->tm_mday, t->tm_hour,
		       t->tm_min);
	setutxent();
	printf("%d\n", getutxline(&u) == NULL);
	endutxent();
	TRY(ulimit(UL_SETFSIZE, 10L));
	TRY(ulimit(UL_GETFSIZE));
	TRY(sysinfo(&s));
	printf("%d %d %d\n", s.totalram * (s.mem_unit / 1024.0) > 1000, s.freeram <= s.totalram,
	       s.procs >= 1);
	TRY(sysinfo((void *)8));
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	return !strcmp(what, "groups")     ? groups()
	       : !strcmp(what, "commands") ? commands()
	       : !strcmp(what, "log")      ? logs()
					   : records();
}
