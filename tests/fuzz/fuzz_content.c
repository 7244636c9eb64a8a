/* fuzz_content.c - fuzz target: the bytes of files, against the model of tests/unit/test_content.c.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define MODEL_MORE 300
#include "fuzz_model.h"

#define LIMIT 500000

#include <test_content.c>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	model_run(data, size, fresh, like_an_array);
	return 0;
}
