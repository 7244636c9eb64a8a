/* test_description.c - descriptions of several images: what they say, what is wrong with them.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "unit.h"

#include <shares.h>

const char *tool = "tool";

static struct shares s;
static char *said; /* complaints */

static struct report begin(const char *path)
{
	size_t bytes;

	free(said);
	said = NULL;
	return (struct report){.to = open_memstream(&said, &bytes), .path = path};
}

static bool reads(const char *text)
{
	struct report r = begin("x.conf");
	size_t n = strlen(text);
	static char *copy;
	bool good;

	free(copy); /* what was read before points into it */
	copy = unit_copy(text, n + 1);
	good = description_read(&s, copy, n, &r);
	fclose(r.to);
	assert_int_equal(good, r.errors == 0);
	return good;
}

/* Settle with the same facts for all. */
static bool settles(const struct share_facts *f)
{
	static struct share_facts all[SHARES_MAX];
	struct report r = begin("x.conf");
	bool good;

	for (size_t i = 0; i < SHARES_MAX; i++)
		all[i] = *f;
	good = shares_settle(&s, all, &r);
	fclose(r.to);
	return good;
}

static const struct share_facts small = {.need = 500 << 10};

#define WRONG(complaint, text)                                                                     \
	do {                                                                                       \
		assert_false(reads(text));                                                         \
		assert_string_equal(said, "tool: x.conf:" complaint "\n");                         \
	} while (0)

#define UNSETTLED(complaint, text)                                                                 \
	do {                                                                                       \
		assert_true(reads(text));                                                          \
		assert_false(settles(&small));                                                     \
		assert_string_equal(said, "tool: x.conf:" complaint "\n");                         \
	} while (0)

static void every_key(void **state)
{
	const struct share *a = &s.share[0], *b = &s.share[1];

	(void)state;
	assert_true(reads("# a comment\n"
			  "  mem = 1G\r\n"
			  "cpus = 4\n\n"
			  "[web.1]\n"
			  "image = some where/web.iso\n"
			  "memory=32M\n"
			  "guaranteed = 520193\n"
			  "cpus = 0, 2-3\n"
			  "slice = 500 us\n"
			  "restart = on-failure\n"
			  "restarts = 7\n"
			  "sees = all\n"
			  "input = yes\n"
			  "loads = yes\n"
			  "arg = a=b # no comment\n"
			  "arg = \"  \"\n"
			  "arg =\n"
			  "arg = \"\"\n"
			  "env = X=Y=Z\n"
			  "[ b ]\n"
			  "image = \"b\"\n"
			  "claim = yes\n"
			  "cpus = 1\n"
			  "start = no"));
	assert_int_equal(s.count, 2);
	assert_int_equal(s.memory, 1 << 30);
	assert_int_equal(s.cpus, 4);
	assert_string_equal(a->name, "web.1");
	assert_string_equal(a->file, "some where/web.iso");
	assert_int_equal(a->memory, 32 << 20);
	assert_int_equal(a->guaranteed, 524288);
	assert_int_equal(a->cpus, 0xd);
	assert_int_equal(a->slice, 500000);
	assert_int_equal(a->restart, RESTART_ON_FAILURE);
	assert_int_equal(a->restarts, 7);
	assert_true(a->sees_all && a->input && a->loads && a->start && !a->claim);
	assert_int_equal(a->settings_bytes, sizeof("arg=a=b # no comment\0arg=  \0arg=\0arg=\0"
						   "env=X=Y=Z"));
	assert_memory_equal(a->settings, "arg=a=b # no comment\0arg=  \0arg=\0arg=\0env=X=Y=Z",
			    a->settings_bytes);
	assert_string_equal(b->name, "b");
	assert_string_equal(b->file, "b");
	assert_true(b->claim && !b->start && !b->input && !b->sees_all);
	assert_true(settles(&small));
}

