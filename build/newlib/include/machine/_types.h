/* machine/_types.h - the sizes of POSIX's types; they can never change once programs are built.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _MACHINE__TYPES_H
#define _MACHINE__TYPES_H

#include <machine/_default_types.h>

typedef unsigned long __dev_t;
typedef unsigned long __ino_t;
typedef unsigned int __mode_t;
typedef unsigned int __uid_t;
typedef unsigned int __gid_t;
typedef unsigned int __id_t;
typedef unsigned long __nlink_t;
typedef long _off_t;
typedef long _off64_t;
typedef long _fpos_t;
typedef long __blksize_t;
typedef long __blkcnt_t;
typedef unsigned long __fsblkcnt_t;
typedef unsigned long __fsfilcnt_t;
typedef int __key_t;
typedef long _CLOCK_T_;
typedef int _CLOCKID_T_;
typedef unsigned short __sa_family_t;
typedef unsigned int __useconds_t;
typedef unsigned long __rlim_t;
typedef int __accmode_t;
typedef int __lwpid_t;
typedef unsigned int __fixpt_t;

#define __machine_dev_t_defined
#define __machine_ino_t_defined
#define __machine_mode_t_defined
#define __machine_uid_t_defined
#define __machine_gid_t_defined
#define __machine_id_t_defined
#define __machine_nlink_t_defined
#define __machine_off_t_defined
#define __machine_off64_t_defined
#define __machine_fpos_t_defined
#define __machine_blksize_t_defined
#define __machine_blkcnt_t_defined
#define __machine_fsblkcnt_t_defined
#define __machine_fsfilcnt_t_defined
#define __machine_key_t_defined
#define __machine_clock_t_defined
#define __machine_clockid_t_defined
#define __machine_sa_family_t_defined
#define __machine_useconds_t_defined

#endif
