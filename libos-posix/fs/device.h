/* device.h - the devices of /dev.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_DEVICE_H
#define PX_DEVICE_H

#include <stdint.h>

/* Numbers as on Linux: major << 8 | minor. */
#define PX_DEV_NULL     0x0103
#define PX_DEV_ZERO     0x0105
#define PX_DEV_FULL     0x0107
#define PX_DEV_RANDOM   0x0108
#define PX_DEV_URANDOM  0x0109
#define PX_DEV_TTY      0x0500
#define PX_DEV_CONSOLE  0x0501
#define PX_DEV_PTMX     0x0502
#define PX_DEV_PTS      0x8800 /* the first of 256 */
#define PX_DEV_FDS      0xff01 /* the directory of open descriptors */
#define PX_DEV_PROC     0xff02 /* /proc */
#define PX_DEV_PROC_PID 0xff03 /* a process's directory in it */

struct px_device_name {
	const char *name;
	uint32_t mode;
	uint32_t device;
	const char *target; /* of a symbolic link */
};

/* What /dev holds; ended by one without a name. */
extern const struct px_device_name px_device_names[];

#endif
