/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the boot's name, as Linux gives it, and its clock. */
#include <fcntl.h>
#include <unistd.h>

#include "host/clock.h"
#include "host/file.h"
#include "host/boot.h"

#define BOOT_ID "/proc/sys/kernel/random/boot_id"

void
boot_read(struct boot *out)
{
	int fd = file_open_at(AT_FDCWD, BOOT_ID, O_RDONLY);
	ssize_t got;

	*out = (struct boot){ .now = clock_boot_sec() };
	if (fd < 0)
		return;
	got = read(fd, out->id, BOOT_ID_LEN);
	close(fd);
	if (got != BOOT_ID_LEN)
		out->id[0] = '\0';
}
