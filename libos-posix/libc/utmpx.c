/* utmpx.c - the record of who is logged in, which is empty and stays so.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <fd/file.h>
#include <stddef.h>
#include <utmpx.h>

void setutxent(void)
{
}

void endutxent(void)
{
}

struct utmpx *getutxent(void)
{
	return NULL;
}

struct utmpx *getutxid(const struct utmpx *like)
{
	(void)like;
	return NULL;
}

struct utmpx *getutxline(const struct utmpx *like)
{
	(void)like;
	return NULL;
}

struct utmpx *pututxline(const struct utmpx *entry)
{
	(void)entry;
	errno = ENOTSUP;
	return NULL;
}

int utmpxname(const char *file)
{
	(void)file;
	return (int)px_result(-ENOTSUP);
}

void updwtmpx(const char *file, const struct utmpx *entry)
{
	(void)file;
	(void)entry;
}
