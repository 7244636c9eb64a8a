/* static.c - the application when it has the libOS linked into it: build/user.ld knows all.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/program.h>

#define OF_THE_LINKER __attribute__((visibility("hidden")))

extern px_hook *__preinit_array_start[] OF_THE_LINKER, *__preinit_array_end[] OF_THE_LINKER;
extern px_hook *__init_array_start[] OF_THE_LINKER, *__init_array_end[] OF_THE_LINKER;
extern px_hook *__fini_array_start[] OF_THE_LINKER, *__fini_array_end[] OF_THE_LINKER;
extern char __tdata_start[] OF_THE_LINKER, __tdata_end[] OF_THE_LINKER;
extern char __tbss_end[] OF_THE_LINKER;
extern const uint64_t __tls_align OF_THE_LINKER;
extern char __relro_start[] OF_THE_LINKER, __relro_end[] OF_THE_LINKER;

int main(int argc, char **argv, char **env);

struct px_program px_program;
const char px_self_name[] = "program";

static struct px_hooks hooks(px_hook **first, px_hook **end)
{
	return (struct px_hooks){first, (size_t)(end - first)};
}

void px_program_init(const struct exo_archive *archive, uint32_t image)
{
	(void)archive;
	(void)image;
	px_program = (struct px_program){
		.main = main,
		.preinit = hooks(__preinit_array_start, __preinit_array_end),
		.init = hooks(__init_array_start, __init_array_end),
		.fini = hooks(__fini_array_start, __fini_array_end),
		.tls = __tdata_start,
		.tls_file = (size_t)(__tdata_end - __tdata_start),
		.tls_bytes = (size_t)(__tbss_end - __tdata_start),
		.tls_align = __tls_align,
	};
	px_seal((exo_va_t)__relro_start & -(exo_va_t)EXO_PAGE_SIZE, (exo_va_t)__relro_end);
}
