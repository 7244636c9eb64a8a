/* uname.c - the system's and the machine's name.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <exo/version.h>
#include <fd/file.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

static const char host[] = "localhost";

int uname(struct utsname *u)
{
	*u = (struct utsname){
		.sysname = "Exokernel",
		.release = EXO_RELEASE,
		.version = "libos-posix",
		.machine = "x86_64",
		.domainname = "(none)",
	};
	strcpy(u->nodename, host);
	return 0;
}

int gethostname(char *name, size_t size)
{
	if (size < sizeof(host))
		return (int)px_result(-ENAMETOOLONG);
	strcpy(name, host);
	return 0;
}

/* It has none of its own. */
long gethostid(void)
{
	return 0;
}

int getdomainname(char *name, size_t size)
{
	struct utsname u;

	uname(&u);
	if (size <= strlen(u.domainname))
		return (int)px_result(-EINVAL);
	strcpy(name, u.domainname);
	return 0;
}
