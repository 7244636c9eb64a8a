/* info.h - the kernel's own view of the information pages.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef CORE_INFO_H
#define CORE_INFO_H

#include <exo/info.h>

extern struct exo_info *info; /* writable, through the direct map */

#endif
