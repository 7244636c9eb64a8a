/* symbols.c - names looked up at run time: what the program and the libOS export.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Only where the libOS is a library.  There are no others, and none is loaded.
 */
#include <dlfcn.h>
#include <env/load.h>
#include <env/process.h>
#include <libexo/crash.h>
#include <stdio.h>
#include <string.h>

static char message[128];
static const char *error;

static void fail(const char *what, const char *why)
{
	snprintf(message, sizeof(message), "%s: %s", what, why);
	error = message;
}

char *dlerror(void)
{
	char *now = (char *)error;

	error = NULL;
	return now;
}

/* The program itself is all there is to open. */
void *dlopen(const char *name, int mode)
{
	(void)mode;
	if (!name)
		return (void *)px_load_object(0);
	fail(name, "shared libraries are not loaded here");
	return NULL;
}

int dlclose(void *handle)
{
	if (handle == px_load_object(0))
		return 0;
	fail("dlclose", "not an open library");
	return -1;
}

static bool usable(const struct elf_symbol *s)
{
	return s->section != SECTION_NONE && (s->info & 15) != SYMBOL_TLS &&
	       (s->info & 15) != SYMBOL_IFUNC;
}

void *dlsym(void *restrict handle, const char *restrict name)
{
	if (handle != RTLD_DEFAULT && handle != RTLD_NEXT && handle != px_load_object(0)) {
		fail(name, "not an open library");
		return NULL;
	}
	for (int i = handle == RTLD_NEXT; i < 2; i++) {
		const struct px_object *o = px_load_object(i);
		const struct elf_symbol *s = o->symbols ? px_load_find(o, name) : NULL;

		if (s && usable(s))
			return (void *)px_load_address(o, s);
	}
	fail(name, "no such name");
	return NULL;
}

/* The last name at or before the address. */
static void nearest(const struct px_object *o, uint64_t at, Dl_info *info)
{
	for (uint32_t i = 1; i < o->symbols; i++) {
		const struct elf_symbol *s = &o->symbol[i];
		uint64_t there = px_load_address(o, s);

		if (usable(s) && there <= at && there >= (uint64_t)info->dli_saddr) {
			info->dli_sname = o->strings + s->name;
			info->dli_saddr = (void *)there;
		}
	}
}

int dladdr(const void *address, Dl_info *info)
{
	uint64_t offset, at = (uint64_t)address;
	const char *where = xo_place(at, &offset);

	if (!where)
		return 0;
	*info = (Dl_info){.dli_fname = where, .dli_fbase = (void *)(at - offset)};
	nearest(px_load_object(strcmp(where, px_self_name) == 0), at, info);
	return 1;
}
