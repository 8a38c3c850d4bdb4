/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a setting of sshd stands, for `pam-jwt check`. */
#ifndef JWT_CHECK_SSHD_PLACE_H
#define JWT_CHECK_SSHD_PLACE_H

#include "core/base/diag.h"

#define CHECK_SSHD_CONFIG "/etc/ssh/sshd_config"

/*
 * The line that sshd takes the setting from: the first one outside of a Match
 * block, also in a file that is included.  Without one the place is the file as
 * a whole: then it is a default that counts.
 *
 * config   CHECK_SSHD_CONFIG; a test has its own
 * setting  such as UsePAM; capitals do not count
 * arena    owns the name of an included file
 */
struct diag_place check_sshd_place(const char *config, const char *setting,
    struct arena *arena);

#endif
