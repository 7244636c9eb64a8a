/* ttyname.c - what a terminal is called, and small requests of it.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <fd/file.h>
#include <fs/device.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>
#include <util/fmt.h>

/* Returns the error instead of setting errno, as POSIX says. */
int ttyname_r(int fd, char *buf, size_t n)
{
	int before = errno, error = ENOTTY;
	char name[32] = "/dev/console";
	struct stat at, st;

	if (fstat(fd, &st) < 0 || !isatty(fd)) {
		error = errno;
		errno = before;
		return error;
	}
	if ((st.st_rdev & ~0xfful) == PX_DEV_PTS)
		fmt_string(name, sizeof(name), "/dev/pts/%u", (unsigned int)(st.st_rdev & 0xff));
	else if (st.st_rdev == PX_DEV_TTY)
		strcpy(name, "/dev/tty");
	if (stat(name, &at) < 0 || at.st_rdev != st.st_rdev)
		error = ENODEV;
	else
		error = strlen(name) < n ? 0 : ERANGE;
	if (!error)
		strcpy(buf, name);
	errno = before;
	return error;
}

char *ttyname(int fd)
{
	static char name[32];
	int error = ttyname_r(fd, name, sizeof(name));

	if (!error)
		return name;
	errno = error;
	return NULL;
}

char *ctermid(char *name)
{
	static char own[L_ctermid];

	return strcpy(name ? name : own, "/dev/tty");
}

int tcflow(int fd, int what)
{
	return ioctl(fd, TCXONC, (void *)(long)what);
}

/* There is no line to hold down. */
int tcsendbreak(int fd, int duration)
{
	(void)duration;
	return ioctl(fd, TCSBRK, NULL);
}
