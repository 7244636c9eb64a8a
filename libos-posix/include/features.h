/* features.h - the feature test macros under the name programs include.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_FEATURES_H
#define _PX_FEATURES_H

#include <sys/features.h>

#endif
