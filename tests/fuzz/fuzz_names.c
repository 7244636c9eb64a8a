/* fuzz_names.c - fuzz target: paths, links, names and what becomes of them, against the model of
 * tests/unit/test_names.c. SPDX-License-Identifier: BSD-2-Clause
 */
#include "fuzz_model.h"

#include <test_names.c>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	model_run(data, size, fresh, like_a_simple_tree);
	return 0;
}
