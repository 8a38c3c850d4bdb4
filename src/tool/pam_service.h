/* SPDX-License-Identifier: BSD-2-Clause */
/* The services of PAM, and our lines in their stacks. */
#ifndef JWT_PAM_SERVICE_H
#define JWT_PAM_SERVICE_H

#include "core/base/diag.h"
#include "tool/pam_stack.h"

#define PAM_SERVICE_MODULE "pam_jwt.so"

/* "auth", "account", "password" and "session", and NULL after the last. */
extern const char *const pam_service_types[];

/*
 * Call visit for each service in the folders, in the order of their names;
 * copies that tools leave behind, and files that services include, are none.
 * Ends with false as soon as visit returns false.
 */
bool pam_service_each(const char *const *folders,
    bool (*visit)(void *context, const char *service), void *context);

/*
 * The first line, at or after from, that calls our module with a
 * configuration; the count of lines if there is none.
 */
size_t pam_stack_find_ours(const struct pam_stack *stack, size_t from,
    const char *config);

/* Whether the auth stack of a service has a line of ours. */
bool pam_service_asks(const char *const *folders, const char *service,
    const char *config);

/* Whether the stack refuses when a line of ours returns this refusal. */
bool pam_line_refuses(const struct pam_line *line, const char *result);

/* The place of a line, for a message. */
struct diag_place pam_line_place(const struct pam_line *line);

#endif
