/* setid.c - other numbers of users and groups.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/process.h>
#include <errno.h>
#include <fd/file.h>
#include <unistd.h>

#define SAME (~0u) /* this one stays */

static bool is_root(void)
{
	return px_me->user.effective == 0;
}

static bool is_own(const struct px_ids *ids, uint32_t id)
{
	return id == SAME || id == ids->real || id == ids->effective || id == ids->saved;
}

/* What is not said stays; who is not root gets only what he has. */
static int set(struct px_ids *ids, uint32_t real, uint32_t effective, uint32_t saved)
{
	int r = 0;

	px_enter();
	if (!is_root() && (!is_own(ids, real) || !is_own(ids, effective) || !is_own(ids, saved))) {
		r = -EPERM;
	} else {
		ids->real = real == SAME ? ids->real : real;
		ids->effective = effective == SAME ? ids->effective : effective;
		ids->saved = saved == SAME ? ids->saved : saved;
	}
	px_leave();
	return (int)px_result(r);
}

static int set_all(struct px_ids *ids, uint32_t id)
{
	if (id == SAME)
		return (int)px_result(-EINVAL);
	return is_root() ? set(ids, id, id, id) : set(ids, SAME, id, SAME);
}

/* The saved one follows, if the real one is said or the effective one becomes another than that. */
static int set_two(struct px_ids *ids, uint32_t real, uint32_t effective)
{
	bool follows = real != SAME || (effective != SAME && effective != ids->real);
	uint32_t saved = effective == SAME ? ids->effective : effective;

	return set(ids, real, effective, follows ? saved : SAME);
}

static int set_effective(struct px_ids *ids, uint32_t id)
{
	return id == SAME ? (int)px_result(-EINVAL) : set(ids, SAME, id, SAME);
}

int setuid(uid_t id)
{
	return set_all(&px_me->user, id);
}

int setgid(gid_t id)
{
	return set_all(&px_me->group_ids, id);
}

int seteuid(uid_t id)
{
	return set_effective(&px_me->user, id);
}

int setegid(gid_t id)
{
	return set_effective(&px_me->group_ids, id);
}

int setreuid(uid_t real, uid_t effective)
{
	return set_two(&px_me->user, real, effective);
}

int setregid(gid_t real, gid_t effective)
{
	return set_two(&px_me->group_ids, real, effective);
}

int setresuid(uid_t real, uid_t effective, uid_t saved)
{
	return set(&px_me->user, real, effective, saved);
}

int setresgid(gid_t real, gid_t effective, gid_t saved)
{
	return set(&px_me->group_ids, real, effective, saved);
}

int getresuid(uid_t *real, uid_t *effective, uid_t *saved)
{
	*real = px_me->user.real;
	*effective = px_me->user.effective;
	*saved = px_me->user.saved;
	return 0;
}

int getresgid(gid_t *real, gid_t *effective, gid_t *saved)
{
	*real = px_me->group_ids.real;
	*effective = px_me->group_ids.effective;
	*saved = px_me->group_ids.saved;
	return 0;
}
