/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The classifier's table page by page.
 *
 * The hash tables have no order, so a page takes one walk over the table of a class, and keeps the
 * smallest addresses that it meets behind its place.  Nothing is remembered between pages.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_common.h>

#include <spp/component.h>

#include "instance.h"
#include "mac_table.h"
#include "table_pages.h"
#include "table_status.h"

/* A place in the order of the table: an entry, or where an entry would be. */
struct place {
	const struct classifier *c;
	unsigned int rank; /* of the class: 0 the untagged class, then VID + 1 */
	uint64_t order;    /* in the class: 0 the default, then the number of the address + 1 */
};

struct page {
	struct spp_reply *reply;
	uint64_t skip; /* entries to leave out */
	uint64_t left; /* entries to write */
	char *next;    /* as of struct spp_table_ext */
};

static uint16_t
class_of(unsigned int rank)
{
	return rank == 0 ? UNTAGGED : rank - 1;
}

/* Places as text */

static void
format_place(const struct classifier *c, uint16_t vc, uint64_t key, char *out)
{
	char value[TABLE_VALUE_SIZE];

	snprintf(out, SPP_TABLE_PLACE_SIZE, "%s/%s%s", spp_host->component_name(c->self),
		 vc == UNTAGGED ? "-/" : "", table_format_value(vc, key, value));
}

static const struct classifier *
find_classifier(const char *name)
{
	const struct classifier *c = instance_first();

	while (c != NULL && strcmp(spp_host->component_name(c->self), name) != 0)
		c = c->next;
	return c;
}

static bool
parse_rank(const char *text, unsigned int *rank)
{
	*rank = 0;
	if (strcmp(text, "-") == 0)
		return true;
	if (text[strspn(text, "0123456789")] != '\0')
		return false;
	*rank = atoi(text) + 1;
	return *rank < NB_CLASSES;
}

static bool
parse_order(const char *text, uint64_t *order)
{
	uint8_t mac[6];
	int len = 0;

	*order = 0;
	if (strcmp(text, "default") == 0)
		return true;
	if (sscanf(text,
		   "%2" SCNx8 ":%2" SCNx8 ":%2" SCNx8 ":%2" SCNx8 ":%2" SCNx8 ":%2" SCNx8 "%n",
		   &mac[0], &mac[1], &mac[2], &mac[3], &mac[4], &mac[5], &len) != 6 ||
	    text[len] != '\0')
		return false;
	for (unsigned int i = 0; i < sizeof(mac); i++)
		*order = *order << 8 | mac[i];
	++*order;
	return true;
}

static int
parse_place(const char *text, struct place *place)
{
	char name[32], class[8], key[20];

	if (sscanf(text, "%31[^/]/%7[^/]/%19s", name, class, key) != 3 ||
	    !parse_rank(class, &place->rank) || !parse_order(key, &place->order))
		return spp_host->fail_arg(
			spp_host, "from",
			"'%.63s' is no place; take a number of entries, or `next` "
			"of a page",
			text);
	place->c = find_classifier(name);
	if (place->c == NULL)
		return spp_host->fail_arg(spp_host, "from",
					  "there is no classifier '%s' any more; begin again at 0",
					  name);
	return 0;
}

/* Digits say how many entries to leave out. */
static int
parse_from(const char *from, struct place *place, uint64_t *skip)
{
	*place = (struct place){.c = instance_first()};
	*skip = 0;
	if (from[strspn(from, "0123456789")] != '\0')
		return parse_place(from, place);
	*skip = strtoull(from, NULL, 10);
	return 0;
}

/* The smallest addresses.  A word is the number of an address above, the value of its entry in the
 * lower 16 bits. */

static void
sift_down(uint64_t *heap, uint64_t nb, uint64_t i)
{
	uint64_t word = heap[i], child;

	while ((child = 2 * i + 1) < nb) {
		if (child + 1 < nb && heap[child + 1] > heap[child])
			child++;
		if (heap[child] <= word)
			break;
		heap[i] = heap[child];
		i = child;
	}
	heap[i] = word;
}

