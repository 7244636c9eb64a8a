/* process.h - the process as a whole: what the arena knows of it, how it ends and complains.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_PROCESS_H
#define PX_PROCESS_H

#include <env/wait.h>
#include <exo/types.h>
#include <libexo/settings.h>
#include <signal/pending.h>
#include <stdbool.h>
#include <stddef.h>

#define PX_FD_MAX  1024
#define PX_FD_PAGE 256
#define PX_HOT_MAX 12

#define PX_LATE_MAX 16

/* A descriptor: its open file, and FD_CLOEXEC. */
struct px_fd {
	struct px_file *file;
	uint32_t flags;
	uint32_t zero;
};

/* A user's or a group's numbers. */
struct px_ids {
	uint32_t real, effective, saved;
};

struct px_thread;

/* What exec passes on: a page of the arena (process/exec.c). */
struct px_startup;

/* Two frames that follow one another, for an activation; the arena's, so that they can be filled.
 */
struct px_pair {
	struct px_pair *next;
	void *pages;
};

/* Where a process is on its way. */
enum px_process_state {
	PX_ALIVE = 0,
	PX_ENDING, /* it gives up what it has */
	PX_GONE,   /* its environment is the host's to take apart */
	PX_ZOMBIE, /* only this record is left, for its parent */
};

/* What a parent may not know yet. */
#define PX_NEWS_STOPPED   1
#define PX_NEWS_CONTINUED 2

/* What it asks the host for (process/host.h). */
enum px_wish {
	PX_WISH_NONE = 0,
	PX_WISH_MAKE, /* an environment, for a process that has none */
	PX_WISH_END,  /* take the environment apart: it has ended */
	PX_WISH_PEER, /* process number `answer` as its peer that it took last */
};

/* What it used besides time, and its children that were waited for. */
struct px_usage {
	uint64_t faults, most; /* pages that came; the most there were at a time */
	uint64_t waits, turns; /* times it gave the CPU away, and lost it */
};

/* In the arena: what others need to inherit from it, or to clear up after it. */
struct px_process {
	struct px_process *next, **link; /* in px_arena->process */
	uint32_t number;
	uint32_t umask;
	struct px_ids user, group_ids;
	struct px_groups *groups; /* besides, or NULL (libc/groups.h) */
	struct px_vnode *cwd;
	struct px_vnode *program;                 /* that exec began, or NULL */
	struct px_fd *fd[PX_FD_MAX / PX_FD_PAGE]; /* pages, made when needed */
	uint32_t fd_low;                          /* no descriptor below is free */
	struct px_thread *threads;                /* all of them, the first last */
	uint32_t thread_count;                    /* that have not ended */
	uint64_t ran;                             /* TSC ticks of those that have */
	uint64_t turn;                            /* of each thread, in TSC ticks (thread/turn.h) */
	uint64_t promised;                        /* pages, of memory that ends with it */
	uint64_t objects;                         /* of them not for its memory itself */
	uint32_t large;                           /* pages of 2 MiB it has */
	struct px_mapped *mapped;                 /* files it has mapped */
	struct px_signals signals;

