/* configuration.c - what sysconf says of options and processors.
 * SPDX-License-Identifier: BSD-2-Clause
 * CPUS: 1 2
 */
#include <sched.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

static const struct {
	const char *name;
	int number;
} options[] = {
#define OPTION(name) #name, name
	{OPTION(_SC_VERSION)},
	{OPTION(_SC_2_VERSION)},
	{OPTION(_SC_2_C_BIND)},
	{OPTION(_SC_ADVISORY_INFO)},
	{OPTION(_SC_ASYNCHRONOUS_IO)},
	{OPTION(_SC_BARRIERS)},
	{OPTION(_SC_CLOCK_SELECTION)},
	{OPTION(_SC_CPUTIME)},
	{OPTION(_SC_FSYNC)},
	{OPTION(_SC_JOB_CONTROL)},
	{OPTION(_SC_MAPPED_FILES)},
	{OPTION(_SC_MEMLOCK)},
	{OPTION(_SC_MEMLOCK_RANGE)},
	{OPTION(_SC_MEMORY_PROTECTION)},
	{OPTION(_SC_MESSAGE_PASSING)},
	{OPTION(_SC_MONOTONIC_CLOCK)},
	{OPTION(_SC_PRIORITY_SCHEDULING)},
	{OPTION(_SC_READER_WRITER_LOCKS)},
	{OPTION(_SC_REALTIME_SIGNALS)},
	{OPTION(_SC_REGEXP)},
	{OPTION(_SC_SAVED_IDS)},
	{OPTION(_SC_SEMAPHORES)},
	{OPTION(_SC_SHARED_MEMORY_OBJECTS)},
	{OPTION(_SC_SHELL)},
	{OPTION(_SC_SPAWN)},
	{OPTION(_SC_SPIN_LOCKS)},
	{OPTION(_SC_SPORADIC_SERVER)},
	{OPTION(_SC_SYNCHRONIZED_IO)},
	{OPTION(_SC_THREADS)},
	{OPTION(_SC_THREAD_ATTR_STACKADDR)},
	{OPTION(_SC_THREAD_ATTR_STACKSIZE)},
	{OPTION(_SC_THREAD_CPUTIME)},
	{OPTION(_SC_THREAD_PRIORITY_SCHEDULING)},
	{OPTION(_SC_THREAD_PROCESS_SHARED)},
	{OPTION(_SC_THREAD_SAFE_FUNCTIONS)},
	{OPTION(_SC_TIMEOUTS)},
	{OPTION(_SC_TIMERS)},
	{OPTION(_SC_TRACE)},
	{OPTION(_SC_TYPED_MEMORY_OBJECTS)},
	{OPTION(_SC_V6_ILP32_OFF32)},
	{OPTION(_SC_V7_LP64_OFF64)},
	{OPTION(_SC_XOPEN_CRYPT)},
	{OPTION(_SC_XOPEN_ENH_I18N)},
	{OPTION(_SC_XOPEN_SHM)},
	{OPTION(_SC_XOPEN_STREAMS)},
	{OPTION(_SC_XOPEN_UNIX)},
	{OPTION(_SC_XOPEN_VERSION)},
};

/* On each processor by turns, from the first instant on. */
static int goes(const cpu_set_t *all)
{
	int right = 0;

	for (int n = 0; n < CPU_SETSIZE; n++) {
		cpu_set_t one;

		if (!CPU_ISSET(n, all))
			continue;
		CPU_ZERO(&one);
		CPU_SET(n, &one);
		right += sched_setaffinity(0, sizeof(one), &one) == 0 && sched_getcpu() == n;
	}
	return right == CPU_COUNT(all);
}

/* What may differ from machine to machine says the same as its other names. */
int main(void)
{
	struct rlimit l;
	cpu_set_t set;

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		printf("%s %ld\n", options[i].name, sysconf(options[i].number));
	if (sched_getaffinity(0, sizeof(set), &set) < 0)
		perror("sched_getaffinity");
	printf("%d %d ", sysconf(_SC_NPROCESSORS_ONLN) == CPU_COUNT(&set), goes(&set));
	printf("%d\n", sysconf(_SC_NPROCESSORS_CONF) >= sysconf(_SC_NPROCESSORS_ONLN));
	l = (struct rlimit){.rlim_cur = 10, .rlim_max = 10};
	printf("%d ", setrlimit(RLIMIT_NPROC, &l));
	printf("%d\n", setrlimit(RLIMIT_SIGPENDING, &l));
	printf("%ld %ld\n", sysconf(_SC_CHILD_MAX), sysconf(_SC_SIGQUEUE_MAX));
	return 0;
}
