/* SPDX-License-Identifier: BSD-3-Clause */
/* The one sentence that a failing command leaves for its user. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"

#define TEXT_SIZE 1024
#define CUT_MARK "..."
#define ERRNO_MAX 4095 /* the kernel's MAX_ERRNO */
#define EXECUTION_PREFIX "error occur: "

static struct {
	char text[TEXT_SIZE]; /* with its prefix; "" when no sentence is stored */
} error;

/* A text that does not fit ends with the mark. */
static void __attribute__((format(printf, 3, 0)))
append(char text[TEXT_SIZE], size_t len, const char *fmt, va_list ap)
{
	int added = vsnprintf(text + len, TEXT_SIZE - len, fmt, ap);

	if (added < 0 || (size_t)added >= TEXT_SIZE - len)
		strcpy(text + TEXT_SIZE - sizeof(CUT_MARK), CUT_MARK);
}

int
vfail(int err, const char *fmt, va_list ap)
{
	/* The text is built aside: the arguments may point into the text that is being replaced. */
	char text[TEXT_SIZE] = EXECUTION_PREFIX;

	append(text, strlen(text), fmt, ap);
	memcpy(error.text, text, sizeof(text));
	return err;
}

int
fail(int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfail(err, fmt, ap);
	va_end(ap);
	return err;
}

int
vfail_arg(const char *arg, const char *fmt, va_list ap)
{
	char text[TEXT_SIZE] = "";

	snprintf(text, sizeof(text), "Invalid value (%.64s): ", arg);
	append(text, strlen(text), fmt, ap);
	memcpy(error.text, text, sizeof(text));
	return -EINVAL;
}

int
fail_arg(const char *arg, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfail_arg(arg, fmt, ap);
	va_end(ap);
	return -EINVAL;
}

static void __attribute__((format(printf, 1, 2))) store(const char *fmt, ...)
{
	char text[TEXT_SIZE] = "";
	va_list ap;

	va_start(ap, fmt);
	append(text, 0, fmt, ap);
	va_end(ap);
	memcpy(error.text, text, sizeof(text));
}

int
fail_text(const char *text)
{
	store("%s", text);
	return -EINVAL;
}

int
error_check(const char *plugin, const char *function, int rc)
{
	if (rc <= 0 && rc >= -ERRNO_MAX)
		return rc;
	return fail(-EPROTO, "plugin %s: %s returned %d, neither 0 nor a negative errno value",
		    plugin, function, rc);
}

const char *
error_text(int err)
{
	if (error.text[0] == '\0')
		store(EXECUTION_PREFIX "%s", strerror(abs(err)));
	return error.text;
}

const char *
error_sentence(int err)
{
	const char *text = error_text(err);

	if (strncmp(text, EXECUTION_PREFIX, strlen(EXECUTION_PREFIX)) == 0)
		text += strlen(EXECUTION_PREFIX);
	return text;
}

void
error_clear(void)
{
	error.text[0] = '\0';
}