	/* What there is besides only if there is more than one process: process/. */
	struct px_process *parent, *child;   /* child: the first of a list... */
	struct px_process *sibling, **place; /* ...that goes on here */
	uint32_t group, session;
	struct px_tty *tty;     /* of its session, or NULL */
	struct px_node *proc;   /* its directory in /proc, or NULL (fs/proc.h) */
	struct px_words *words; /* that it was begun with, or NULL */
	char comm[16];          /* what it is called */
	int8_t nice;            /* -20 .. 19 */
	uint8_t death_signal;   /* when its parent ends; 0: none */
	uint8_t state;          /* enum px_process_state */
	uint8_t stopped;        /* by a signal */
	uint8_t news;           /* PX_NEWS_*: its parent was not told yet */
	uint8_t unborn;         /* it is being made: not to be waited for */
	uint8_t executed;       /* it has called exec */
	uint8_t secure;         /* its program has other rights than who began it (issetugid) */
	uint8_t adopted;        /* its parent ended before it: nobody waits for it */
	uint8_t husk;           /* what is left of another one that has begun a new program */
	uint8_t lost;           /* its environment stopped before it had ended */
	int status;             /* as wait has it: how it ended, or was stopped last */
	struct px_waitq family; /* who waits for a child of it, or for its exec */
	struct px_usage used, children;
	struct px_limits *limits; /* its own, or NULL: as at the start (process/limit.h) */
	uint64_t children_ran;
	exo_ns_t began;
	uint32_t wish;  /* enum px_wish */
	uint8_t wishes; /* it is on the list px_arena->wishes */
	int answer;     /* to it, or what it is about */
	struct px_process *next_wish;
	exo_cap_t slot;         /* ENV in the host's table, or EXO_SLOT_NONE */
	uint32_t incarnation;   /* a number for that environment, which no other ever has */
	exo_pfn_t root;         /* its page tables */
	uint64_t activations;   /* that it has, a bit each */
	uint32_t peer[8];       /* processes in its slots PX_SLOT_PEER and on */
	uint32_t peers;         /* peer[peers - 1 modulo 8] is the newest */
	struct px_owned *owned; /* frames that are free when the environment is gone */
	struct px_pair *pairs;  /* frames of its activations */
	uint8_t noted;          /* all its frames are on that list, but for page tables... */
	uint8_t lates;          /* ...that it made after that */
	uint8_t frozen;         /* fork is about to copy its regions: none changes (vm/vm.h) */
	uint8_t copying;        /* and copies its memory: page faults of other threads wait */
	uint8_t making;         /* hosts of so many CPUs make something of it now... */
	uint8_t ends_after;     /* ...and it is taken apart when they have */
	uint32_t late[PX_LATE_MAX];
	uint32_t ender;             /* the thread that ends it, or 0 */
	struct px_startup *startup; /* of the program that it begins, or NULL */
	struct px_lock maker;       /* of who makes a process, for fork or exec */
	const void *waits_for;      /* who has the record lock it waits for */
	uint32_t forks, hots;
	exo_va_t hot[PX_HOT_MAX]; /* pages that a fork copies at once (vm/inherit.c) */
};

#define PX_FIRST_PROCESS 1

extern struct px_process *px_me;
extern uint32_t px_process_number;

/* Is p one whose priorities this process may set? */
static inline bool px_user_may(const struct px_process *p)
{
	uint32_t user = px_me->user.effective;

	return !user || user == p->user.real || user == p->user.effective;
}

/* 0: this environment is the image's first, which hosts the others; 1: it is one of those. */
extern uint32_t px_guest;

/* The first process.  Returns 0 or -ENOMEM. */
int px_process_init(void);

extern struct xo_settings px_settings;

/* Start of the main stack as main sees it: argc, argv and environ are made
 * from the settings and lie above it.  Returns the new stack pointer. */
uintptr_t px_arguments_init(const struct exo_archive *archive, uintptr_t stack);
/* Take them as the program's: argc of them, and where the environment is. */
void px_arguments_set(int argc, char **argv, char **env);
extern int px_argc;
extern char **px_argv;

/* Everything written is let out; then the end.  The other: as by a signal. */
_Noreturn void px_stop(int status);
_Noreturn void px_stop_by(int signal);

/* The host's end is the image's; a guest's, with a status as wait has it, is in process/exit.c. */
_Noreturn void px_process_end(int status) __attribute__((weak, visibility("hidden")));

/* As the host: the end of all. */
_Noreturn void px_stop_image(int status);
/* The end by a signal of its own, with the callers printed (libc/abort.c). */
_Noreturn void px_crash(int signal);

/* A start that cannot succeed: one sentence, status 127. */
_Noreturn void px_die(const char *why);

/* Bytes to standard error at once, past stdio. */
void px_print(const void *text, size_t n);

#endif
