/* process.h - the processes of an image among themselves.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * What fork, exec and exit have to do for other parts of the libOS is a call to a function that
 * such a part has in its header; fork.c and exit.c are the lists of them.  Inside means between
 * px_enter and px_leave.
 */
#ifndef PX_PROCESS_PROCESS_H
#define PX_PROCESS_PROCESS_H

#include <env/process.h>
#include <stdbool.h>
#include <sys/types.h>

/* record.c.  A new process, a child of this one with a thread that has nothing to do yet, and
 * everything that the record of a child has from its parent's.  NULL: no memory, or RLIMIT_NPROC.
 */
struct px_process *px_process_new(void);

/* The same without descriptors and directory, and after px_words_tell(). */
struct px_process *px_process_record(void);

/* words.c: outside: what this process was begun with is told, if it was not yet.  Inside: p is
 * called as the file is. */
void px_words_tell(void);
void px_comm_set(struct px_process *p, const char *name);

/* Free a record that is in nobody's way any more: its parent knows, or it never began.  Inside. */
void px_process_free(struct px_process *p);

/* What px_process_new has made never began: it goes, with its environment if it has one.  Outside.
 */
void px_process_undo(struct px_process *p);

/* The process with this number, or NULL.  Inside. */
struct px_process *px_process_find(pid_t number);

/* Make p a child of another parent, or of none.  Inside. */
void px_process_adopt(struct px_process *p, struct px_process *parent);

/* exit.c, besides px_process_end (env/process.h). */

/* In the upcall of what crashed: let it go on with the end of the process.  False in the first one.
 */
struct exo_frame;
bool px_process_crash(struct exo_frame *f, int signal);

/* As the host: p's environment is gone; its parent is told. */
void px_process_gone(struct px_process *p);

/* As the host, outside: p cannot go on, so it has ended by that signal. */
void px_process_lost(struct px_process *p, int signal);

/* The calling thread, the only one of this process that is left, has nothing more to do for it:
 * what it has is noted, and the host gets the CPU. */
_Noreturn void px_process_vanish(void);

/* thread/: all threads of this process but the calling one end; `ends`: because it ends, and not
 * because it begins another program.  Outside. */
void px_threads_end(bool ends) __attribute__((weak, visibility("hidden")));

/* Give back what threads of p hold that have ended in the middle of it.  Inside. */
void px_process_unlock(struct px_process *p);

/* Give up all that p has in common with others.  Outside. */
void px_process_leave(struct px_process *p);

/* Tell p's parent that something happened to p.  Inside. */
void px_process_tell(struct px_process *p);

/* usage.c.  What a process has used, its children that were waited for included; without
 * them; those alone; add what p used to its parent's children.  Inside. */
struct rusage;
void px_usage_of(const struct px_process *p, struct rusage *u);
void px_usage_self(const struct px_process *p, struct rusage *u);
void px_usage_children(const struct px_process *p, struct rusage *u);
void px_usage_add(struct px_process *parent, const struct px_process *p);

/* TSC ticks it has run. */
uint64_t px_process_ran(const struct px_process *p);

#endif
