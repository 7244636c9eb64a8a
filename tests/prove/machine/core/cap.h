/* cap.h - the kernel's capabilities, with a budget for each step that a test chooses.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The budget decides only how much is done before a call says "more to do", so a correct kernel
 * is correct with every budget and all costs.
 */
#ifndef PROVE_CAP_H
#define PROVE_CAP_H

#include_next <core/cap.h>

extern int hw_budget;

#undef CAP_STEP
#undef COST_TABLE
#undef COST_LEAF
#undef COST_CAP
#undef COST_SLICES
#undef COST_NONE
#define CAP_STEP (hw_budget * 3) /* a third of it is what env_sweep takes */
#define COST_TABLE 3
#define COST_LEAF 3
#define COST_CAP 3
#define COST_SLICES 3
#define COST_NONE 0

#endif
