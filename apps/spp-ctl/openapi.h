/* SPDX-License-Identifier: BSD-3-Clause */
/* The description of the REST API, openapi.json as text; made by embed.py. */
#ifndef OPENAPI_H
#define OPENAPI_H

extern const char openapi_json[];

#endif
