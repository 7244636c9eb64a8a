/* flockfile.c - a stream held by one thread for several calls.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <reent.h>
#include <stdio.h>
#include <sys/lock.h>

#undef flockfile
#undef funlockfile
#undef ftrylockfile

void __sinit(struct _reent *); /* newlib's own header for it is not installed */

/* The standard streams get their locks with the first call of stdio. */
static _LOCK_RECURSIVE_T lock_of(FILE *f)
{
	if (!f->_lock)
		__sinit(_REENT);
	return f->_lock;
}

void flockfile(FILE *f)
{
	__retarget_lock_acquire_recursive(lock_of(f));
}

void funlockfile(FILE *f)
{
	__retarget_lock_release_recursive(f->_lock);
}

int ftrylockfile(FILE *f)
{
	return __retarget_lock_try_acquire_recursive(lock_of(f)) ? 0 : -1;
}
