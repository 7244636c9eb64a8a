/* ipc.h - System V's shared objects: queues of messages, sets of semaphores, segments of memory.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * They lie in the arena under one head, which is made with the first of them.  Whoever waits for
 * one does so in the head's queue and looks again after each change of any: objects can go while
 * they are waited for, the head stays.
 */
#ifndef PX_IPC_H
#define PX_IPC_H

#include <env/process.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/ipc.h>
#include <time.h>

enum px_ipc_kind { PX_IPC_MSG, PX_IPC_SEM, PX_IPC_SHM, PX_IPC_KINDS };

#define PX_IPC_MOST 32000 /* objects of a kind */

/* How each of them begins. */
struct px_ipc_object {
	struct px_ipc_object *next;
	int id;
	key_t key;
	uint32_t mode; /* rights */
	struct {
		uint32_t user, group;
	} owner, maker;
	time_t changed;
};

struct px_ipc {
	struct px_ipc_object *first[PX_IPC_KINDS];
	uint32_t count[PX_IPC_KINDS];
	uint32_t last_id;
	struct px_waitq news;
	struct px_sem_waiter *waiters; /* ipc/sem.c */
};

/* Inside: the head, made if need be, or NULL. */
struct px_ipc *px_ipc_head(void);

/* Inside.  What msgget() and its like do: the number of the object with that key, or of a new one,
 * which `make` makes and whose own part is filled in; or an error.  `fits` says whether one that is
 * there is what was asked for. */
int px_ipc_get(enum px_ipc_kind kind, key_t key, int flags,
	       int (*fits)(const struct px_ipc_object *o, size_t wanted),
	       struct px_ipc_object *(*make)(size_t wanted, int *error), size_t wanted);

/* Inside: the object with that number, if it may be used so (0400: read, 0200: write; 0: whatever);
 * NULL: *error says why. */
struct px_ipc_object *px_ipc_find(enum px_ipc_kind kind, int id, uint32_t access, int *error);

/* Inside: it is no longer found, who waits is told; its memory is for the caller. */
void px_ipc_remove(enum px_ipc_kind kind, struct px_ipc_object *o);

/* Inside: 0, or -EPERM: neither its owner's process nor its maker's. */
int px_ipc_owns(const struct px_ipc_object *o);

/* What IPC_STAT shows, and what IPC_SET sets. */
struct ipc_perm px_ipc_show(const struct px_ipc_object *o);
void px_ipc_set(struct px_ipc_object *o, const struct ipc_perm *p);

/* Outside: msgctl() and shmctl(), with d, n bytes long, for what *user is or becomes.  `act` does
 * it, inside, to the object that was found: 0 or an error. */
int px_ipc_control(enum px_ipc_kind kind, int id, int what, void *user, void *d, size_t n,
		   int (*act)(struct px_ipc_object *o, int what, void *d));

time_t px_ipc_now(void);

/* Inside: p ends; what it did to semaphores is undone.  Only there if the program can do something.
 */
void px_sem_process_end(struct px_process *p) __attribute__((weak, visibility("hidden")));

#endif
