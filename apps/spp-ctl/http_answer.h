/* SPDX-License-Identifier: BSD-3-Clause */
/* A response becomes the HTTP answer to a request. */
#ifndef HTTP_ANSWER_H
#define HTTP_ANSWER_H

#include "response.h"

struct evhttp_request;

/* Send the response.  evhttp frees http once the answer is sent or the client is gone, and the
 * response is finished here: the caller uses neither afterwards. */
void http_answer(struct evhttp_request *http, struct response *response);

#endif
