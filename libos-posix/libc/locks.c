/* locks.c - the locks newlib takes around what threads share.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * All are recursive.  Those made at run time stand in one list, so that fork can set all of them
 * free in the child.
 */
#include <env/arena.h>
#include <env/thread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/lock.h>
#include <thread/lock.h>

struct __lock {
	uint32_t owner; /* id of the thread, 0: free; PX_LOCK_AWAITED besides */
	uint32_t depth;
	struct __lock *next, **link;
};

struct __lock __lock___sinit_recursive_mutex;
struct __lock __lock___sfp_recursive_mutex;
struct __lock __lock___atexit_recursive_mutex;
struct __lock __lock___at_quick_exit_mutex;
struct __lock __lock___malloc_recursive_mutex;
struct __lock __lock___env_recursive_mutex;
struct __lock __lock___tz_mutex;
struct __lock __lock___dd_hash_mutex;
struct __lock __lock___arc4random_mutex;
struct __lock __lock_random_mutex;

static struct __lock *list;

/* Of the standard streams, which always get one; and what is left to the others when there is no
 * memory: one for all, which is recursive like each. */
static struct __lock early[4], crowded;
static uint32_t earlies;

static inline bool try(struct __lock *l)
{
	uint32_t me = px_self()->id, none = 0;

	if ((__atomic_load_n(&l->owner, __ATOMIC_RELAXED) & ~PX_LOCK_AWAITED) != me &&
	    !__atomic_compare_exchange_n(&l->owner, &none, me, false, __ATOMIC_ACQUIRE,
					 __ATOMIC_RELAXED))
		return false;
	l->depth++;
	return true;
}

void __retarget_lock_init_recursive(_LOCK_T *lock)
{
	struct __lock *l = earlies < 4 ? &early[earlies++] : calloc(1, sizeof(*l));

	if (!l) {
		*lock = &crowded;
		return;
	}
	px_enter();
	l->next = list;
	l->link = &list;
	if (list)
		list->link = &l->next;
	list = l;
	px_leave();
	*lock = l;
}

void __retarget_lock_close_recursive(_LOCK_T l)
{
	if (l == &crowded)
		return;
	px_enter();
	*l->link = l->next;
	if (l->next)
		l->next->link = l->link;
	px_leave();
	if (l < early || l >= early + 4)
		free(l);
}

/* Without further threads it is always free, or the caller's own. */
void __retarget_lock_acquire_recursive(_LOCK_T l)
{
	if (!try(l) && px_lock_wait) {
		px_lock_wait(&l->owner);
		l->depth = 1;
	}
}

int __retarget_lock_try_acquire_recursive(_LOCK_T l)
{
	return try(l);
}

void __retarget_lock_release_recursive(_LOCK_T l)
{
	if (--l->depth == 0 &&
	    __atomic_exchange_n(&l->owner, 0, __ATOMIC_RELEASE) & PX_LOCK_AWAITED && px_lock_wake)
		px_lock_wake(&l->owner);
}

/* What one thread leaves half done when it is copied alone: the heap; and time zone, environment
 * and the list of streams, of which newlib holds some while it allocates. */
static struct __lock *const across_fork[] = {
	&__lock___sinit_recursive_mutex,
	&__lock___sfp_recursive_mutex,
	&__lock___atexit_recursive_mutex,
	&__lock___env_recursive_mutex,
	&__lock___tz_mutex,
	&__lock_random_mutex,
	&__lock___malloc_recursive_mutex,
};
#define ACROSS (sizeof(across_fork) / sizeof(across_fork[0]))

void px_locks_fork(void)
{
	for (size_t i = 0; i < ACROSS; i++)
		__retarget_lock_acquire_recursive(across_fork[i]);
}

void px_locks_forked(bool child)
{
	if (child)
		for (struct __lock *l = list; l; l = l->next)
			l->owner = l->depth = 0;
	for (size_t i = ACROSS; i-- > 0;) {
		if (child)
			across_fork[i]->owner = px_self()->id;
		__retarget_lock_release_recursive(across_fork[i]);
	}
}

void __retarget_lock_init(_LOCK_T *l) __attribute__((alias("__retarget_lock_init_recursive")));
void __retarget_lock_close(_LOCK_T l) __attribute__((alias("__retarget_lock_close_recursive")));
void __retarget_lock_acquire(_LOCK_T l) __attribute__((alias("__retarget_lock_acquire_recursive")));
int __retarget_lock_try_acquire(_LOCK_T l)
	__attribute__((alias("__retarget_lock_try_acquire_recursive")));
void __retarget_lock_release(_LOCK_T l) __attribute__((alias("__retarget_lock_release_recursive")));
