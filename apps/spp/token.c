/* SPDX-License-Identifier: BSD-3-Clause */
/* The token that admits the user of this program. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ascii.h"
#include "refuse.h"
#include "token.h"

/* What does not fit into a header would become one of its own. */
static int
check(const char *path, const char *token, char *error, size_t size)
{
	for (const char *c = token; *c != '\0'; c++)
		if (!ascii_is_printable(*c))
			return refuse(error, size, -EINVAL,
				      "--token-file %s: the token has a character that is not "
				      "printable ASCII",
				      path);
	if (*token != '\0')
		return 0;
	return refuse(error, size, -EINVAL, "--token-file %s: its first line must be a token",
		      path);
}

int
token_read(const char *path, char token[TOKEN_SIZE], char *error, size_t size)
{
	FILE *file = fopen(path, "re");

	if (file == NULL)
		return refuse(error, size, -errno, "--token-file %s: cannot open: %s", path,
			      strerror(errno));
	if (fgets(token, TOKEN_SIZE, file) == NULL)
		token[0] = '\0';
	fclose(file);
	token[strcspn(token, "\r\n")] = '\0';
	return check(path, token, error, size);
}
