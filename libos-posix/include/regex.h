/* regex.h - newlib's, which wants its types declared before.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_REGEX_H
#define _PX_REGEX_H

#include <sys/types.h>

#include_next <regex.h>

#endif
