/* test_root.c - the packed root directory: finding names, and damage.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "unit.h"

#include <errno.h>

#include <fs/root.c>

enum { TOP, BIN, ETC, TEXT, UP, LOOP, TOOL, DEEP, FAR, NODES };

/* Two levels, a file, links up, to itself, and through a directory. */
static const struct {
	const char *name, *target;
	uint32_t parent, kind, child, children;
} plan[NODES] = {
	[TOP] = {"", NULL, TOP, ROOT_MODE_DIR, BIN, 5},
	[BIN] = {"bin", NULL, TOP, ROOT_MODE_DIR, TOOL, 1},
	[ETC] = {"etc", NULL, TOP, ROOT_MODE_DIR, DEEP, 2},
	[TEXT] = {"text", NULL, TOP, ROOT_MODE_FILE, 0, 0},
	[UP] = {"up", "etc/../bin", TOP, ROOT_MODE_LINK, 0, 0},
	[LOOP] = {"zloop", "zloop", TOP, ROOT_MODE_LINK, 0, 0},
	[TOOL] = {"tool", NULL, BIN, ROOT_MODE_FILE, 0, 0},
	[DEEP] = {"deep", NULL, ETC, ROOT_MODE_DIR, 0, 0},
	[FAR] = {"far", "/up/tool", ETC, ROOT_MODE_LINK, 0, 0},
};

static struct {
	struct root_head head;
	struct root_node node[NODES];
	char names[128];
	char data[8];
} sample;

static uint64_t text(const char *s, size_t *used)
{
	uint64_t at = offsetof(__typeof__(sample), names) + *used;

	strcpy(sample.names + *used, s);
	*used += strlen(s) + 1;
	return at;
}

static int make_sample(void **state)
{
	size_t used = 0;

	(void)state;
	memset(&sample, 0, sizeof(sample));
	sample.head = (struct root_head){
		.magic = ROOT_MAGIC,
		.version = ROOT_VERSION,
		.nodes = NODES,
		.bytes = sizeof(sample),
		.names = offsetof(__typeof__(sample), names),
		.name_bytes = sizeof(sample.names),
	};
	for (uint32_t i = 0; i < NODES; i++) {
		struct root_node *n = &sample.node[i];

		n->parent = plan[i].parent;
		n->inode = i;
		n->mode = plan[i].kind | 0755;
		n->child = plan[i].child;
		n->children = plan[i].children;
		n->name = text(plan[i].name, &used);
		if (plan[i].kind == ROOT_MODE_LINK) {
			n->data = text(plan[i].target, &used);
			n->size = strlen(plan[i].target);
		} else if (plan[i].kind == ROOT_MODE_FILE) {
			n->data = offsetof(__typeof__(sample), data);
			n->size = sizeof(sample.data);
		}
	}
	return 0;
}

static int64_t find(const char *path, uint32_t from, int flags)
{
	return root_walk(&sample.head, from, path, flags);
}

static void finds_what_is_there(void **state)
{
	(void)state;
	assert_true(root_check(&sample.head, sizeof(sample)));
	assert_int_equal(find("/", ETC, 0), TOP);
	assert_int_equal(find("bin/tool", TOP, 0), TOOL);
	assert_int_equal(find("//bin//./tool", DEEP, 0), TOOL);
	assert_int_equal(find("..", DEEP, 0), ETC);
	assert_int_equal(find("../../text", DEEP, 0), TEXT);
	assert_int_equal(find("../../../..", TOP, 0), TOP);
	assert_int_equal(find("deep/", ETC, 0), DEEP);
}

static void follows_links(void **state)
{
	(void)state;
	assert_int_equal(find("up", TOP, 0), UP);
	assert_int_equal(find("up", TOP, ROOT_FOLLOW), BIN);
	assert_int_equal(find("up/", TOP, 0), BIN);
	assert_int_equal(find("up/tool", TOP, 0), TOOL);
	assert_int_equal(find("far", ETC, ROOT_FOLLOW), TOOL);
	assert_int_equal(find("up/../etc/far", TOP, ROOT_FOLLOW), TOOL);
	assert_int_equal(find("zloop", TOP, 0), LOOP);
	assert_int_equal(find("zloop", TOP, ROOT_FOLLOW), -ELOOP);
	assert_int_equal(find("zloop/x", TOP, 0), -ELOOP);
}

static void refuses_the_rest(void **state)
{
	char longer[PATH_MAX + 1];

	(void)state;
	assert_int_equal(find("", TOP, 0), -ENOENT);
	assert_int_equal(find("none", TOP, 0), -ENOENT);
	assert_int_equal(find("bi", TOP, 0), -ENOENT);
	assert_int_equal(find("binary", TOP, 0), -ENOENT);
	assert_int_equal(find("none/..", TOP, 0), -ENOENT);
	assert_int_equal(find("text/", TOP, 0), -ENOTDIR);
	assert_int_equal(find("text/x", TOP, 0), -ENOTDIR);
	assert_int_equal(find("text/..", TOP, 0), -ENOTDIR);
	memset(longer, 'x', sizeof(longer));
	longer[NAME_MAX + 1] = '\0';
	assert_int_equal(find(longer, TOP, 0), -ENAMETOOLONG);
	longer[NAME_MAX + 1] = 'x';
	longer[PATH_MAX] = '\0';
	assert_int_equal(find(longer, TOP, 0), -ENAMETOOLONG);
}

static void names_directories(void **state)
{
	char buf[16];

	(void)state;
	assert_string_equal(root_path(&sample.head, TOP, buf, sizeof(buf)), "/");
	assert_string_equal(root_path(&sample.head, DEEP, buf, sizeof(buf)), "/etc/deep");
	assert_string_equal(root_path(&sample.head, DEEP, buf, 10), "/etc/deep");
	assert_null(root_path(&sample.head, DEEP, buf, 9));
	assert_null(root_path(&sample.head, TOP, buf, 1));
}

/* Whatever is damaged is refused, or harmless to walk. */
static void survives_damage(void **state)
{
	static const char *const path[] = {"etc/far", "up/tool", "zloop", "text", "bin/none"};
	uint64_t random = 88172645463325252;

	for (int i = 0; i < 20000; i++) {
		struct root_head *h;

		make_sample(state);
		for (uint64_t n = unit_random(&random) % 4 + 1; n; n--)
			((char *)&sample)[unit_random(&random) % sizeof(sample)] =
				(char)unit_random(&random);
		h = unit_copy(&sample, sizeof(sample));
		if (root_check(h, sizeof(sample))) {
			for (size_t k = 0; k < COUNT(path); k++)
				root_walk(h, TOP, path[k], ROOT_FOLLOW);
			for (uint32_t k = 0; k < h->nodes; k++)
				root_path(h, k, (char[64]){0}, 64);
		}
		free(h);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(finds_what_is_there, make_sample),
		cmocka_unit_test_setup(follows_links, make_sample),
		cmocka_unit_test_setup(refuses_the_rest, make_sample),
		cmocka_unit_test_setup(names_directories, make_sample),
		cmocka_unit_test_setup(survives_damage, make_sample),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
