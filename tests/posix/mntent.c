/* mntent.c - the table of mounted file systems, and a clock that is not to be set.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <mntent.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static void show(const struct mntent *m)
{
	printf("%s on %s type %s (%s) %d %d\n", m->mnt_fsname, m->mnt_dir, m->mnt_type, m->mnt_opts,
	       m->mnt_freq, m->mnt_passno);
}

static void table(void)
{
	struct mntent one = {"/dev/a b", "/mnt\\x", "ext4", "rw,noatime,x=rot", 1, 2}, *m, mine;
	char name[] = "/tmp/mntentXXXXXX", line[128];
	FILE *f = fdopen(mkstemp(name), "w");

	fputs("# a comment\n\nproc /proc proc ro 0 0\n  tmpfs\t/tmp  tmpfs defaults\nabc\n", f);
	fclose(f);
	f = setmntent(name, "a+");
	printf("added: %d\n", addmntent(f, &one));
	rewind(f);
	while ((m = getmntent(f)))
		show(m);
	rewind(f);
	while (getmntent_r(f, &mine, line, sizeof(line)))
		show(&mine);
	printf("has: %d %d %d\n", hasmntopt(&one, "x") == one.mnt_opts + 11,
	       hasmntopt(&one, "noatime") == strstr(one.mnt_opts, "noatime"),
	       hasmntopt(&one, "ro") != NULL);
	printf("end: %d\n", endmntent(f));
	printf("missing: %d\n", setmntent("/nosuch", "r") != NULL);
	unlink(name);
}

static void clocks(void)
{
	struct timespec bad = {0, 1000000000}, now;
	struct timeval worse = {0, 1000000};

	clock_gettime(CLOCK_MONOTONIC, &now);
	errno = 0;
	printf("monotonic: %d", clock_settime(CLOCK_MONOTONIC, &now));
	printf(" %s\n", strerror(errno));
	printf("bad: %d", clock_settime(CLOCK_REALTIME, &bad));
	printf(" %s\n", strerror(errno));
	printf("worse: %d", settimeofday(&worse, NULL));
	printf(" %s\n", strerror(errno));
}

int main(void)
{
	table();
	clocks();
	return 0;
}
