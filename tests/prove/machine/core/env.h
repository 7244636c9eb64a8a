/* env.h - environments, with few pages of slots.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PROVE_ENV_H
#define PROVE_ENV_H

#include_next <core/env.h>

#undef ENV_CAP_PAGES
#define ENV_CAP_PAGES 2

#endif
