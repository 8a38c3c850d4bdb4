/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Map files: the lines that say which subject may be which accounts.
 *
 * A login looks for the one line of its subject in the text.  The report of who
 * can reach an account, and the search for faults, read all lines.
 */
#include <stdlib.h>

#include "core/policy/account.h"
#include "core/policy/conf.h"

/* Sorted by subject, then issuer. */
struct account_map {
	struct account_map_line *lines;
	size_t count;
};

/* One map file being read. */
struct map_reader {
	struct arena *arena;
	struct diag *diag;
	struct diag_place place;
	struct account_map *map;
	enum jwt_reason reason;
};

static void
map_fail(struct map_reader *in, const char *what)
{
	in->reason = JWT_CONFIG_INVALID;
	diag_add(in->diag, in->place, in->reason, "%s", what);
}

/* Take the subject; *fault is NULL, or says what is wrong with it. */
static enum jwt_reason
take_subject(struct arena *arena, struct bytes *rest, struct bytes *out,
    const char **fault)
{
	char *copy = arena_alloc(arena, rest->len + 1);

	if (copy == NULL)
		return JWT_OUT_OF_MEMORY;
	*fault = conf_quoted_word(rest, copy, out);
	return JWT_OK;
}

static bool
accounts_are_valid(struct bytes accounts)
{
	if (accounts.len == 0 || accounts.ptr[accounts.len - 1] == ',')
		return false;
	while (accounts.len > 0) {
		if (!account_name_is_exact(bytes_cut(&accounts, ',')))
			return false;
	}
	return true;
}

/* Take the accounts; NULL, or what is wrong with the line. */
static const char *
take_accounts(struct bytes rest, struct account_map_line *line)
{
	line->accounts = conf_word(&rest);
	if (line->sub.len == 0 || !accounts_are_valid(line->accounts) ||
	    bytes_trim(rest).len != 0)
		return "not: issuer subject account[,account...]";
	return NULL;
}

static void
add_map_line(struct map_reader *in, struct bytes text)
{
	struct account_map *map = in->map;
	struct account_map_line line = { .line = in->place.line };
	struct account_map_line *more;
	const char *fault;

	line.issuer = conf_word(&text);
	if (take_subject(in->arena, &text, &line.sub, &fault) != JWT_OK) {
		in->reason = JWT_OUT_OF_MEMORY;
		return;
	}
	if (fault == NULL)
		fault = take_accounts(text, &line);
	if (fault != NULL) {
		map_fail(in, fault);
		return;
	}
	more = arena_grow(in->arena, map->lines, map->count, sizeof(*more));
	if (more == NULL) {
		in->reason = JWT_OUT_OF_MEMORY;
		return;
	}
	map->lines = more;
	map->lines[map->count++] = line;
}

static int
compare_bytes(struct bytes a, struct bytes b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int order = 0;

	if (len > 0)
		order = memcmp(a.ptr, b.ptr, len);
	if (order != 0 || a.len == b.len)
		return order;
	return a.len < b.len ? -1 : 1;
}

static int
compare_lines(const void *va, const void *vb)
{
	const struct account_map_line *a = va, *b = vb;
	int order = compare_bytes(a->sub, b->sub);

	if (order != 0)
		return order;
	return compare_bytes(a->issuer, b->issuer);
}

static const char second_line[] = "a second line for this issuer and subject: "
    "put the accounts on one line";

/* Sort the lines for the look-up; refuse two lines for one subject. */
static void
finish_map(struct map_reader *in)
{
	struct account_map *map = in->map;
	size_t i;

	if (map->count > 1)
		qsort(map->lines, map->count, sizeof(*map->lines),
		    compare_lines);
	for (i = 1; i < map->count; i++) {
		const struct account_map_line *a = &map->lines[i - 1];
		const struct account_map_line *b = &map->lines[i];

		if (compare_lines(a, b) == 0) {
			in->place.line = a->line > b->line ? a->line : b->line;
			map_fail(in, second_line);
		}
	}
}

enum jwt_reason
account_map_parse(struct bytes text, const char *file, struct arena *arena,
    struct diag *diag, const struct account_map **out)
{
	struct map_reader in = {
		.arena = arena, .diag = diag, .place = { .file = file }
	};
	struct bytes rest;

	*out = NULL;
	in.map = arena_alloc(arena, sizeof(*in.map));
	rest = bytes_of(arena_copy(arena, text), text.len);
	if (in.map == NULL || rest.ptr == NULL)
		return JWT_OUT_OF_MEMORY;
	while (rest.len > 0 && in.reason != JWT_OUT_OF_MEMORY) {
		struct bytes line = bytes_trim(bytes_cut(&rest, '\n'));

		in.place.line++;
		if (line.len > 0 && line.ptr[0] != '#')
			add_map_line(&in, line);
	}
	if (in.reason == JWT_OK)
		finish_map(&in);
	if (in.reason == JWT_OK)
		*out = in.map;
	return in.reason;
}

