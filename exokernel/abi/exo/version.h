/* version.h - one number for the whole contract.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Raised whenever a call changes its meaning or a shared structure moves a
 * field.  Appending a field to a structure that carries its size, or a call
 * with a new number, does not raise it.  Programs, archives and the kernel
 * carry it, and a mismatch is refused by name where they meet.
 */
#ifndef EXO_VERSION_H
#define EXO_VERSION_H

#define EXO_ABI_VERSION		1
#define EXO_RELEASE		"0.1"

#endif
