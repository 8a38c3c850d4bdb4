/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lines of the configuration.
 *
 * The parser is our own on purpose: common ones cut long lines, expand the
 * caller's environment or silently take the last of two settings.
 */
#include "core/base/number.h"
#include "core/base/utf8.h"
#include "core/policy/conf.h"

struct diag_place
conf_place(const struct conf_reader *reader, const struct conf_line *line)
{
	return (struct diag_place){
		.file = reader->file, .line = line->line,
		.column = line->column, .source = line->source
	};
}

static enum conf_event
fail(const struct conf_reader *in, unsigned line, const char *what)
{
	struct diag_place place = { .file = in->file, .line = line };

	diag_add(in->diag, place, JWT_CONFIG_INVALID, "%s", what);
	return CONF_ERROR;
}

/* Take one physical line, without its newline. */
static struct bytes
take_line(struct conf_reader *in)
{
	in->line++;
	return bytes_cut(&in->text, '\n');
}

static bool
is_comment(struct bytes line)
{
	line = bytes_trim(line);
	return line.len == 0 || line.ptr[0] == '#';
}

static bool
is_continued(struct bytes line)
{
	return line.len > 0 && line.ptr[line.len - 1] == '\\';
}

/*
 * Whether an editor shows the text as we read it: UTF-8, and no control
 * character but tab.  An administrator could otherwise miss a part of a rule.
 */
static bool
is_plain(struct bytes line)
{
	while (line.len > 0) {
		size_t len = utf8_len(line);

		if (len == 0 || line.ptr[0] == 0x7f ||
		    (line.ptr[0] < 0x20 && line.ptr[0] != '\t'))
			return false;
		line.ptr += len;
		line.len -= len;
	}
	return true;
}

/* Bytes from the start of a line to the end of the lines that continue it. */
static size_t
joined_len(struct conf_reader in, struct bytes first)
{
	struct bytes line = first;

	while (is_continued(line) && in.text.len > 0)
		line = take_line(&in);
	return (size_t)(line.ptr + line.len - first.ptr);
}

/*
 * Join a line and the lines that continue it, with a space in place of each
 * backslash; NULL if memory runs out.
 */
static char *
join(struct conf_reader *in, struct bytes first)
{
	struct bytes line = first;
	char *out;
	size_t len = 0;

	out = arena_alloc(in->arena, joined_len(*in, first) + 1);
	if (out == NULL)
		return NULL;
	/* A backslash at the end of the file stays, for split() to see. */
	while (is_continued(line) && in->text.len > 0) {
		memcpy(out + len, line.ptr, line.len - 1);
		len += line.len - 1;
		out[len++] = ' ';
		line = take_line(in);
	}
	memcpy(out + len, line.ptr, line.len);
	return out;
}

static enum conf_event
split_section(struct conf_reader *in, struct bytes line, struct conf_line *out)
{
	if (line.ptr[line.len - 1] != ']')
		return fail(in, out->line, "a section must end in ]");
	out->name = bytes_trim(bytes_of(line.ptr + 1, line.len - 2));
	return CONF_SECTION;
}

/* Whether a # comes after a space: it was surely meant to start a comment. */
static bool
has_late_comment(struct bytes value)
{
	bool quoted = false;
	size_t i;

	for (i = 0; i < value.len; i++) {
		uint8_t before = i == 0 ? ' ' : value.ptr[i - 1];

		if (value.ptr[i] == '"' && before != '\\')
			quoted = !quoted;
		if (value.ptr[i] == '#' && !quoted &&
		    (before == ' ' || before == '\t'))
			return true;
	}
	return false;
}

static enum conf_event
split_setting(struct conf_reader *in, struct bytes line, struct conf_line *out)
{
	const uint8_t *equals = memchr(line.ptr, '=', line.len);
	size_t name_len;

	if (equals == NULL)
		return fail(in, out->line,
		    "neither [section] nor key = value nor # comment");
	name_len = (size_t)(equals - line.ptr);
	out->name = bytes_trim(bytes_of(line.ptr, name_len));
	out->value = bytes_trim(bytes_of(equals + 1, line.len - name_len - 1));
	if (out->name.len == 0)
		return fail(in, out->line, "a value without a key");
	if (out->value.len == 0)
		return fail(in, out->line, "a key without a value: leave the "
		    "line out for the default");
	if (has_late_comment(out->value))
		return fail(in, out->line,
		    "a comment must be on a line of its own");
	out->column = (unsigned)(out->value.ptr -
	    (const uint8_t *)out->source) + 1;
	return CONF_SETTING;
}

