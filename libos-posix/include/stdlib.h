/* stdlib.h - newlib's, without names that programs have for themselves, with some of Linux's.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_STDLIB_H
#define _PX_STDLIB_H

#define itoa      __newlib_itoa
#define utoa      __newlib_utoa
#define qsort_r   __newlib_qsort_r
#define initstate __newlib_initstate
#define setstate  __newlib_setstate
#include_next <stdlib.h>
#undef itoa
#undef utoa
#undef qsort_r
#undef initstate
#undef setstate

#include <alloca.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#if __MISC_VISIBLE || __XSI_VISIBLE
char *initstate(unsigned int, char *, size_t);
char *setstate(char *);
char *realpath(const char *__restrict, char *__restrict);
int posix_openpt(int);
int grantpt(int);
int unlockpt(int);
char *ptsname(int);
#endif
#if __MISC_VISIBLE
char *ecvt(double, int, int *, int *);
char *fcvt(double, int, int *, int *);
char *gcvt(double, int, char *);
int clearenv(void);
int getloadavg(double *, int);
void cfree(void *);
#endif
#if __GNU_VISIBLE
int ptsname_r(int, char *, size_t);
int getpt(void);
struct random_data {
	int *fptr;
	int *rptr;
	int *state;
	int rand_type;
	int rand_deg;
	int rand_sep;
	int *end_ptr;
};

int random_r(struct random_data *__restrict, int *__restrict);
int srandom_r(unsigned int, struct random_data *);
int initstate_r(unsigned int, char *__restrict, size_t, struct random_data *__restrict);
int setstate_r(char *__restrict, struct random_data *__restrict);

typedef int (*__compar_d_fn_t)(const void *, const void *, void *);
void qsort_r(void *, size_t, size_t, __compar_d_fn_t, void *);
char *secure_getenv(const char *);
char *canonicalize_file_name(const char *);
typedef int (*comparison_fn_t)(const void *, const void *);
#endif

#ifdef __cplusplus
}
#endif

#endif
