/* lists.c - users and groups, from files.
 * SPDX-License-Identifier: BSD-2-Clause
 * FORMS: static
 */
#include "try.h"
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void put(const char *name, const char *text)
{
	int fd = open(name, O_CREAT | O_WRONLY | O_TRUNC, 0644);

	write(fd, text, strlen(text));
	close(fd);
}

static void user(const struct passwd *p)
{
	if (!p)
		printf("no user %s\n", errno ? strerror(errno) : "");
	else
		printf("%s %s %u %u %s %s %s\n", p->pw_name, p->pw_passwd, p->pw_uid, p->pw_gid,
		       p->pw_gecos, p->pw_dir, p->pw_shell);
}

static void group(const struct group *g)
{
	if (!g) {
		printf("no group %s\n", errno ? strerror(errno) : "");
		return;
	}
	printf("%s %s %u:", g->gr_name, g->gr_passwd, g->gr_gid);
	for (char **m = g->gr_mem; *m; m++)
		printf(" %s", *m);
	puts("");
}

static void users(void)
{
	char buffer[300];
	struct passwd p, *found;

	setpwent();
	for (struct passwd *q; errno = 0, (q = getpwent());)
		user(q);
	user(getpwent());
	setpwent();
	user(getpwent());
	endpwent();
	user(getpwnam("ann"));
	user(getpwuid(1001));
	user(getpwuid(7));
	errno = 0;
	user(getpwnam("nobody-here"));
	errno = 0;
	user(getpwuid(4242));
	found = &p;
	printf("%d ", getpwnam_r("bob", &p, buffer, sizeof(buffer), &found));
	user(found);
	printf("%d ", getpwuid_r(1000, &p, buffer, sizeof(buffer), &found));
	user(found);
	printf("%d", getpwnam_r("none", &p, buffer, sizeof(buffer), &found));
	printf(" %d\n", found == NULL);
	printf("%d", getpwnam_r("bob", &p, buffer, 5, &found) == ERANGE);
	printf(" %d\n", found == NULL);
}

static void groups(void)
{
	char buffer[300];
	struct group g, *found;
	gid_t list[10];
	int n = 10;

	setgrent();
	for (struct group *q; errno = 0, (q = getgrent());)
		group(q);
	setgrent();
	group(getgrent());
	endgrent();
	group(getgrnam("staff"));
	group(getgrgid(300));
	errno = 0;
	group(getgrnam("none"));
	errno = 0;
	group(getgrgid(4242));
	printf("%d ", getgrnam_r("staff", &g, buffer, sizeof(buffer), &found));
	group(found);
	printf("%d ", getgrgid_r(0, &g, buffer, sizeof(buffer), &found));
	group(found);
	printf("%d", getgrgid_r(77, &g, buffer, sizeof(buffer), &found));
	printf(" %d\n", found == NULL);
	printf("%d", getgrnam_r("staff", &g, buffer, 8, &found) == ERANGE);
	printf(" %d\n", found == NULL);
	printf("%d:", getgrouplist("ann", 1000, list, &n));
	for (int i = 0; i < n; i++)
		printf(" %u", list[i]);
	n = 1;
	printf("\n%d", getgrouplist("ann", 1000, list, &n));
	printf(" %d\n", n);
	printf("%d:", initgroups("ann", 1000));
	n = getgroups(10, list);
	for (int i = 0; i < n; i++)
		printf(" %u", list[i]);
	puts("");
}

int main(void)
{
	mkdir("etc", 0755);
	put("etc/passwd", "root:x:0:0:root:/root:/bin/sh\n"
			  "ann:x:1000:1000:Ann,,,:/home/ann:/bin/ash\n"
			  "bob::1001:300::/:\n");
	put("etc/group", "root:x:0:\n"
			 "staff:x:50:ann,bob\n"
			 "ann:x:1000:\n"
			 "games:*:300:ann\n");
#ifdef __linux__
	if (chroot("."))
		puts("no root");
#endif
	chdir("/");
	users();
	groups();
	unlink("etc/passwd");
	unlink("etc/group");
	rmdir("etc");
	return 0;
}
