/* lookup.c - names looked up at run time: the libOS's, and no others.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(void)
{
	size_t (*length)(const char *) = dlsym(RTLD_DEFAULT, "strlen");
	void *all = dlopen(NULL, RTLD_NOW);
	Dl_info info;

	if (!length || length("four") != 4 || !all || dlsym(all, "strlen") != (void *)length)
		return 1;
	if (dlsym(RTLD_DEFAULT, "environ") != (void *)&environ)
		return 2;
	if (dlsym(all, "no_such_name") || !dlerror() || dlerror())
		return 3;
	if (dlopen("libz.so.1", RTLD_NOW))
		return 4;
	puts(dlerror());
	if (!dladdr((void *)length, &info) || strcmp(info.dli_sname, "strlen") != 0)
		return 5;
	if (!dladdr((void *)main, &info) || dladdr((void *)8, &info) || dlclose(all) ||
	    !dlclose(&info))
		return 6;
	return 0;
}
