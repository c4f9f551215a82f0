/* SPDX-License-Identifier: BSD-3-Clause */
/* The one sentence that a failing command leaves for its user.  [main] */
#ifndef ERROR_H
#define ERROR_H

#include <stdarg.h>

/* Store the sentence, return err (a negative errno value): `return fail(-EEXIST, "...", ...)`.
 * The dispatcher shows it as `error occur: <sentence>`. */
int fail(int err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int vfail(int err, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));

/* Store the sentence about a bad value of a command; the dispatcher shows `Invalid value (<arg>):
 * <sentence>`.  Returns -EINVAL. */
int fail_arg(const char *arg, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int vfail_arg(const char *arg, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));

/* Store the complete text; nothing is put in front of the text.  Returns -EINVAL. */
int fail_text(const char *text);

/* What a function of a plugin returned: rc if that is 0 or a negative errno value, else -EPROTO
 * with fail(), which names the plugin and the function. */
int error_check(const char *plugin, const char *function, int rc);

/* The text for the user, prefix included; `error occur: <strerror>` when no sentence has been
 * stored since error_clear().  Valid until the next call of this file. */
const char *error_text(int err);
/* The sentence alone, without `error occur: ` (for start-up messages). */
const char *error_sentence(int err);
void error_clear(void);

#endif