static void lines_that_are_wrong(void **state)
{
	(void)state;
	WRONG("2: no such key: mempry; there are image memory guaranteed cpus claim slice restart "
	      "restarts sees start input loads arg env",
	      "[a]\nmempry = 1M\nimage = a");
	WRONG("1: no such key: memory; there are mem and cpus; more behind the first [NAME]",
	      "memory = 1M\n[a]\nimage = a");
	WRONG("3: memory = lots: no size like 64M (4096G at most)",
	      "[a]\nimage = a\nmemory = lots");
	WRONG("3: memory = 4M # some: no size like 64M (4096G at most) (a comment has a line of "
	      "its "
	      "own)",
	      "[a]\nimage = a\nmemory = 4M # some");
	WRONG("3: memory = 2M: said twice", "[a]\nmemory = 1M\nmemory = 2M\nimage = a");
	WRONG("3: image = b: said twice", "[a]\nimage = a\nimage = b");
	WRONG("2: image = : no file", "[a]\nimage =");
	WRONG("2: neither [NAME] nor KEY = VALUE: image a", "[a]\nimage a\nimage = a");
	WRONG("1: [a] has no line image = FILE", "[a]\nmemory = 1M");
	WRONG("3: the name \"a\" is taken, in line 1", "[a]\nimage = a\n[a]\nimage = b");
	WRONG("1: a section begins with [NAME], and nothing behind it", "[a] x\nimage = a");
	WRONG("1: a section begins with [NAME], and nothing behind it", "[a\nimage = a");
	WRONG("2: slice = 5: not within 10us and 1s", "[a]\nslice = 5\nimage = a");
	WRONG("2: slice = 2s: not within 10us and 1s", "[a]\nslice = 2s\nimage = a");
	WRONG("2: slice = 1 h: no time like 10ms", "[a]\nslice = 1 h\nimage = a");
	WRONG("2: start = maybe: neither yes nor no", "[a]\nstart = maybe\nimage = a");
	WRONG("2: sees = us: neither own nor all", "[a]\nsees = us\nimage = a");
	WRONG("2: restart = often: none of never, on-failure, always",
	      "[a]\nrestart = often\nimage = a");
	WRONG("2: restarts = -1: no number, or one that is too large",
	      "[a]\nrestarts = -1\nimage = a");
	WRONG("2: env = =x: not NAME=VALUE", "[a]\nenv = =x\nimage = a");
	WRONG("1: mem = 1M: too little: a machine has 2M at least", "mem = 1M\n[a]\nimage = a");
	WRONG("1: cpus = 65: no number of CPUs, 1 to 64", "cpus = 65\n[a]\nimage = a");
	WRONG("1: cpus = 0-1: no number of CPUs, 1 to 64", "cpus = 0-1\n[a]\nimage = a");
	WRONG(" it describes no image: there is no [NAME] in it", "# nothing\n");
	WRONG(" it describes no image: there is no [NAME] in it", "");
}

static void names(void **state)
{
	static const char *const bad[] = {"",    "1",        "-a",
					  "a b", "a/b",      "steward",
					  "a|b", "\303\244", "a2345678901234567890123456789012"};

	(void)state;
	assert_true(share_name_ok("a234567890123456789012345678901"));
	assert_true(share_name_ok("Web_2.x-"));
	for (size_t i = 0; i < COUNT(bad); i++) {
		char text[100];

		assert_false(share_name_ok(bad[i]));
		snprintf(text, sizeof(text), "[%s]\nimage = a", bad[i]);
		assert_false(reads(text));
		assert_non_null(strstr(said, "is no name for an image"));
	}
}

/* All of a description is complained of at once. */
static void many_mistakes(void **state)
{
	(void)state;
	assert_false(reads("mem = x\n[1]\nimage = a\nmemory = y\n[b]\n"));
	assert_non_null(strstr(said, "x.conf:1: mem = x"));
	assert_non_null(strstr(said, "x.conf:2: \"1\" is no name"));
	assert_non_null(strstr(said, "x.conf:4: memory = y"));
	assert_non_null(strstr(said, "x.conf:5: [b] has no line"));
}

static void too_many(void **state)
{
	char text[SHARES_MAX * 24 + 100], *p = text;

	(void)state;
	for (int i = 0; i < SHARES_MAX; i++)
		p += sprintf(p, "[a%d]\nimage = a\n", i);
	assert_true(reads(text));
	assert_int_equal(s.count, SHARES_MAX);
	assert_true(settles(&small));
	sprintf(p, "[more]\nimage = a\nnonsense\n");
	WRONG("129: more than 64 images", text);
}