static enum conf_event
split(struct conf_reader *in, struct conf_line *out)
{
	struct bytes whole = bytes_str(out->source);
	struct bytes line = bytes_trim(whole);

	if (!is_plain(line))
		return fail(in, out->line,
		    "a control character, or text that is not UTF-8");
	if (line.ptr[0] == '[')
		return split_section(in, line, out);
	if (is_continued(line))
		return fail(in, out->line,
		    "a backslash that continues nothing: spaces follow, or the "
		    "end of the file");
	return split_setting(in, line, out);
}

/* Copy a line with the lines that continue it; NULL if memory runs out. */
static const char *
take_whole(struct conf_reader *in, struct bytes line)
{
	if (is_continued(line))
		return join(in, line);
	return arena_copy(in->arena, line);
}

enum conf_event
conf_next(struct conf_reader *in, struct conf_line *out)
{
	struct bytes line;

	*out = (struct conf_line){ 0 };
	do {
		if (in->text.len == 0)
			return CONF_END;
		line = take_line(in);
	} while (is_comment(line));
	out->line = in->line;
	if (bytes_has(bytes_of(line.ptr, joined_len(*in, line)), 0))
		return fail(in, in->line, "a NUL character");
	out->source = take_whole(in, line);
	if (out->source == NULL) {
		diag_add(in->diag, (struct diag_place){ .file = in->file },
		    JWT_OUT_OF_MEMORY, "memory ran out");
		return CONF_END;
	}
	if (bytes_trim(bytes_str(out->source)).len == 0)
		return fail(in, out->line, "a backslash that continues nothing");
	return split(in, out);
}

bool
conf_duration(struct bytes text, unsigned *out)
{
	static const struct {
		uint8_t unit;
		unsigned seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 } };
	int64_t value;
	size_t i;

	*out = 0;
	if (text.len < 2 || !number_digits(bytes_of(text.ptr, text.len - 1),
	    UINT32_MAX, &value))
		return false;
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (units[i].unit == text.ptr[text.len - 1]) {
			value *= units[i].seconds;
			*out = (unsigned)value;
			return value <= UINT32_MAX;
		}
	}
	return false;
}

struct bytes
conf_word(struct bytes *rest)
{
	struct bytes word = bytes_trim(*rest);
	size_t len = 0;

	while (len < word.len && word.ptr[len] != ' ' && word.ptr[len] != '\t')
		len++;
	*rest = bytes_of(word.ptr + len, word.len - len);
	return bytes_of(word.ptr, len);
}

/* Take the quoted text at the start of *rest; then comes a space or the end. */
static const char *
unquote(struct bytes *rest, char *copy, struct bytes *out)
{
	size_t len = 0, i;

	for (i = 1; i < rest->len && rest->ptr[i] != '"'; i++) {
		if (rest->ptr[i] == '\\' && (++i == rest->len ||
		    (rest->ptr[i] != '"' && rest->ptr[i] != '\\')))
			return "after a backslash only \\ or \" can follow";
		copy[len++] = (char)rest->ptr[i];
	}
	if (i >= rest->len)
		return "a quote that is not closed";
	if (len == 0)
		return "nothing between the quotes";
	*out = bytes_of(copy, len);
	*rest = bytes_of(rest->ptr + i + 1, rest->len - i - 1);
	if (rest->len > 0 && rest->ptr[0] != ' ' && rest->ptr[0] != '\t')
		return "no space after a quote";
	return NULL;
}

const char *
conf_quoted_word(struct bytes *rest, char *copy, struct bytes *out)
{
	*out = bytes_of(NULL, 0);
	*rest = bytes_trim(*rest);
	if (rest->len > 0 && rest->ptr[0] == '"')
		return unquote(rest, copy, out);
	*out = conf_word(rest);
	if (bytes_has(*out, '"'))
		return "a quote inside a word: put the whole word between "
		    "quotes";
	return NULL;
}
