/* shm.c - System V's segments of shared memory.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A segment is memory as mmap() makes it with MAP_SHARED | MAP_ANONYMOUS, with a number; who has it
 * attached has a region that shows it.  With IPC_RMID the number goes at once, the memory when
 * nobody has it attached any more.
 */
#include <env/arena.h>
#include <errno.h>
#include <fd/file.h>
#include <ipc/ipc.h>
#include <process/limit.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <vm/copy.h>
#include <vm/vm.h>

#define MOST (1ull << 40) /* bytes of a segment */

struct segment {
	struct px_ipc_object o;
	struct px_vnode *memory;
	size_t bytes;
	time_t attached, detached;
	pid_t maker, last;
};

static const char name[] = "shm"; /* of regions */

static int fits(const struct px_ipc_object *o, size_t wanted)
{
	return wanted > ((const struct segment *)o)->bytes ? -EINVAL : 0;
}

static struct px_ipc_object *make(size_t wanted, int *error)
{
	struct segment *s = NULL;

	*error = -EINVAL;
	if (!wanted || wanted > MOST)
		return NULL;
	*error = -ENOMEM;
	s = px_alloc(sizeof(*s));
	if (!s)
		return NULL;
	if (px_map_shared(px_round_up(wanted), true, &s->memory) < 0) {
		px_free(s);
		return NULL;
	}
	px_vnode_ref(s->memory);
	px_vnode_drop(s->memory); /* we do not show it yet */
	s->bytes = wanted;
	s->maker = (pid_t)px_process_number;
	return &s->o;
}

int shmget(key_t key, size_t bytes, int flags)
{
	int r;

	px_enter();
	r = px_ipc_get(PX_IPC_SHM, key, flags, fits, make, bytes);
	px_leave();
	return (int)px_result(r);
}

static struct segment *find(int id, uint32_t access, int *error)
{
	return (struct segment *)px_ipc_find(PX_IPC_SHM, id, access, error);
}

/* Regions that show it, of all processes. */
static uint64_t attached(const struct segment *s)
{
	uint64_t n = 0;

	for (const struct px_process *p = px_arena->process; p; p = p->next)
		for (const struct px_mapped *m = p->mapped; m; m = m->next)
			n += m->vnode == s->memory ? m->regions : 0;
	return n;
}

/* Where it goes, or 0 and an error. */
static exo_va_t place(exo_va_t at, uint64_t bytes, int flags, int *error)
{
	*error = -EINVAL;
	if (at % SHMLBA && !(flags & SHM_RND))
		return 0;
	at &= -(exo_va_t)SHMLBA;
	if (at && (at < EXO_VA_MIN || at > EXO_VA_TOP - bytes ||
		   !px_tree_clear(&px_regions, at, at + bytes)))
		return 0;
	*error = -ENOMEM;
	return at ? at : px_room(0, bytes, 0);
}

/* Inside. */
static int64_t attach(int id, exo_va_t at, int flags)
{
	uint8_t prot = PROT_READ | (flags & SHM_RDONLY ? 0 : PROT_WRITE);
	struct px_region r = {.prot = prot, .flags = PX_R_SHARED, .around = 16, .name = name};
	int error;
	struct segment *s = find(id, flags & SHM_RDONLY ? 0400 : 0600, &error);

	if (!s)
		return error;
	if (!px_spare())
		return -ENOMEM;
	r.start = place(at, px_round_up(s->bytes), flags, &error);
	if (!r.start)
		return error;
	r.end = r.start + px_round_up(s->bytes);
	r.vnode = s->memory;
	if ((px_me->limits && !px_limit_map(&r)) || !px_mapped_add(px_me, s->memory, 1))
		return -ENOMEM;
	px_tree_add(&px_regions, &r);
	s->attached = px_ipc_now();
	s->last = (pid_t)px_process_number;
	return (int64_t)r.start;
}

void *shmat(int id, const void *at, int flags)
{
	int64_t r;

	px_space_enter();
	r = attach(id, (exo_va_t)at, flags);
	px_leave();
	return (void *)px_result(r);
}

static struct segment *segment_of(const struct px_vnode *memory)
{
	struct px_ipc_object *o = px_arena->ipc ? px_arena->ipc->first[PX_IPC_SHM] : NULL;

	while (o && ((struct segment *)o)->memory != memory)
		o = o->next;
	return (struct segment *)o;
}

/* Inside: all regions that were made by the call that returned `at`. */
static int detach(exo_va_t at)
{
	const struct px_region *r = px_region_at(at);
	struct px_vnode *memory = r ? r->vnode : NULL;
	struct segment *s;
	exo_va_t end = at;

	if (!r || r->start != at || r->name != name || r->offset)
		return -EINVAL;
	for (; r && r->start == end && r->vnode == memory && r->offset == end - at;
	     r = px_region_at(end))
		end = r->end;
	if (!px_spare())
		return -ENOMEM;
	s = segment_of(memory);
	if (s) {
		s->detached = px_ipc_now();
		s->last = (pid_t)px_process_number;
	}
	px_clear(at, end);
	return 0;
}

int shmdt(const void *at)
{
	int r;

	px_space_enter();
	r = detach((exo_va_t)at);
	px_leave();
	return (int)px_result(r);
}

static struct shmid_ds show(const struct segment *s)
{
	return (struct shmid_ds){.shm_perm = px_ipc_show(&s->o),
				 .shm_segsz = s->bytes,
				 .shm_atime = s->attached,
				 .shm_dtime = s->detached,
				 .shm_ctime = s->o.changed,
				 .shm_cpid = s->maker,
				 .shm_lpid = s->last,
				 .shm_nattch = attached(s)};
}

static int act(struct px_ipc_object *o, int what, void *d)
{
	struct segment *s = (struct segment *)o;
	int r;

	if (what == IPC_STAT) {
		*(struct shmid_ds *)d = show(s);
		return 0;
	}
	r = px_ipc_owns(o);
	if (r)
		return r;
	if (what == IPC_SET) {
		px_ipc_set(o, &((const struct shmid_ds *)d)->shm_perm);
		return 0;
	}
	px_ipc_remove(PX_IPC_SHM, o);
	px_vnode_put(s->memory);
	px_free(s);
	return 0;
}

int shmctl(int id, int what, struct shmid_ds *user)
{
	struct shmid_ds d = {0};

	return px_ipc_control(PX_IPC_SHM, id, what, user, &d, sizeof(d), act);
}
