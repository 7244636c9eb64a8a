/* begin.c - the first steps in the environment that execute.c has made.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * What exo_main does for the image's first program, for one that finds everything that processes
 * share in the arena, and its file and arguments in what exec has left there.
 */
#include <env/arena.h>
#include <env/load.h>
#include <env/random.h>
#include <env/slots.h>
#include <fs/fs.h>
#include <libexo/start.h>
#include <process/host.h>
#include <process/limit.h>
#include <process/startup.h>
#include <signal/signals.h>
#include <string.h>
#include <thread/local.h>
#include <vm/vm.h>

_Noreturn void px_begin(struct px_cpu *cpu);

/* What lies where in every process. */
static void note_regions(void)
{
	const struct px_arena *a = px_arena;

	px_region_note(px_self_name, xo_start->base, xo_start->span);
	px_region_note_as("arena", (exo_va_t)a, px_arena_room(), PX_R_IMAGE);
	if (a->archive_pages)
		px_region_note_as("archive", a->archive, a->archive_pages << EXO_PAGE_SHIFT,
				  PX_R_IMAGE);
	px_region_note_as("activations", a->activations,
			  (uint64_t)PX_ACTIVATION_BYTES * EXO_CPU_MAX, PX_R_FRESH);
	if (!px_copy_ready())
		px_die("too little memory to start");
}

/* Who we are.  Page faults are served once the arena is known, and pages that were everybody's
 * copied once the regions are noted: until then nothing is written that began as something but
 * zero. */
static void know(struct px_cpu *cpu)
{
	struct px_cpu *first = cpu - cpu->number;

	px_arena = (void *)((char *)first - offsetof(struct px_arena, sched.cpu));
	px_frames = &px_arena->frames;
	px_fs_set(&px_local()->idle);
	xo_take_up(cpu->current->process->startup->start);
	px_me = cpu->current->process; /* whose page is there now: page faults write to it */
	note_regions();
	px_process_number = px_me->number;
	px_guest = 1;
	px_owner = PX_SLOT_HOST;
	px_enter();
	cpu->current->state = PX_RUNNING;
	cpu->since = px_ticks();
	px_events_want();
	px_leave();
}

/* The strings at the top of the stack, the pointers below. */
static uintptr_t arguments(const struct px_startup *s, uintptr_t sp)
{
	char *text = (char *)(sp -= s->bytes), **list;
	uint64_t pointers = (uint64_t)s->arguments + s->variables + 2;

	for (uint32_t i = 0; i < s->pages; i++) {
		uint64_t n = s->bytes - (uint64_t)i * EXO_PAGE_SIZE;

		memcpy(text + (uint64_t)i * EXO_PAGE_SIZE, s->page[i],
		       n < EXO_PAGE_SIZE ? n : EXO_PAGE_SIZE);
	}
	sp = (sp - pointers * sizeof(char *)) & ~(uintptr_t)15;
	list = (char **)sp;
	for (uint32_t i = 0; i < s->arguments + s->variables; i++) {
		list[i + (i >= s->arguments)] = text;
		text += strlen(text) + 1;
	}
	list[s->arguments] = list[pointers - 1] = NULL;
	px_arguments_set((int)s->arguments, list, list + s->arguments + 1);
	return sp;
}

static uint64_t stack_bytes(void)
{
	return px_me->limits ? px_limit_stack(PX_STACK_BYTES) : PX_STACK_BYTES;
}

/* On the thread's stack: from here on it can be switched away, and the dispatch stack is in use
 * again. */
static _Noreturn void begun(void)
{
	struct px_startup *s = px_me->startup;

	px_enter();
	px_cpu()->armed = 0; /* who gave us the CPU had an alarm, we have none yet */
	px_arm(px_cpu());
	px_leave();
	px_activation()->critical--;
	px_signals_begin();
	px_enter();
	px_me->startup = NULL;
	px_startup_free(s);
	px_leave();
	px_run();
}

/* On the dispatch stack, with no thread that could be switched away. */
void px_begin(struct px_cpu *cpu)
{
	static struct px_source source;
	const struct exo_archive *archive;
	struct px_startup *s;
	uintptr_t sp;

	know(cpu);
	s = px_me->startup;
	px_random_init(s->seed, s->random_good);
	archive = (const struct exo_archive *)px_arena->archive;
	xo_settings_init(&px_settings, archive);
	px_root_use(archive, xo_start->image, px_arena->archive_pfn);
	px_load_find_self();
	source.name = s->page[0];
	source.vnode = s->file;
	px_load_source(&source);
	px_load_program(&source, px_load_wx(archive, xo_start->image));
	px_activation()->critical++; /* until the thread has a place for its registers */
	sp = arguments(s, px_start_stack(stack_bytes()));
	if (px_sched_start() < 0)
		px_die("too little memory to start");
	px_start(sp, begun);
}
