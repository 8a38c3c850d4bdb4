/* SPDX-License-Identifier: BSD-2-Clause */
/* The check of all names of a document; json.c makes it before anybody reads. */
#ifndef JWT_JSON_NAMES_H
#define JWT_JSON_NAMES_H

#include "core/base/json.h"

/*
 * Returns JWT_JSON_DUPLICATE if an object has two members of one name, their
 * escapes undone, JWT_JSON_LIMIT if one has more than JSON_OBJECT_MEMBERS.
 */
JWT_MUST_USE enum jwt_reason json_check_names(const struct json_doc *doc);

#endif