static void
make_heap(uint64_t *words, uint64_t nb)
{
	for (uint64_t i = nb / 2; i-- > 0;)
		sift_down(words, nb, i);
}

/* Take the max smallest words of addresses from `first` on, in any order.  Returns how many there
 * are. */
static uint64_t
select_words(const struct mac_table *table, uint64_t first, uint64_t *words, uint64_t max)
{
	uint64_t pos = 0, nb = 0, key, word;
	uint16_t value;

	while (mac_table_next(table, &pos, &key, &value)) {
		word = table_swap_key(key) << 16 | value;
		if (word >> 16 < first)
			continue;
		if (nb < max) {
			words[nb++] = word;
			if (nb == max)
				make_heap(words, nb);
		} else if (word < words[0]) {
			words[0] = word;
			sift_down(words, nb, 0);
		}
	}
	return nb;
}

/* Pages */

/* The next entry in order.  False when the page is full: the entry begins the next page. */
static bool
take_entry(struct page *page, const struct classifier *c, uint16_t vc, uint64_t key, uint16_t value)
{
	if (page->skip > 0) {
		page->skip--;
		return true;
	}
	if (page->left == 0) {
		format_place(c, vc, key, page->next);
		return false;
	}
	page->left--;
	table_write_entry(page->reply, c, vc, key, value);
	return true;
}

static bool
take_words(struct page *page, const struct classifier *c, uint16_t vc, uint64_t *words, uint64_t nb)
{
	table_sort_words(words, nb);
	for (uint64_t i = 0; i < nb; i++)
		if (!take_entry(page, c, vc, table_swap_key(words[i] >> 16), (uint16_t)words[i]))
			return false;
	return true;
}

/* All functions below return 0, 1 when the page is full, or -errno with fail(). */

/* The page may need one word more than it writes: the first of the next page. */
static int
take_addresses(struct page *page, const struct classifier *c, uint16_t vc, uint64_t first)
{
	const struct mac_table *table = c->class[vc].table;
	uint64_t max, *words;
	bool goes_on;

	if (table == NULL || table->nb_entries == 0)
		return 0;
	if (first == 0 && page->skip >= table->nb_entries) {
		page->skip -= table->nb_entries;
		return 0;
	}
	max = RTE_MIN(page->skip, table->nb_entries) + RTE_MIN(page->left, table->nb_entries) + 1;
	words = spp_host->zalloc(spp_host, max * sizeof(*words), SPP_NUMA_ANY);
	if (words == NULL)
		return spp_host->fail(spp_host, -ENOMEM, "no memory for a page of the table");
	goes_on = take_words(page, c, vc, words, select_words(table, first, words, max));
	spp_host->free(spp_host, words);
	return goes_on ? 0 : 1;
}

static int
take_class(struct page *page, const struct classifier *c, uint16_t vc, uint64_t order)
{
	uint16_t value = c->class[vc].default_value;

	if (order == 0 && value != 0 && !take_entry(page, c, vc, DEFAULT_KEY, value))
		return 1;
	return take_addresses(page, c, vc, order == 0 ? 0 : order - 1);
}

static int
take_classes(struct page *page, const struct classifier *c, unsigned int rank, uint64_t order)
{
	int rc = 0;

	for (; rc == 0 && rank < NB_CLASSES; rank++, order = 0)
		rc = take_class(page, c, class_of(rank), order);
	return rc;
}

int
table_pages_write(struct spp_reply *reply, const char *from, uint64_t max,
		  char next[SPP_TABLE_PLACE_SIZE])
{
	struct page page = {.reply = reply, .left = max, .next = next};
	struct place place;
	int rc = parse_from(from, &place, &page.skip);

	next[0] = '\0';
	while (rc == 0 && place.c != NULL) {
		rc = take_classes(&page, place.c, place.rank, place.order);
		place = (struct place){.c = place.c->next};
	}
	return RTE_MIN(rc, 0);
}

uint64_t
table_pages_count(void)
{
	uint64_t nb = 0;

	for (const struct classifier *c = instance_first(); c != NULL; c = c->next)
		nb += c->nb_entries;
	return nb;
}
