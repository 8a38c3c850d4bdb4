/* SPDX-License-Identifier: BSD-2-Clause */
/* The fields of each kind of ssh key, and those that a certificate has after. */
#include "core/jose/sshkey.c"

static uint8_t in[ROOM(LEN)];

static void
read_key(const struct kind *kind)
{
	struct ssh_fields fields = { .rest = { in, LEN } };
	struct keymat mat;

	any_bytes(in, LEN);
	take_key(&fields, kind, &mat);
	if (fields.failed)
		return;
	READ_ALL(mat.x);
	READ_ALL(mat.y);
}

void
main(void)
{
	struct ssh_fields fields = { .rest = { in, LEN } };
	struct bytes authority;
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		read_key(&kinds[i]);
	any_bytes(in, LEN);
	authority = take_authority(&fields);
	if (!fields.failed)
		READ_ALL(authority);
}
