/* login.c - a process with a terminal or a session of its own.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <fcntl.h>
#include <paths.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utmp.h>

int login_tty(int fd)
{
	setsid();
	if (ioctl(fd, TIOCSCTTY, NULL) < 0)
		return -1;
	dup2(fd, STDIN_FILENO);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
	return 0;
}

pid_t forkpty(int *other, char *name, const struct termios *mode, const struct winsize *size)
{
	int m, t, error;
	pid_t pid;

	if (openpty(&m, &t, name, mode, size) < 0)
		return -1;
	pid = fork();
	if (!pid) {
		close(m);
		if (login_tty(t) < 0)
			_exit(1);
		return 0;
	}
	error = errno;
	close(t);
	if (pid < 0)
		close(m);
	else
		*other = m;
	errno = error;
	return pid;
}

int daemon(int stay, int keep)
{
	pid_t pid = fork();
	int fd;

	if (pid < 0)
		return -1;
	if (pid)
		_exit(0);
	if (setsid() < 0 || (!stay && chdir("/") < 0))
		return -1;
	if (keep)
		return 0;
	fd = open(_PATH_DEVNULL, O_RDWR);
	if (fd < 0)
		return -1;
	dup2(fd, STDIN_FILENO);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
	return 0;
}
