/* fuzz_slab.c - fuzz target: objects of the arena, against the model of tests/unit/test_slab.c.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define MODEL_MORE 2000
#include "fuzz_model.h"

#include <test_slab.c>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	model_run(data, size, fresh, objects);
	return 0;
}
