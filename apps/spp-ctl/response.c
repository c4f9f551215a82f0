/* SPDX-License-Identifier: BSD-3-Clause */
/* The answer to a REST request, before it becomes HTTP. */
#include <stdarg.h>
#include <stdio.h>

#include "ascii.h"
#include "response.h"

void
response_error(struct response *response, int status, const char *fmt, ...)
{
	va_list ap;

	response_fini(response);
	response->status = status;
	va_start(ap, fmt);
	vsnprintf(response->text, sizeof(response->text), fmt, ap);
	va_end(ap);
	ascii_sanitize(response->text);
}

void
response_json(struct response *response, json_t *json)
{
	if (json == NULL) {
		response_error(response, 500, "spp-ctl has no memory for the answer");
		return;
	}
	response_fini(response);
	response->status = 200;
	response->json = json;
}

void
response_empty(struct response *response)
{
	response_fini(response);
	response->status = 204;
}

void
response_fini(struct response *response)
{
	json_decref(response->json);
	response->json = NULL;
}
