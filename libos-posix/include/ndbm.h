/* ndbm.h - newlib's, which takes types for granted.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <sys/types.h>

#include_next <ndbm.h>
