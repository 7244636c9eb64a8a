# subdir.mk - the parts of the C library that are ours, beside newlib's and musl's.
# SPDX-License-Identifier: BSD-2-Clause

PX_LIBC  := $(addprefix $(PX)/time/,gmtime.c mktime.c strftime.c strptime.c zone.c) $(addprefix $(PX)/libc/,abort.c assert.c command.c dirname.c environment.c err.c error.c \
            arithmetic.c fgets_chk.c flockfile.c fts.c ftw.c getline.c getopt.c getsubopt.c gettext.c groups.c iconv.c identity.c imax.c limit.c locks.c maths.c mntent.c names.c random.c \
            regerror.c resource.c setjmp.S sort.c strerror.c string.c sysconf.c \
            scanf.c setid.c sysinfo.c syslog.c temporary.c wide.c uchar.c uname.c users.c utmpx.c wordexp.c)

# What has doubles among its arguments is compiled with the registers for them.
PX_LIBC_DOUBLE := err error getopt maths
