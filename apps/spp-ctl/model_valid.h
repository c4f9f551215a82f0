/* SPDX-License-Identifier: BSD-3-Clause */
/* Is a model what it should be?  Pure. */
#ifndef MODEL_VALID_H
#define MODEL_VALID_H

#include <stdbool.h>
#include <jansson.h>

/* True if the model has the shape that model.h describes.  Models from a file are not trusted. */
bool model_is_valid(const json_t *model);

#endif
