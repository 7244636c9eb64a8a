/* print_abi.c - the contract as text, to be compared with abi.golden.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Calls and errors come from the two lists, constants and structures from
 * abi-fields.inc, which build/check/abi-fields.awk makes of the headers.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <exo/archive.h>
#include <exo/cap.h>
#include <exo/env.h>
#include <exo/error.h>
#include <exo/info.h>
#include <exo/map.h>
#include <exo/message.h>
#include <exo/ring.h>
#include <exo/start.h>
#include <exo/syscall.h>
#include <exo/types.h>
#include <exo/upcall.h>
#include <exo/version.h>

/* clang-format off */
#define ARG(T, t) printf("\t%s:%zu %s", #T, sizeof(T), #t)
#define EXO_CALL0(nr, name) \
	printf("call %d %s\n", nr, #name);
#define EXO_CALL1(nr, name, A, a) \
	printf("call %d %s", nr, #name), ARG(A, a), puts("");
#define EXO_CALL2(nr, name, A, a, B, b) \
	printf("call %d %s", nr, #name), ARG(A, a), ARG(B, b), puts("");
#define EXO_CALL3(nr, name, A, a, B, b, C, c) \
	printf("call %d %s", nr, #name), ARG(A, a), ARG(B, b), ARG(C, c), puts("");
#define EXO_CALL4(nr, name, A, a, B, b, C, c, D, d) \
	printf("call %d %s", nr, #name), ARG(A, a), ARG(B, b), ARG(C, c), ARG(D, d), puts("");
#define EXO_CALL5(nr, name, A, a, B, b, C, c, D, d, E, e) \
	printf("call %d %s", nr, #name), ARG(A, a), ARG(B, b), ARG(C, c), ARG(D, d), ARG(E, e), \
		puts("");
#define EXO_CALL6(nr, name, A, a, B, b, C, c, D, d, E, e, F, f) \
	printf("call %d %s", nr, #name), ARG(A, a), ARG(B, b), ARG(C, c), ARG(D, d), ARG(E, e), \
		ARG(F, f), puts("");
#define EXO_ERROR(name, value, text) \
	printf("error %d %s\n", value, #name);
#define CONSTANT(name) \
	printf("constant %s %#llx\n", #name, (unsigned long long)(name));
#define STRUCT(name) \
	printf("struct %s %zu\n", #name, sizeof(struct name));
#define FIELD(structure, name) \
	printf("\t%zu %s %zu\n", offsetof(struct structure, name), #name, \
	       sizeof(((struct structure *)0)->name));
#define END(name)
/* clang-format on */

int main(void)
{
#include <exo/error.def>
#include <exo/syscalls.def>

#include "abi-fields.inc"
	return 0;
}
