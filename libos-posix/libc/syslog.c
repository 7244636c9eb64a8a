/* syslog.c - messages for the system's log: to who listens at /dev/log, or else to the console.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Where nobody listens a message would be lost on Linux.  An image often is one program, whose
 * console is where its user looks.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#define LINE 2048

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char name[64];
static int options, facility = LOG_USER, mask = LOG_UPTO(LOG_DEBUG), log_fd = -1;

int setlogmask(int new)
{
	int old;

	pthread_mutex_lock(&lock);
	old = mask;
	if (new)
		mask = new;
	pthread_mutex_unlock(&lock);
	return old;
}

/* With the lock: is somebody there? */
static bool reach(void)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX, .sun_path = "/dev/log"};

	if (log_fd >= 0)
		return true;
	log_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (log_fd >= 0 && connect(log_fd, (struct sockaddr *)&at, sizeof(at)) < 0) {
		close(log_fd);
		log_fd = -1;
	}
	return log_fd >= 0;
}

static void part(void)
{
	if (log_fd >= 0)
		close(log_fd);
	log_fd = -1;
}

void openlog(const char *ident, int opt, int new)
{
	pthread_mutex_lock(&lock);
	snprintf(name, sizeof(name), "%s", ident ? ident : "");
	options = opt;
	if (new && !(new & ~LOG_FACMASK))
		facility = new;
	if (opt & LOG_NDELAY)
		reach();
	pthread_mutex_unlock(&lock);
}

void closelog(void)
{
	pthread_mutex_lock(&lock);
	part();
	name[0] = '\0';
	pthread_mutex_unlock(&lock);
}

/* %m is what the error is called. */
static void expand(char *to, size_t room, const char *format, int error)
{
	const char *text = strerror(error);
	size_t n = 0;

	for (; *format && n + 2 < room; format++) {
		if (format[0] == '%' && format[1] == 'm') {
			for (const char *t = text; *t && n + 2 < room; t++) {
				if (*t == '%')
					to[n++] = '%';
				to[n++] = *t;
			}
			format++;
		} else {
			to[n++] = *format;
			if (format[0] == '%' && format[1])
				to[n++] = *++format;
		}
	}
	to[n] = '\0';
}

static void write_line(int fd, const char *text, size_t n)
{
	while (n) {
		ssize_t done = write(fd, text, n);

		if (done <= 0)
			return;
		text += done;
		n -= (size_t)done;
	}
}

/* With the lock: n bytes that end with a line feed, what stands behind `head` for people. */
static void deliver(const char *line, size_t n, size_t head)
{
	bool told = false;
	int fd;

	if (options & LOG_PERROR) {
		write_line(STDERR_FILENO, line + head, n - head);
		told = true;
	}
	if (reach()) {
		if (send(log_fd, line, n - 1, MSG_NOSIGNAL) >= 0)
			return;
		part(); /* it may be another by now */
		if (reach() && send(log_fd, line, n - 1, MSG_NOSIGNAL) >= 0)
			return;
		part();
	}
	if (told && !(options & LOG_CONS))
		return;
	fd = open("/dev/console", O_WRONLY | O_NOCTTY | O_CLOEXEC);
	if (fd >= 0) {
		write_line(fd, line + head, n - head);
		close(fd);
	}
}

static void say(int priority, const char *format, va_list args)
{
	char line[LINE], number[16] = "";
	time_t now = time(NULL);
	struct tm t;
	int head, n;

	gmtime_r(&now, &t);
	if (options & LOG_PID)
		snprintf(number, sizeof(number), "[%d]", (int)getpid());
	head = snprintf(line, sizeof(line), "<%d>", priority);
	head += (int)strftime(line + head, sizeof(line) - (size_t)head, "%b %e %T ", &t);
	n = head + snprintf(line + head, sizeof(line) - (size_t)head,
			    "%s%s: ", name[0] ? name : program_invocation_short_name, number);
	n += vsnprintf(line + n, sizeof(line) - (size_t)n, format, args);
	if (n > LINE - 2)
		n = LINE - 2;
	if (line[n - 1] != '\n')
		line[n++] = '\n';
	deliver(line, (size_t)n, (size_t)head);
}

void vsyslog(int priority, const char *format, va_list args)
{
	char own[LINE];
	int before = errno, state;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	pthread_mutex_lock(&lock);
	if (LOG_MASK(LOG_PRI(priority)) & mask && !(priority & ~(LOG_PRIMASK | LOG_FACMASK))) {
		expand(own, sizeof(own), format, before);
		say(priority & LOG_FACMASK ? priority : priority | facility, own, args);
	}
	pthread_mutex_unlock(&lock);
	pthread_setcancelstate(state, NULL);
	errno = before;
}

void syslog(int priority, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsyslog(priority, format, args);
	va_end(args);
}
