/* process.c - the process's record, ending, complaining.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/process.h>
#include <errno.h>
#include <exo/cap.h>
#include <exo/stubs.h>
#include <string.h>
#include <unistd.h>

struct px_process *px_me;
uint32_t px_process_number = PX_FIRST_PROCESS;
uint32_t px_guest;

int px_process_init(void)
{
	px_me = px_alloc(sizeof(*px_me));
	if (!px_me)
		return -ENOMEM;
	px_me->number = px_process_number;
	px_me->group = px_me->session = px_process_number;
	px_me->umask = 022;
	if (px_console_terminal()) {
		px_me->tty = &px_arena->console.tty;
		px_me->tty->session = px_me->tty->group = (pid_t)px_process_number;
	}
	if (px_frames->given)
		px_me->promised = px_frames->run[px_frames->runs].count;
	px_arena->sched.last_id = px_process_number - 1;
	if (!px_thread_new(px_me))
		return -ENOMEM;
	px_enter();
	px_me->next = px_arena->process;
	px_arena->process = px_me;
	px_leave();
	return 0;
}

void px_print(const void *text, size_t n)
{
	px_console_put(text, n, true);
}

_Noreturn void px_stop_image(int status)
{
	px_console_flush();
	for (;;)
		exo_env_stop(EXO_SLOT_NONE, (uint32_t)status & 0xff);
}

_Noreturn void px_stop(int status)
{
	if (px_process_end && px_guest)
		px_process_end((status & 0xff) << 8);
	px_stop_image(status);
}

_Noreturn void px_stop_by(int signal)
{
	if (px_process_end && px_guest)
		px_process_end(signal);
	px_stop_image(128 + signal);
}

_Noreturn void px_die(const char *why)
{
	static const char head[] = "libos-posix: ";

	px_print(head, sizeof(head) - 1);
	px_print(why, strlen(why));
	px_print("\n", 1);
	px_stop(127);
}

_Noreturn void _exit(int status)
{
	px_stop(status);
}
