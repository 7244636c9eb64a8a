/* mini.h - all of libos-minimal.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MINI_MINI_H
#define MINI_MINI_H

#include <libexo/string.h>
#include <mini/console.h>
#include <mini/cpu.h>
#include <mini/event.h>
#include <mini/exit.h>
#include <mini/fault.h>
#include <mini/frames.h>
#include <mini/pages.h>

#endif
