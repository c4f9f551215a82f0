/* SPDX-License-Identifier: BSD-3-Clause */
/* The classifier's table page by page: every entry once and in order, whatever happens meanwhile.
 */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "classifier_fixture.h"

#include <spp/ext/draft/table.h>

#define NB_ADDRESSES 5000

static const struct spp_table_ext *
pages(void)
{
	return host.plugin->get_extension(SPP_EXT_TABLE);
}

/* Add a page to text; the place behind it is in *from then. */
static int
read_page(struct spp_reply *text, char *from, uint64_t max)
{
	char next[SPP_TABLE_PLACE_SIZE];
	int rc = pages()->write(text, from, max, next);

	if (rc == 0)
		strcpy(from, next);
	return rc;
}

/* Read pages of that size from `from` to the end, and compare them with what status says. */
static void
assert_pages(uint64_t max)
{
	char from[SPP_TABLE_PLACE_SIZE] = "0";
	struct spp_reply all = {0}, text = {0};
	size_t nb = 0;

	append(&text, "classifier_table:", "");
	while (from[0] != '\0') {
		assert_int_equal(read_page(&text, from, max), 0);
		assert_true(++nb <= 2 * NB_ADDRESSES);
	}
	host.status->process_status(&all);
	assert_string_equal(text.text, all.text);
	free(text.text);
	free(all.text);
}

static void
add_some(void)
{
	must("add mac 02:00:00:00:00:0a ring:6");
	must("add vlan 101 02:00:00:00:00:02 ring:1");
	must("add vlan 101 01:00:00:00:00:FF ring:1");
	must("add vlan 101 default ring:0");
	must("add vlan 0 default ring:3");
	must("add vlan 4094 FF:FF:FF:FF:FF:FF ring:3");
	must("add mac 00:00:00:00:00:00 ring:2");
	must("add mac default ring:1");
}

static void
add_many(void)
{
	char text[64];

	/* In an order that is not that of the addresses. */
	for (unsigned int i = 0; i < NB_ADDRESSES; i++) {
		unsigned int n = i * 2741 % NB_ADDRESSES;

		snprintf(text, sizeof(text), "add vlan 7 02:00:00:00:%02X:%02X ring:%u", n >> 8,
			 n & 255, n % 4);
		must(text);
	}
}

static void
pages_of_any_size_make_the_table(void **state)
{
	(void)state;
	assert_int_equal(pages()->count(), 0);
	assert_pages(1);
	add_some();
	assert_int_equal(pages()->count(), 8);
	for (uint64_t max = 1; max < 10; max++)
		assert_pages(max);
	add_many();
	assert_int_equal(pages()->count(), 8 + NB_ADDRESSES);
	assert_pages(1);
	assert_pages(499);
	assert_pages(4096);
	assert_pages(UINT64_MAX);
}

static void
assert_page(const char *from, uint64_t max, const char *expected, const char *next)
{
	char place[SPP_TABLE_PLACE_SIZE];
	struct spp_reply text = {0};

	append(&text, "", "");
	snprintf(place, sizeof(place), "%s", from);
	assert_int_equal(read_page(&text, place, max), 0);
	assert_string_equal(text.text, expected);
	assert_string_equal(place, next);
	free(text.text);
}

static void
a_number_leaves_entries_out(void **state)
{
	(void)state;
	add_some();
	assert_page("0", 0, "", "a/-/default");
	assert_page("0", 2, "\nmac default ring:1\nmac 00:00:00:00:00:00 ring:2", "a/0/default");
	assert_page("1", 2, "\nmac 00:00:00:00:00:00 ring:2\nvlan 0/default ring:3",
		    "a/101/default");
	assert_page("4", 1, "\nvlan 101/01:00:00:00:00:FF ring:1", "a/101/02:00:00:00:00:02");
	assert_page("6", 9, "\nvlan 4094/FF:FF:FF:FF:FF:FF ring:3\nmac 02:00:00:00:00:0A ring:6",
		    "");
	assert_page("8", 1, "", "");
	assert_page("99999999999999999999999", 1, "", "");
}

static void
a_place_need_not_have_an_entry(void **state)
{
	(void)state;
	add_some();
	assert_page("a/-/00:00:00:00:00:01", 1, "\nvlan 0/default ring:3", "a/101/default");
	assert_page("a/3/default", 1, "\nvlan 101/default ring:0", "a/101/01:00:00:00:00:FF");
	assert_page("a/101/01:00:00:00:00:fe", 1, "\nvlan 101/01:00:00:00:00:FF ring:1",
		    "a/101/02:00:00:00:00:02");
	assert_page("b/-/default", 1, "\nmac 02:00:00:00:00:0A ring:6", "");
}

static void
entries_that_stay_are_shown_once_whatever_goes(void **state)
{
	char from[SPP_TABLE_PLACE_SIZE] = "0";
	struct spp_reply text = {0};

	(void)state;
	add_some();
	assert_int_equal(read_page(&text, from, 4), 0);
	assert_string_equal(from, "a/101/01:00:00:00:00:FF");
	must("del mac default ring:1");
	must("del vlan 101 01:00:00:00:00:FF ring:1");
	must("add vlan 101 00:00:00:00:00:01 ring:1");
	assert_int_equal(read_page(&text, from, 9), 0);
	assert_string_equal(from, "");
	assert_string_equal(text.text, "\nmac default ring:1"
				       "\nmac 00:00:00:00:00:00 ring:2"
				       "\nvlan 0/default ring:3"
				       "\nvlan 101/default ring:0"
				       "\nvlan 101/02:00:00:00:00:02 ring:1"
				       "\nvlan 4094/FF:FF:FF:FF:FF:FF ring:3"
				       "\nmac 02:00:00:00:00:0A ring:6");
	free(text.text);
}

static void
what_is_no_place_is_refused(void **state)
{
	static const char *const bad[] = {"x",
					  "-1",
					  "a",
					  "a/",
					  "a/-",
					  "a/-/",
					  "a/4096/default",
					  "a/99999/default",
					  "a/x/default",
					  "a/-/52:54",
					  "a/-/52:54:00:12:34:56:78",
					  "a/-/defaults",
					  "/-/default"};
	char from[SPP_TABLE_PLACE_SIZE];

	(void)state;
	add_some();
	for (size_t i = 0; i < RTE_DIM(bad); i++) {
		snprintf(from, sizeof(from), "%s", bad[i]);
		assert_int_equal(read_page(NULL, from, 1), -EINVAL);
		assert_non_null(strstr(host.error, "Invalid value (from): '"));
		assert_non_null(strstr(host.error, "is no place"));
	}
	strcpy(from, "c/-/default");
	assert_int_equal(read_page(NULL, from, 1), -EINVAL);
	assert_string_equal(host.error, "Invalid value (from): there is no classifier 'c' any "
					"more; begin again at 0");
}

static void
a_page_without_memory_is_refused(void **state)
{
	char from[SPP_TABLE_PLACE_SIZE] = "2";
	struct spp_reply text = {0};

	(void)state;
	add_some();
	host.fails_in = 1;
	assert_int_equal(read_page(&text, from, 9), -ENOMEM);
	assert_string_equal(host.error, "no memory for a page of the table");
	free(text.text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(pages_of_any_size_make_the_table),
		TEST(a_number_leaves_entries_out),
		TEST(a_place_need_not_have_an_entry),
		TEST(entries_that_stay_are_shown_once_whatever_goes),
		TEST(what_is_no_place_is_refused),
		TEST(a_page_without_memory_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
