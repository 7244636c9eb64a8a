/* sys/config.h - how newlib is configured for this system.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _EXO_SYS_CONFIG_H
#define _EXO_SYS_CONFIG_H

/* Each thread's state is found through TLS by __getreent(); streams and exit
 * handlers belong to the process, not to a thread. */
#define __DYNAMIC_REENT__
#define _REENT_GLOBAL_STDIO_STREAMS
#define _REENT_GLOBAL_ATEXIT

#define _READ_WRITE_RETURN_TYPE  _ssize_t
#define _READ_WRITE_BUFSIZE_TYPE size_t

#define MALLOC_ALIGNMENT 16
#define __FILENAME_MAX__ 4096
#define __BUFSIZ__       8192

/* struct tm has the two fields that programs for Linux expect. */
#define __TM_GMTOFF tm_gmtoff
#define __TM_ZONE   tm_zone

/* printf knows %m. */
#ifdef _COMPILING_NEWLIB
#define _GLIBC_EXTENSION
#endif

#include_next <sys/config.h>

#endif
