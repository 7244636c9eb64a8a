/* exo-run.c - run a machine with its console on ours, and end as its program did.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 *     exo-run [--banner] [--timeout S] [--verbose] [--end] [--split] --debug FILE --log FILE --
 * QEMU ARG...
 *
 * QEMU's standard input and output are one end of a socket pair, and this
 * passes bytes between the other end and our own at once.  With --banner,
 * what firmware and boot loader write is held back until the kernel's first
 * line has passed; if no such line comes, it goes to stderr.  Input waits until
 * the kernel is there: firmware, or a serial port being set up, would eat it.
 * With --end the end of input is passed on as the byte 0x04, and 0x10 is put
 * before every byte of the input that has one of these two values; a libOS told
 * so (settings tty=0 and input=quoted) undoes that.  With --split, 0x10 in the output and '1' or
 * '2' say where the next bytes go, standard output or standard error, and 0x10 twice is the byte
 * itself (setting output=split).
 */
#include "host.h"
#include "verdict.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define BANNER        "exokernel " /* the kernel's first line begins so */
#define TICK_MS       250
#define FIRST_TICK_MS 20    /* until the kernel is up */
#define GRACE_S       15    /* between the last word and power off */
#define LOG_BYTES     65536 /* a crash text is at the end */
#define END           0x04
#define QUOTE         0x10
#define ESCAPE        0x01 /* Ctrl-A */

static struct {
	const char *debug, *log;
	bool banner, verbose, end, split, keys;
	double timeout; /* 0: none */
	char **command;
} opt;

static pid_t machine;
static int line = -1;           /* our end of the machine's console */
static char *copy;              /* of the console: its last LOG_BYTES, round and round */
static size_t copied;           /* bytes that went there */
static int out = STDOUT_FILENO; /* where the next bytes go */
static int unwritable;          /* why standard output takes no more */
static bool open_in = true;     /* stdin has not ended */
static bool holding;            /* the banner has not come */
static bool kernel_up;          /* the kernel has said something */
static struct blob held;
static char typed[512]; /* input on its way to the machine */
static size_t typed_begin, typed_end;
static struct termios terminal;
static bool terminal_changed;
static volatile sig_atomic_t caught;

