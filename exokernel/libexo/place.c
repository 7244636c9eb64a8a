/* place.c - which code an address lies in, when there is only one.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <libexo/crash.h>
#include <libexo/start.h>

const char *xo_place(uint64_t pc, uint64_t *offset)
{
	*offset = pc - (uint64_t)__image_start;
	return pc >= (uint64_t)__text_start && pc < (uint64_t)__text_end ? "program" : NULL;
}
