/* crypt.h - passwords made unreadable.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_CRYPT_H
#define _PX_CRYPT_H

#ifdef __cplusplus
extern "C" {
#endif

struct crypt_data {
	int initialized;
	char __buf[256];
};

char *crypt(const char *, const char *);
char *crypt_r(const char *, const char *, struct crypt_data *);
void encrypt(char[64], int);
void setkey(const char *);

#ifdef __cplusplus
}
#endif

#endif
