/* SPDX-License-Identifier: BSD-3-Clause */
/* Any byte stream as replies of a process to the controller: they are framed alike however the
 * stream is cut, and what a status teaches can be said in commands and learned again. */

#include "fuzz.h"
#include "model.h"
#include "model_valid.h"
#include "outcome.h"
#include "reply_frame.h"
#include "value.h"

static void
check_model(const json_t *info)
{
	json_t *model = model_from_status(info, NULL), *again = model_create(), *commands, *command;
	size_t i;

	if (model != NULL) {
		FUZZ_ASSERT(model_is_valid(model));
		commands = model_commands(model);
		json_array_foreach (commands, i, command) {
			FUZZ_ASSERT(value_is_line(json_string_value(command), true));
			model_apply(again, json_string_value(command));
		}
		FUZZ_ASSERT(model_is_valid(again));
		FUZZ_ASSERT(json_object_size(json_object_get(model, "components")) ==
			    json_object_size(json_object_get(again, "components")));
		json_decref(commands);
	}
	json_decref(model);
	json_decref(again);
}

/* What a reply tells can be put into the journal and read again. */
static void
check_told(const json_t *reply)
{
	json_t *told = model_told(reply), *model = model_create();

	FUZZ_ASSERT(told == NULL || model_told_is_valid(told));
	model_apply_told(model, told);
	FUZZ_ASSERT(model_is_valid(model));
	json_decref(model);
	json_decref(told);
}

static void
check_reply(const struct reply_frame *frame)
{
	struct outcome outcome;

	FUZZ_ASSERT(frame->len > 0 && strlen(frame->bytes) == frame->len);
	outcome_parse(&outcome, frame->bytes, frame->len);
	check_told(outcome.reply);
	FUZZ_ASSERT(outcome.kind != OUTCOME_BUSY);
	FUZZ_ASSERT(*outcome.text == '\0' || value_is_line(outcome.text, true));
	FUZZ_ASSERT(outcome.kind == OUTCOME_BROKEN || json_is_object(outcome.reply));
	check_model(json_object_get(outcome.reply, "info"));
	outcome_fini(&outcome);
}

/* Number of bytes up to the end of the first reply, taken in pieces; the number of all bytes if no
 * reply is complete. */
static size_t
push(struct reply_frame *frame, const char *data, size_t size, size_t piece,
     enum reply_frame_result *result)
{
	size_t at = 0, used;

	*result = REPLY_FRAME_MORE;
	while (at < size && *result == REPLY_FRAME_MORE) {
		*result = reply_frame_push(frame, data + at, size - at < piece ? size - at : piece,
					   &used);
		at += used;
	}
	return at;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *stream = fuzz_text(data, size);
	size_t at = 0;

	while (at < size) {
		struct reply_frame whole = {0}, cut = {0};
		enum reply_frame_result result, cut_result;
		size_t used = push(&whole, stream + at, size - at, size, &result);

		FUZZ_ASSERT(push(&cut, stream + at, size - at, 1, &cut_result) == used);
		FUZZ_ASSERT(cut_result == result && cut.len == whole.len);
		if (result == REPLY_FRAME_COMPLETE)
			check_reply(&whole);
		reply_frame_reset(&whole);
		reply_frame_reset(&cut);
		at += used;
	}
	free(stream);
	return 0;
}
