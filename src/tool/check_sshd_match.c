/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Collects what each Match block of sshd_config sets.  `sshd -T` prints it only
 * for a connection that somebody describes, and nobody knows them all.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "tool/check_sshd_ask.h"
#include "tool/check_sshd_match.h"
#include "tool/check_sshd_walk.h"

static const char *const names[CHECK_SSHD_MATCH_MAX] = {
	"kbdinteractiveauthentication", "passwordauthentication",
	"authenticationmethods", "maxauthtries", "pubkeyauthentication"
};

struct collect {
	const char *settings;	/* outside of blocks */
	void (*look)(void *context, const struct check_sshd_block *block);
	void *context;
	struct arena arena;
	struct check_sshd_block block;	/* so far */
	bool has_no_memory;
};

/* ---- text ---- */

/* "NAME VALUE", in lowercase and without a comment, after the settings. */
static const char *
add_line(struct arena *arena, const char *settings, const char *name,
    struct bytes value)
{
	struct bytes text = bytes_trim(bytes_cut(&value, '#'));
	size_t size = strlen(settings) + strlen(name) + text.len + 3, i;
	char *out = arena_alloc(arena, size);

	if (out == NULL)
		return NULL;
	snprintf(out, size, "%s%s %.*s\n", settings, name, (int)text.len,
	    (const char *)text.ptr);
	for (i = strlen(settings); out[i] != '\0'; i++)
		out[i] = (char)tolower((unsigned char)out[i]);
	return out;
}

static const char *
join(struct arena *arena, const char *first, const char *second)
{
	size_t size = strlen(first) + strlen(second) + 1;
	char *out = arena_alloc(arena, size);

	if (out != NULL)
		snprintf(out, size, "%s%s", first, second);
	return out;
}

/* ---- blocks ---- */

static bool
is_same_place(const struct diag_place *a, const struct diag_place *b)
{
	return a->file == b->file && a->line == b->line;
}

/* Look at the block that ends here, if there is one. */
static void
end_block(struct collect *collect)
{
	struct check_sshd_block *block = &collect->block;

	if (block->settings == NULL)
		return;
	block->whole = join(&collect->arena, block->settings,
	    collect->settings);
	if (block->whole == NULL)
		collect->has_no_memory = true;
	else
		collect->look(collect->context, block);
}

/* The older name of the first one is still accepted. */
static size_t
index_of(struct bytes word)
{
	size_t i = 0;

	if (check_sshd_is_word(word, "ChallengeResponseAuthentication"))
		return 0;
	while (i < CHECK_SSHD_MATCH_MAX && !check_sshd_is_word(word, names[i]))
		i++;
	return i;
}

/* Add a setting to the block; of two the first one counts, as in sshd. */
static void
add(struct collect *collect, const struct check_sshd_line *line, size_t index)
{
	struct check_sshd_block *block = &collect->block;
	const char *so_far = block->settings == NULL ? "" : block->settings;

	if (block->places[index].file != NULL)
		return;
	block->settings = add_line(&collect->arena, so_far, names[index],
	    line->value);
	block->places[index] = line->place;
	if (block->settings == NULL)
		collect->has_no_memory = true;
}

static bool
visit(void *context, const struct check_sshd_line *line)
{
	struct collect *collect = context;
	size_t index = index_of(line->name);

	if (!is_same_place(&line->match, &collect->block.match)) {
		end_block(collect);
		collect->block = (struct check_sshd_block){
			.match = line->match
		};
	}
	if (line->match.file != NULL && index < CHECK_SSHD_MATCH_MAX)
		add(collect, line, index);
	return collect->has_no_memory;
}

bool
check_sshd_match_each(const char *config, const char *settings,
    void (*look)(void *context, const struct check_sshd_block *block),
    void *context)
{
	struct collect collect = {
		.settings = settings, .look = look, .context = context
	};

	if (!check_sshd_walk(config, &collect.arena, visit, &collect))
		end_block(&collect);
	arena_clear(&collect.arena);
	return !collect.has_no_memory;
}

struct diag_place
check_sshd_match_place(const struct check_sshd_block *block,
    const char *setting)
{
	size_t index = index_of(bytes_str(setting));

	if (index < CHECK_SSHD_MATCH_MAX && block->places[index].file != NULL)
		return block->places[index];
	return block->match;
}
