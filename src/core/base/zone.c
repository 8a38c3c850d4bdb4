/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads TZif files, and finds the offset of a time in them. */
#include "core/base/zone.h"
#include "core/base/zone_rule.h"

#define HEADER_LEN	44
#define TIME_LEN	8	/* of the second block; 4 in the first one */
#define INFO_LEN	6	/* offset, is_dst, index of the abbreviation */
#define COUNT_MAX	65536	/* of anything: a file is below 1 MiB */
#define OFFSET_MAX	(26 * 3600)	/* RFC 9636 section 3.2 */
#define DAY_SEC		86400

const struct zone zone_utc = {
	.is_known = true,
	.rule = { .ptr = (const uint8_t *)"UTC0", .len = sizeof("UTC0") - 1 }
};

/* The six counts of a header, in their order. */
struct counts {
	uint32_t utc, standard, leap, time, type, character;
};

static uint32_t
read_32(const uint8_t *ptr)
{
	return (uint32_t)ptr[0] << 24 | (uint32_t)ptr[1] << 16 |
	    (uint32_t)ptr[2] << 8 | ptr[3];
}

static int64_t
read_64(const uint8_t *ptr)
{
	return (int64_t)((uint64_t)read_32(ptr) << 32 | read_32(ptr + 4));
}

static bool
take(struct bytes *rest, size_t len, const uint8_t **out)
{
	if (rest->len < len)
		return false;
	*out = rest->ptr;
	*rest = bytes_of(rest->ptr + len, rest->len - len);
	return true;
}

static bool
take_header(struct bytes *rest, struct counts *out)
{
	uint32_t *const counts[] = {
		&out->utc, &out->standard, &out->leap, &out->time, &out->type,
		&out->character
	};
	const uint8_t *header;
	size_t i;

	if (!take(rest, HEADER_LEN, &header) ||
	    memcmp(header, "TZif", 4) != 0 || header[4] < '2')
		return false;
	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		*counts[i] = read_32(header + 20 + 4 * i);
		if (*counts[i] > COUNT_MAX)
			return false;
	}
	return true;
}

/* The first block is for programs that read times of 32 bits. */
static bool
skip_first_block(struct bytes *rest)
{
	const uint8_t *skipped;
	struct counts counts;

	return take_header(rest, &counts) && take(rest,
	    counts.time * (size_t)5 + counts.type * (size_t)INFO_LEN +
	    counts.character + counts.leap * (size_t)8 + counts.standard +
	    counts.utc, &skipped);
}

/* Each type is one of those described, and each offset is a sane one. */
static bool
types_are_sound(const struct zone *zone)
{
	size_t i;

	for (i = 0; i < zone->time_count; i++) {
		if (zone->types[i] >= zone->type_count)
			return false;
	}
	for (i = 0; i < zone->type_count; i++) {
		int32_t offset = (int32_t)read_32(zone->infos + i * INFO_LEN);

		if (offset < -OFFSET_MAX || offset > OFFSET_MAX)
			return false;
	}
	return zone->type_count > 0;
}

/* The times ascend: the search needs that. */
static bool
times_ascend(const struct zone *zone)
{
	size_t i;

	for (i = 1; i < zone->time_count; i++) {
		if (read_64(zone->times + i * TIME_LEN) <=
		    read_64(zone->times + (i - 1) * TIME_LEN))
			return false;
	}
	return true;
}

static bool
read_file(struct bytes text, struct zone *out)
{
	const uint8_t *skipped;
	struct counts counts;

	if (!skip_first_block(&text) || !take_header(&text, &counts) ||
	    counts.leap != 0)
		return false;
	out->time_count = counts.time;
	out->type_count = counts.type;
	if (!take(&text, counts.time * (size_t)TIME_LEN, &out->times) ||
	    !take(&text, counts.time, &out->types) ||
	    !take(&text, counts.type * (size_t)INFO_LEN, &out->infos) ||
	    !take(&text, counts.character, &skipped) ||
	    !take(&text, counts.standard + (size_t)counts.utc, &skipped))
		return false;
	if (text.len < 2 || text.ptr[0] != '\n' ||
	    text.ptr[text.len - 1] != '\n')
		return false;
	out->rule = bytes_of(text.ptr + 1, text.len - 2);
	return types_are_sound(out) && times_ascend(out);
}

bool
zone_read(struct bytes text, struct zone *out)
{
	int32_t offset;

	*out = (struct zone){ .is_known = false };
	if (!read_file(text, out) ||
	    !zone_rule_offset(out->rule, ZONE_NOW_MIN, &offset)) {
		*out = (struct zone){ .is_known = false };
		return false;
	}
	out->is_known = true;
	return true;
}

/* How many of the times are not after now. */
static size_t
times_until(const struct zone *zone, int64_t now)
{
	size_t low = 0, high = zone->time_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (read_64(zone->times + middle * TIME_LEN) <= now)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Seconds east of UTC. */
static bool
offset_at(const struct zone *zone, int64_t now, int32_t *out)
{
	size_t count = times_until(zone, now), type = 0;

	if (count == zone->time_count)
		return zone_rule_offset(zone->rule, now, out);
	if (count > 0)
		type = zone->types[count - 1];
	*out = (int32_t)read_32(zone->infos + type * INFO_LEN);
	return true;
}

struct zone_time
zone_time(const struct zone *zone, int64_t now)
{
	struct zone_time out = { .is_known = false };
	int64_t local;
	int32_t offset;

	if (!zone->is_known || now < ZONE_NOW_MIN || now > ZONE_NOW_MAX ||
	    !offset_at(zone, now, &offset))
		return out;
	local = now + offset;	/* positive, as is all that follows */
	out.is_known = true;
	out.minute = (unsigned)(local % DAY_SEC / 60);
	out.weekday = (unsigned)((local / DAY_SEC + 4) % 7);	/* 1970: Thu */
	return out;
}
