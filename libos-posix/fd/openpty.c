/* openpty.c - the calls that make pseudo-terminals.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <fcntl.h>
#include <fd/file.h>
#include <pty.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <util/fmt.h>

int getpt(void)
{
	return posix_openpt(O_RDWR);
}

/* Is it the side that has a number? */
static int number_of(int fd, unsigned int *number)
{
	return ioctl(fd, TIOCGPTN, number);
}

/* It belongs to who made it already. */
int grantpt(int fd)
{
	unsigned int number;
	int r = number_of(fd, &number);

	if (r < 0 && errno == ENOTTY)
		errno = EINVAL;
	return r;
}

int unlockpt(int fd)
{
	int locked = 0, r = ioctl(fd, TIOCSPTLCK, &locked);

	if (r < 0 && errno == ENOTTY)
		errno = EINVAL;
	return r;
}

/* Returns the error, as well as setting errno. */
int ptsname_r(int fd, char *buf, size_t n)
{
	unsigned int number;
	char name[32];

	if (number_of(fd, &number) < 0)
		return errno;
	if (fmt_string(name, sizeof(name), "/dev/pts/%u", number) >= n) {
		errno = ERANGE;
		return ERANGE;
	}
	strcpy(buf, name);
	return 0;
}

char *ptsname(int fd)
{
	static char name[32];

	return ptsname_r(fd, name, sizeof(name)) ? NULL : name;
}

int openpty(int *master, int *terminal, char *name, const struct termios *mode,
	    const struct winsize *size)
{
	int m = posix_openpt(O_RDWR | O_NOCTTY), t = -1;
	char path[32];

	if (m < 0)
		return -1;
	if (!grantpt(m) && !unlockpt(m) && !ptsname_r(m, path, sizeof(path)))
		t = open(path, O_RDWR | O_NOCTTY);
	if (t < 0) {
		close(m);
		return -1;
	}
	if (mode)
		tcsetattr(t, TCSAFLUSH, mode);
	if (size)
		ioctl(t, TIOCSWINSZ, size);
	if (name)
		strcpy(name, path);
	*master = m;
	*terminal = t;
	return 0;
}
