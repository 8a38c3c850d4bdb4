/* SPDX-License-Identifier: BSD-2-Clause */
/* The settings in force, as JSON; pam-jwt(1) has the members. */
#ifndef JWT_CHECK_JSON_FORCE_H
#define JWT_CHECK_JSON_FORCE_H

#include "core/policy/policy.h"

struct json_object;

/* A new object; the caller frees it, or hands it over. */
struct json_object *check_json_force(const struct policy *policy);

#endif