static void on_signal(int number)
{
	caught = number;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void restore_terminal(void)
{
	if (terminal_changed)
		tcsetattr(STDIN_FILENO, TCSANOW, &terminal);
}

/* The program on the other side does its own echo and line editing; Ctrl-C
 * stays ours, unless --keys gives it away. */
static void take_terminal(void)
{
	struct termios raw;

	if (!isatty(STDIN_FILENO))
		return;
	open_in = tcgetpgrp(STDIN_FILENO) == getpgrp(); /* in the background: not ours to read */
	if (!open_in || tcgetattr(STDIN_FILENO, &terminal) < 0)
		return;
	raw = terminal;
	raw.c_lflag &= ~(ECHO | ICANON | IEXTEN);
	raw.c_iflag &= ~IXON;
	if (opt.keys) {
		raw.c_lflag &= ~ISIG;
		raw.c_iflag &= ~ICRNL;
		fprintf(stderr, "%s: all keys are the program's; Ctrl-A x ends the machine\n",
			tool);
	}
	terminal_changed = true;
	atexit(restore_terminal);
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
}

static void start(void)
{
	int pair[2];
	pid_t parent = getpid();

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		die("cannot make a socket pair: %s", strerror(errno));
	machine = fork();
	if (machine < 0)
		die("cannot start another process: %s", strerror(errno));
	if (machine == 0) {
		/* Not in the terminal's group: Ctrl-C reaches us, and nothing outlives us. */
		setpgid(0, 0);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(STATUS_DIED);
		dup2(pair[1], STDIN_FILENO);
		dup2(pair[1], STDOUT_FILENO);
		execvp(opt.command[0], opt.command);
		fprintf(stderr, "%s: cannot start %s: %s\n", tool, opt.command[0], strerror(errno));
		_exit(STATUS_DIED);
	}
	close(pair[1]);
	line = pair[0];
}

/* False if nobody reads any more. */
static bool put(int f, const void *data, size_t n)
{
	const char *p = data;

	while (n) {
		ssize_t k = write(f, p, n);

		if (k < 0 && errno == EINTR && !caught)
			continue;
		if (k < 0)
			return false;
		p += k;
		n -= k;
	}
	return true;
}

static bool put_out(const char *data, size_t n)
{
	for (size_t i = 0; copy && i < n; i++)
		copy[copied++ % LOG_BYTES] = data[i];
	if (put(out, data, n))
		return true;
	if (out == STDERR_FILENO)
		return true; /* lost, as a program would not notice either */
	if (!caught && errno == EPIPE)
		caught = SIGPIPE;
	else if (!caught)
		unwritable = errno;
	return false;
}

/* Between a quote and what it says there may be the end of a piece. */
static bool pass(const void *data, size_t n)
{
	const char *p = data, *end = p + n, *next;
	static bool quoted;

	for (; p < end; p = next) {
		next = opt.split ? memchr(p, QUOTE, end - p) : NULL;
		if (quoted && *p != QUOTE)
			out = *p == '2' ? STDERR_FILENO : STDOUT_FILENO;
		if (quoted && !put_out(p, *p == QUOTE))
			return false;
		if (quoted) {
			next = p + 1;
			quoted = false;
			continue;
		}
		if (!put_out(p, (next ? next : end) - p))
			return false;
		quoted = next;
		next = next ? next + 1 : end;
	}
	return true;
}

static bool hold(const void *data, size_t n)
{
	char *found, *end;

	held.data = need(realloc(held.data, held.size + n));
	memcpy(held.data + held.size, data, n);
	held.size += n;
	found = memmem(held.data, held.size, BANNER, strlen(BANNER));
	end = found ? memchr(found, '\n', held.data + held.size - (uint8_t *)found) : NULL;
	if (!end)
		return true;
	holding = false;
	n = held.data + held.size - (uint8_t *)(end + 1);
	return pass(end + 1, n);
}

/* Bytes from the machine.  False at its end, or if they cannot be passed on. */
static bool from_machine(void)
{
	char data[4096];
	ssize_t n = read(line, data, sizeof(data));

	if (n < 0 && errno == EINTR)
		return true;
	if (n <= 0)
		return false;
	return holding ? hold(data, n) : pass(data, n);
}

/* With --keys: what follows the escape is ours, and a second escape stands for one. */
static bool ours(char c)
{
	static bool escaped;

	if (!escaped)
		return escaped = c == ESCAPE;
	escaped = false;
	if (c == 'x')
		caught = SIGINT;
	else if (c != ESCAPE)
		typed[typed_end++] = ESCAPE;
	return c == 'x';
}

static void take_input(void)
{
	char data[sizeof(typed) / 2 - 1]; /* all of it may need a quote, and an end follow */
	ssize_t n = read(STDIN_FILENO, data, sizeof(data));

	if (n < 0 && errno == EINTR)
		return;
	for (ssize_t i = 0; i < n; i++) {
		if (terminal_changed && opt.keys && ours(data[i]))
			continue;
		if (opt.end && (data[i] == END || data[i] == QUOTE))
			typed[typed_end++] = QUOTE;
		typed[typed_end++] = data[i];
	}
	open_in = n > 0;
	if (!open_in && opt.end)
		typed[typed_end++] = END;
}

/* As much as it takes now: it may be waiting for us to read what it has to say. */
static void to_machine(void)
{
	ssize_t n = send(line, typed + typed_begin, typed_end - typed_begin,
			 MSG_DONTWAIT | MSG_NOSIGNAL);

	if (n > 0)
		typed_begin += n;
	else if (n < 0 && errno != EAGAIN && errno != EINTR)
		typed_begin = typed_end; /* it is gone; reading will tell */
	if (typed_begin == typed_end)
		typed_begin = typed_end = 0;
}

static void look_for_kernel(void)
{
	struct stat st;

	kernel_up = !holding && (opt.banner || (stat(opt.debug, &st) == 0 && st.st_size > 0));
}

/* Until the machine is gone, or has to go.  True: time ran out. */
static bool relay(void)
{
	double begin = now(), last_word = 0;

	for (;;) {
		bool take = open_in && kernel_up && !typed_end;
		struct pollfd p[2] = {{.fd = line, .events = typed_end ? POLLIN | POLLOUT : POLLIN},
				      {.fd = take ? STDIN_FILENO : -1, .events = POLLIN}};
		int n = poll(p, 2, kernel_up ? TICK_MS : FIRST_TICK_MS);

		if (caught)
			return false;
		if (n > 0 && (p[0].revents & ~POLLOUT) && !from_machine())
			return false;
		if (n > 0 && p[1].revents)
			take_input();
		if (typed_end)
			to_machine();
		if (!kernel_up)
			look_for_kernel();
		if (!last_word && n == 0 && verdict_there(opt.debug))
			last_word = now();
		if (last_word && now() - last_word > GRACE_S) {
			fprintf(stderr, "%s: the machine did not switch itself off\n", tool);
			kill(machine, SIGKILL);
			return false;
		}
		if (opt.timeout > 0 && now() - begin > opt.timeout)
			return true;
	}
}

static int stop_machine(void)
{
	struct timespec wait = {0, 20000000};
	int status;

	/* Its console is closed when it ends by itself: a moment to be gone. */
	for (int i = 0; i < 150; i++) {
		if (caught || unwritable || i == 50)
			kill(machine, SIGKILL);
		if (waitpid(machine, &status, WNOHANG) == machine)
			return status;
		nanosleep(&wait, NULL);
	}
	kill(machine, SIGKILL);
	while (waitpid(machine, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

static void write_log(void)
{
	FILE *f = fopen(opt.log, "we");
	size_t begin = copied % LOG_BYTES;

	if (!f) {
		fprintf(stderr, "%s: cannot write %s: %s\n", tool, opt.log, strerror(errno));
		return;
	}
	if (copied > LOG_BYTES)
		fwrite(copy + begin, 1, LOG_BYTES - begin, f);
	fwrite(copy, 1, begin ? begin : copied ? LOG_BYTES : 0, f);
	fclose(f);
}

static int judge(bool late, int status)
{
	int verdict = verdict_read(opt.debug);

	if (holding && held.size) {
		fprintf(stderr, "%s: the kernel did not start; firmware and boot loader wrote:\n",
			tool);
		put(STDERR_FILENO, held.data, held.size);
		fputc('\n', stderr);
	}
	if (opt.verbose || verdict == STATUS_DIED)
		verdict_show(opt.debug);
	if (unwritable) {
		fprintf(stderr, "%s: cannot write to standard output: %s\n", tool,
			strerror(unwritable));
		return EXIT_FAILURE;
	}
	if (caught)
		return STATUS_SIGNAL + caught;
	if (verdict >= 0)
		return verdict;
	if (late) {
		fprintf(stderr, "%s: no end within %g seconds: stopped\n", tool, opt.timeout);
		return STATUS_HUNG;
	}
	if (WIFSIGNALED(status))
		fprintf(stderr, "%s: QEMU was ended by signal %d\n", tool, WTERMSIG(status));
	else if (WEXITSTATUS(status))
		fprintf(stderr, "%s: QEMU ended with status %d\n", tool, WEXITSTATUS(status));
	else
		fprintf(stderr, "%s: the machine died without a word\n", tool);
	if (!opt.verbose)
		verdict_show(opt.debug);
	return STATUS_DIED;
}

static void parse(char **argv)
{
	for (argv++; *argv && strcmp(*argv, "--") != 0; argv++) {
		char *end;

		if (strcmp(*argv, "--banner") == 0) {
			opt.banner = true;
		} else if (strcmp(*argv, "--verbose") == 0) {
			opt.verbose = true;
		} else if (strcmp(*argv, "--end") == 0) {
			opt.end = true;
		} else if (strcmp(*argv, "--split") == 0) {
			opt.split = true;
		} else if (strcmp(*argv, "--keys") == 0) {
			opt.keys = true;
		} else if (strcmp(*argv, "--debug") == 0 && argv[1]) {
			opt.debug = *++argv;
		} else if (strcmp(*argv, "--log") == 0 && argv[1]) {
			opt.log = *++argv;
		} else if (strcmp(*argv, "--timeout") == 0 && argv[1]) {
			opt.timeout = strtod(*++argv, &end);
			if (*end || end == *argv || !(opt.timeout > 0))
				usage_error("--timeout wants seconds, not \"%s\"", *argv);
		} else {
			usage_error("what is \"%s\"?", *argv);
		}
	}
	if (!*argv || !argv[1] || !opt.debug)
		usage_error("usage: exo-run [--banner] [--timeout S] [--verbose] [--end] [--split] "
			    "[--keys] "
			    "[--log FILE] "
			    "--debug FILE -- QEMU...");
	opt.command = argv + 1;
}

int main(int argc, char **argv)
{
	static const int deadly[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction action = {.sa_handler = on_signal};
	bool late;
	int status;

	(void)argc;
	tool = "exo-build";
	parse(argv);
	holding = opt.banner;
	if (opt.log)
		copy = zalloc(LOG_BYTES);
	for (size_t i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++)
		sigaction(deadly[i], &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	start();
	take_terminal();
	late = relay();
	if (late)
		kill(machine, SIGKILL);
	status = stop_machine();
	if (opt.log)
		write_log();
	return judge(late, status);
}
