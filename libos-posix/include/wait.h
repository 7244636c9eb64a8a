/* wait.h - another name of <sys/wait.h>.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_WAIT_H
#define _PX_WAIT_H

#include <sys/wait.h>

#endif