static void settings_fit(void **state)
{
	char text[SHARE_SETTINGS_MAX + 100];
	int n = SHARE_SETTINGS_MAX - sizeof("arg=");

	(void)state;
	snprintf(text, sizeof(text), "[a]\nimage = a\narg = %*s\n", n, "x");
	memset(text + 20, 'x', n);
	assert_true(reads(text));
	assert_int_equal(s.share[0].settings_bytes, SHARE_SETTINGS_MAX);
	strcat(text, "arg =\n");
	WRONG("4: arg = : too much: arguments and environment of an image have 2400 bytes", text);
}

static void sizes_and_lists(void **state)
{
	static const char *const no_size[] = {"",
					      "M",
					      "-1",
					      "1 M",
					      "1MB",
					      "0x10",
					      "4097G",
					      "99999999999999999999",
					      "4398046511105"};
	static const char *const no_list[] = {"",    ",",     "0,", "3-1", "64", "0-64",
					      "1,1", "0-3,2", "a",  "1-",  "-1"};
	uint64_t n;
	char text[256];

	(void)state;
	for (size_t i = 0; i < COUNT(no_size); i++)
		assert_non_null(size_read(&n, no_size[i]));
	for (size_t i = 0; i < COUNT(no_list); i++)
		assert_non_null(cpus_read(&n, no_list[i]));
	assert_null(size_read(&n, "4096G"));
	assert_int_equal(n, 1ull << 42);
	assert_null(size_read(&n, "1"));
	assert_int_equal(n, 4096);
	assert_null(cpus_read(&n, "0-63"));
	assert_int_equal(n, UINT64_MAX);
	cpus_text(text, sizeof(text), n);
	assert_string_equal(text, "0-63");
	for (uint64_t seed = 3, mask, back, round = 0; round < 1000; round++) {
		mask = unit_random(&seed) | 1;
		cpus_text(text, sizeof(text), mask);
		assert_null(cpus_read(&back, text));
		assert_int_equal(back, mask);
	}
}

static void defaults(void **state)
{
	struct share_facts f = {.need = 5000 << 10, .posix = true};

	(void)state;
	assert_true(reads("[a]\nimage = a\n[b]\nimage = b"));
	assert_true(settles(&small));
	assert_int_equal(s.cpus, 1);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(s.share[i].memory, 2 << 20);
		assert_int_equal(s.share[i].guaranteed, 2 << 20);
		assert_int_equal(s.share[i].cpus, 1);
		assert_int_equal(s.share[i].slice, 10000000);
		assert_int_equal(s.share[i].input, i == 0);
		assert_true(s.share[i].start && !s.share[i].sees_all);
		assert_int_equal(s.share[i].restart, RESTART_NEVER);
	}
	assert_true(reads("[a]\nimage = a\nmemory = 16M\n[b]\nimage = b"));
	assert_true(settles(&f)); /* room for a heap */
	assert_int_equal(s.share[0].guaranteed, 16 << 20);
	assert_int_equal(s.share[1].memory, 32 << 20);
	assert_int_equal(shares_all(&s), 48 << 20);
	f = (struct share_facts){.need = 1 << 20, .memory = 5 << 20, .cpus = 3};
	assert_true(reads("[a]\nimage = a\n[b]\nimage = b\nclaim = yes\ncpus = 1\nstart = no"));
	assert_true(settles(&f)); /* as it was built to ask for, around what is claimed */
	assert_int_equal(s.share[0].memory, 5 << 20);
	assert_int_equal(s.share[0].cpus, 0xd);
	assert_int_equal(s.cpus, 4);
	assert_int_equal(shares_started(&s), 5 << 20);
	assert_true(reads("cpus = 2\n[a]\nimage = a"));
	assert_true(settles(&f)); /* no more than there are */
	assert_int_equal(s.share[0].cpus, 3);
	assert_int_equal(s.cpus, 2);
}

