/* error.h - the errors of error.def as constants EXO_E_name.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef EXO_ERROR_H
#define EXO_ERROR_H

enum exo_error {
#define EXO_ERROR(name, value, text) EXO_E_##name = value,
#include <exo/error.def>
#undef EXO_ERROR
};

#endif
