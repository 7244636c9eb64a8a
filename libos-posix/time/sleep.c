/* sleep.c - sleeping, as it was before nanoseconds.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <time.h>
#include <unistd.h>

unsigned int sleep(unsigned int seconds)
{
	struct timespec t = {.tv_sec = seconds};

	return nanosleep(&t, &t) < 0 ? (unsigned int)t.tv_sec : 0;
}

int usleep(useconds_t us)
{
	struct timespec t = {.tv_sec = (time_t)(us / 1000000),
			     .tv_nsec = (long)(us % 1000000 * 1000)};

	return nanosleep(&t, NULL);
}