static void who_gets_the_input(void **state)
{
	(void)state;
	assert_true(reads("[a]\nimage = a\nstart = no\n[b]\nimage = b\ninput = no\n"
			  "[c]\nimage = c"));
	assert_true(settles(&small));
	assert_true(!s.share[0].input && !s.share[1].input && s.share[2].input);
	assert_true(reads("[a]\nimage = a\n[b]\nimage = b\ninput = yes\n"));
	assert_true(settles(&small));
	assert_true(!s.share[0].input && s.share[1].input);
	assert_true(reads("[a]\nimage = a\ninput = no"));
	assert_true(settles(&small));
	assert_false(s.share[0].input);
	UNSETTLED("6: b: input = yes, but a has it (line 3): only one can",
		  "[a]\nimage = a\ninput = yes\n[b]\nimage = b\ninput = yes");
	UNSETTLED("3: b: input = yes, but start = no: nobody would read it",
		  "[b]\nimage = b\ninput = yes\nstart = no\n[a]\nimage = a");
}

static void what_cannot_be_together(void **state)
{
	(void)state;
	UNSETTLED("3: a: memory = 100K is too little, it needs 500K",
		  "[a]\nimage = a\nmemory = 100K");
	UNSETTLED("4: a: guaranteed = 100K is too little, it needs 500K",
		  "[a]\nimage = a\nmemory = 1M\nguaranteed = 100K");
	UNSETTLED("4: a: guaranteed = 2048K is more than all its memory, 1024K",
		  "[a]\nimage = a\nmemory = 1M\nguaranteed = 2M");
	UNSETTLED("4: a: there is no CPU 3: the machine has 2",
		  "cpus = 2\n[a]\nimage = a\ncpus = 0,3");
	UNSETTLED("5: b: CPU 1 is claimed by a for itself",
		  "[b]\nimage = b\n# which\n#\ncpus = 0-1\n[a]\nimage = a\ncpus = 1\nclaim = yes");
	UNSETTLED("7: b: CPU 1 is claimed by a for itself",
		  "[a]\nimage = a\ncpus = 1\nclaim = yes\n[b]\nimage = b\ncpus=1\nclaim = yes");
	UNSETTLED("3: a: CPU 0 cannot be claimed: the steward runs there",
		  "[a]\nimage = a\ncpus = 0\nclaim = yes");
	UNSETTLED("3: a: claim = yes wants a line cpus = LIST", "[a]\nimage = a\nclaim = yes");
	UNSETTLED("3: a: restarts = 3 without restart = on-failure or always",
		  "[a]\nimage = a\nrestarts = 3");
	UNSETTLED(" every image has start = no: there would be nothing to run",
		  "[a]\nimage = a\nstart = no");
}

static void names_from_files(void **state)
{
	static const struct {
		const char *file, *own, *name;
	} want[] = {
		{"dir/web.iso", NULL, "web"},
		{"web", NULL, "web-2"},
		{"other/web.qcow2", NULL, "web-3"},
		{"2048.elf", NULL, "image-2048"},
		{"steward.img", NULL, "steward-2"},
		{"a b\t|c.tar", NULL, "a-b--c.tar"},
		{".iso", NULL, "image-.iso"},
		{"x", "web", "web-4"},
		{"x", "db.iso", "db.iso"},
		{"abcdefghijklmnopqrstuvwxyz0123456789", NULL, "abcdefghijklmnopqrstuvwxyz01234"},
		{"abcdefghijklmnopqrstuvwxyz0123456790", NULL, "abcdefghijklmnopqrstuvwxyz012-2"},
	};

	(void)state;
	memset(&s, 0, sizeof(s));
	for (size_t i = 0; i < COUNT(want); i++) {
		share_make_name(&s, &s.share[s.count], want[i].file, want[i].own);
		assert_string_equal(s.share[s.count].name, want[i].name);
		s.count++;
	}
}

static bool lists(const char *list, size_t bytes)
{
	struct report r = begin(NULL);
	static char *copy;
	bool good;

	free(copy);
	copy = unit_copy(list, bytes);
	good = list_read(&s, copy, bytes, &r);
	fclose(r.to);
	return good;
}