/* Whether the list, with commas between its words, has the account. */
static bool
list_has(struct bytes accounts, const char *account)
{
	while (accounts.len > 0) {
		if (bytes_eq_str(bytes_cut(&accounts, ','), account))
			return true;
	}
	return false;
}

bool
account_map_next(const struct account_map *map, const char *account,
    size_t *at, struct account_map_line *out)
{
	while (*at < map->count) {
		*out = map->lines[(*at)++];
		if (list_has(out->accounts, account))
			return true;
	}
	return false;
}

enum jwt_reason
account_map_look_up(const struct account_map *map,
    const struct account_query *query, struct bytes *out)
{
	struct account_map_line key = {
		.issuer = bytes_str(query->issuer), .sub = query->sub
	};
	const struct account_map_line *line = NULL;

	if (map->count > 0)
		line = bsearch(&key, map->lines, map->count, sizeof(key),
		    compare_lines);
	if (line == NULL)
		return JWT_NOT_PERMITTED;
	*out = line->accounts;
	return JWT_OK;
}

/*
 * The text that each line about a subject contains, quoted or not: the subject
 * itself or, if the subject has a quote or a backslash, a backslash.
 */
static struct bytes
sign_of(struct bytes sub)
{
	if (bytes_has(sub, '"') || bytes_has(sub, '\\'))
		return bytes_str("\\");
	return sub;
}

/* Find the next line with the sign in it.  *rest starts and ends at a line. */
static bool
next_with(struct bytes *rest, struct bytes sign, struct bytes *line)
{
	const uint8_t *end = rest->ptr + rest->len;
	const uint8_t *start = memmem(rest->ptr, rest->len, sign.ptr, sign.len);

	if (start == NULL)
		return false;
	while (start > rest->ptr && start[-1] != '\n')
		start--;
	*rest = bytes_of(start, (size_t)(end - start));
	*line = bytes_trim(bytes_cut(rest, '\n'));
	return true;
}

/*
 * Read a line, if it is the subject's, or may be, as it is of the issuer and
 * malformed.  An empty line and a comment are of no issuer: the name of one is
 * not empty, and has no #.  *fault is NULL, or says what is wrong with it.
 */
static enum jwt_reason
read_line(const struct account_query *query, struct bytes text,
    struct arena *arena, struct bytes *found, const char **fault)
{
	struct account_map_line line = { 0 };
	enum jwt_reason reason;

	*fault = NULL;
	line.issuer = conf_word(&text);
	if (!bytes_eq_str(line.issuer, query->issuer))
		return JWT_OK;
	reason = take_subject(arena, &text, &line.sub, fault);
	if (reason != JWT_OK || *fault != NULL)
		return reason;
	if (!bytes_eq(line.sub, query->sub))
		return JWT_OK;
	*fault = take_accounts(text, &line);
	if (*fault == NULL && found->len > 0)
		*fault = second_line;
	*found = line.accounts;
	return JWT_OK;
}

/* Note a fault of the line that starts there. */
static enum jwt_reason
refuse_line(struct bytes text, const uint8_t *line, const char *file,
    struct diag *diag, const char *fault)
{
	struct diag_place place = { .file = file, .line = 1 };
	const uint8_t *at;

	for (at = text.ptr; at < line; at++)
		place.line += *at == '\n';
	diag_add(diag, place, JWT_CONFIG_INVALID, "%s", fault);
	return JWT_CONFIG_INVALID;
}

enum jwt_reason
account_map_find(struct bytes text, const char *file,
    const struct account_query *query, struct arena *arena, struct diag *diag,
    struct bytes *out)
{
	struct bytes sign = sign_of(query->sub), rest = text, line;
	struct bytes found = { .len = 0 };
	const char *fault, *copy;
	enum jwt_reason reason;

	*out = found;
	while (sign.len > 0 && next_with(&rest, sign, &line)) {
		reason = read_line(query, line, arena, &found, &fault);
		if (reason != JWT_OK)
			return reason;
		if (fault != NULL)
			return refuse_line(text, line.ptr, file, diag, fault);
	}
	if (found.len == 0)
		return JWT_NOT_PERMITTED;
	copy = arena_copy(arena, found);
	if (copy == NULL)
		return JWT_OUT_OF_MEMORY;
	*out = bytes_of(copy, found.len);
	return JWT_OK;
}
