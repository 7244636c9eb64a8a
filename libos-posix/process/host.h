/* host.h - what the first environment of the image does for all its processes.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * It is the host: it lives as long as the image, has the slices, makes every environment and takes
 * it apart again, so that no capability hangs below one that can go.  Processes ask it by a wish in
 * their record.  It knows them as slots of its table.
 */
#ifndef PX_HOST_H
#define PX_HOST_H

#include <env/arena.h>
#include <env/process.h>
#include <exo/types.h>
#include <exo/upcall.h>
#include <stdbool.h>
#include <thread/sched.h>

#define PX_EVENT_YIELD (1ull << 11) /* to a guest: the host waits for the lock that it holds */

/* Where a process that the host has made finds what its activation for CPU n needs: the
 * activation's two frames, the stacks of its upcalls, the stack on which it looks for a thread to
 * run. */
#define PX_UPCALL_BYTES   EXO_PAGE_SIZE
#define PX_DISPATCH_BYTES (2 * EXO_PAGE_SIZE)
#define PX_ACTIVATION_BYTES                                                                        \
	(2 * EXO_PAGE_SIZE + EXO_FRAME_DEPTH * PX_UPCALL_BYTES + PX_DISPATCH_BYTES)

static inline exo_va_t px_activation_at(uint32_t n)
{
	return px_arena->activations + (exo_va_t)n * PX_ACTIVATION_BYTES;
}

/* Are we the host? */
static inline bool px_hosting(void)
{
	return !px_guest;
}

/* Before the first process is made: a place for activations, the second name of its memory.  0 or
 * -ENOMEM. */
int px_host_start(void);

/* Inside: note what p wants of the host, for who leaves the CPU to it. */
void px_wish(struct px_process *p, enum px_wish wish);

/* Have the host do something for p.  Outside.  0 or a negative error. */
int px_ask(struct px_process *p, enum px_wish wish);

/* As the host, outside: grant the wishes there are. */
void px_host_serve(void) __attribute__((weak, visibility("hidden")));

/* As the host, outside: see to it that p has an activation for CPU n.  0 or -ENOMEM. */
int px_host_activation(struct px_process *p, uint32_t n);

/* As the host, inside: p->making was raised before the section was left to make something of p, so
 * that no other CPU's host takes p apart meanwhile; that is over. */
void px_host_made(struct px_process *p);

/* As the host, outside: whose environment that was, if it is still somebody's, has stopped without
 * having ended: then that process ends now. */
void px_host_lost(uint32_t incarnation);

/* As the host, inside: what was told to this CPU's owner, or what that one would have to be woken
 * for, is for its guest to look at. */
void px_pass_on(struct px_cpu *cpu) __attribute__((weak, visibility("hidden")));

/* walk.c, as the host, outside: note the frames of a process that could not do it itself
 * (vm/owned.h). */
void px_tables_walk(struct px_process *p);

/* What an activation of a process begins with. */
_Noreturn void px_guest_begin(void *unused);

#endif