/* What is written for the steward is read as it was. */
static void round_trip(void **state)
{
	static struct shares before;
	char *list = NULL;
	size_t bytes;
	FILE *f = open_memstream(&list, &bytes);

	(void)state;
	assert_true(
		reads("[a]\nimage = a\nmemory = 1M\nguaranteed = 600K\ncpus = 0,4\nslice = 20us\n"
		      "restart = always\nrestarts = 9\nsees = all\ninput = no\nloads = yes\n"
		      "env = B=\narg = x y\n"
		      "[b]\nimage = b\ncpus = 1-2\nclaim = yes\nstart = no"));
	assert_true(settles(&small));
	s.share[0].archive = "one";
	s.share[1].archive = "two";
	before = s;
	for (unsigned int i = 0; i < s.count; i++)
		share_write(f, &s.share[i]);
	fclose(f);
	assert_true(lists(list, bytes));
	assert_int_equal(s.count, 2);
	for (unsigned int i = 0; i < s.count; i++) {
		const struct share *a = &before.share[i], *b = &s.share[i];

		assert_string_equal(a->name, b->name);
		assert_string_equal(b->archive, i ? "two" : "one");
		assert_int_equal(a->memory, b->memory);
		assert_int_equal(a->guaranteed, b->guaranteed);
		assert_int_equal(a->cpus, b->cpus);
		assert_int_equal(a->slice, b->slice);
		assert_int_equal(a->restart, b->restart);
		assert_int_equal(a->restarts, b->restarts);
		assert_true(a->claim == b->claim && a->sees_all == b->sees_all &&
			    a->start == b->start && a->input == b->input && a->loads == b->loads);
		assert_int_equal(a->settings_bytes, b->settings_bytes);
		assert_memory_equal(a->settings, b->settings, a->settings_bytes);
	}
	free(list);
}

/* A literal ends the list's last string with its own zero byte. */
#define LISTS(list) lists(list, sizeof(list))

static void lists_that_make_no_sense(void **state)
{
	(void)state;
	assert_true(LISTS("image=a\0archive=b"));
	assert_false(LISTS("archive=a"));
	assert_false(LISTS("image=a"));
	assert_false(LISTS("image=a\0archive=b\0image=a\0archive=c"));
	assert_false(LISTS("image=\0archive=b"));
	assert_false(LISTS("image=a\0archive=b\0memory=x"));
	assert_false(LISTS("image=a\0archive=b\0unheard-of=1"));
	assert_false(LISTS("image=a\0archive=b\0nothing"));
	assert_false(LISTS("image=a\0archive=b\0\0"));
	assert_false(lists("", 0));
}

/* Whatever the bytes are, nothing but words comes of them. */
static void any_bytes(void **state)
{
	static const char *const word[] = {
		"[a]\n",    "[b]",    "image = x", "\n",  "=",     "memory=", "1M",
		"cpus = ",  "0-9",    "[",         "]",   "arg =", "\"",      "#",
		"restart=", "always", "slice = ",  "5ms", "\xff",  " "};
	uint64_t seed = 11;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		char text[200] = "";

		for (uint64_t n = unit_random(&seed) % 16; n; n--)
			strcat(text, word[unit_random(&seed) % COUNT(word)]);
		if (reads(text))
			settles(&small);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key),
		cmocka_unit_test(lines_that_are_wrong),
		cmocka_unit_test(names),
		cmocka_unit_test(many_mistakes),
		cmocka_unit_test(too_many),
		cmocka_unit_test(settings_fit),
		cmocka_unit_test(sizes_and_lists),
		cmocka_unit_test(defaults),
		cmocka_unit_test(who_gets_the_input),
		cmocka_unit_test(what_cannot_be_together),
		cmocka_unit_test(names_from_files),
		cmocka_unit_test(round_trip),
		cmocka_unit_test(lists_that_make_no_sense),
		cmocka_unit_test(any_bytes),
	};
	int failed = cmocka_run_group_tests_name("description", tests, NULL, NULL);

	free(said);
	return failed;
}
