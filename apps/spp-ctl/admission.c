/* SPDX-License-Identifier: BSD-3-Clause */
/* Admission by the user at the other end of a connection, or by a token. */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "admission.h"
#include "decimal.h"
#include "peer_user.h"

#define ADMITTED_MAX 64
#define GROUPS_MAX 256
#define TOKEN_SIZE 256
#define TOKEN_MIN 16
#define BEARER "Bearer "

static struct {
	bool all, processes;
	unsigned int nb_users, nb_groups;
	uid_t users[ADMITTED_MAX];
	gid_t groups[ADMITTED_MAX];
	char token[TOKEN_SIZE]; /* "" when there is none */
} admission;

void
admission_admit_all(void)
{
	admission.all = true;
}

int
admission_find_user(const char *name, uid_t *user)
{
	const struct passwd *entry = getpwnam(name);
	uint64_t number;
	const char *end;

	if (entry != NULL) {
		*user = entry->pw_uid;
		return 0;
	}
	end = decimal_read(name, UINT32_MAX - 1, &number);
	if (end == NULL || *end != '\0')
		return -EINVAL;
	*user = (uid_t)number;
	return 0;
}

int
admission_find_group(const char *name, gid_t *group)
{
	const struct group *entry = getgrnam(name);

	if (entry == NULL)
		return -EINVAL;
	*group = entry->gr_gid;
	return 0;
}

static int
admit_group(const char *name)
{
	int err = admission_find_group(name, &admission.groups[admission.nb_groups]);

	admission.nb_groups += err == 0;
	return err;
}

static int
admit_user(const char *name)
{
	int err = admission_find_user(name, &admission.users[admission.nb_users]);

	admission.nb_users += err == 0;
	return err;
}

int
admission_admit(const char *who, char *error, size_t size)
{
	const bool is_group = who[0] == '@';
	int err;

	if (admission.nb_users == ADMITTED_MAX || admission.nb_groups == ADMITTED_MAX) {
		snprintf(error, size, "--admit %s: more than %u users or groups", who,
			 ADMITTED_MAX);
		return -EINVAL;
	}
	err = is_group ? admit_group(who + 1) : admit_user(who);
	if (err != 0)
		snprintf(error, size, "--admit %s: there is no such %s", who,
			 is_group ? "group" : "user");
	return err;
}

int
admission_read_token(const char *path, char *error, size_t size)
{
	FILE *file = fopen(path, "re");

	if (file == NULL) {
		int err = errno;

		snprintf(error, size, "--token-file %s: cannot open: %s", path, strerror(err));
		return -err;
	}
	if (fgets(admission.token, sizeof(admission.token), file) == NULL)
		admission.token[0] = '\0';
	fclose(file);
	admission.token[strcspn(admission.token, "\r\n")] = '\0';
	if (strlen(admission.token) >= TOKEN_MIN)
		return 0;
	admission.token[0] = '\0';
	snprintf(error, size,
		 "--token-file %s: its first line must be a token of %u characters or more", path,
		 TOKEN_MIN);
	return -EINVAL;
}

bool
admission_has_remote(void)
{
	return admission.all || admission.token[0] != '\0';
}

/* Takes as long for a wrong token as for the right one: the time tells nothing of the token. */
static bool
is_token(const char *authorization)
{
	char given[TOKEN_SIZE] = "";
	unsigned char differs = 0;

	if (authorization == NULL || admission.token[0] == '\0' ||
	    strncmp(authorization, BEARER, strlen(BEARER)) != 0)
		return false;
	authorization += strlen(BEARER);
	if (strlen(authorization) >= sizeof(given))
		return false;
	strcpy(given, authorization);
	for (size_t i = 0; i < TOKEN_SIZE; i++)
		differs |= (unsigned char)(given[i] ^ admission.token[i]);
	return differs == 0;
}

void
admission_admit_processes(void)
{
	admission.processes = true;
}

bool
admission_has_remote_processes(void)
{
	return admission.all || admission.processes;
}

static bool
is_in_group(uid_t user)
{
	const struct passwd *entry = admission.nb_groups > 0 ? getpwuid(user) : NULL;
	gid_t groups[GROUPS_MAX];
	int nb = GROUPS_MAX;

	if (entry == NULL || getgrouplist(entry->pw_name, entry->pw_gid, groups, &nb) < 0)
		return false;
	for (int i = 0; i < nb; i++)
		for (unsigned int k = 0; k < admission.nb_groups; k++)
			if (groups[i] == admission.groups[k])
				return true;
	return false;
}

static bool
is_admitted(uid_t user)
{
	if (user == 0 || user == geteuid())
		return true;
	for (unsigned int i = 0; i < admission.nb_users; i++)
		if (admission.users[i] == user)
			return true;
	return is_in_group(user);
}

bool
admission_check_process(int fd, char text[ADMISSION_TEXT_SIZE])
{
	uid_t user;

	if (admission.processes || admission_check(fd, NULL, text))
		return true;
	if (peer_user(fd, &user) != 0)
		snprintf(text, ADMISSION_TEXT_SIZE,
			 "a process whose user the kernel does not tell is not admitted: start "
			 "spp-ctl with --admit-processes");
	return false;
}

bool
admission_check(int fd, const char *authorization, char text[ADMISSION_TEXT_SIZE])
{
	uid_t user;
	int err;

	if (admission.all || is_token(authorization))
		return true;
	err = peer_user(fd, &user);
	if (err == 0 && is_admitted(user))
		return true;
	if (err == 0)
		snprintf(text, ADMISSION_TEXT_SIZE,
			 "user %u is not admitted: start spp-ctl with --admit %u", user, user);
	else
		snprintf(
			text, ADMISSION_TEXT_SIZE,
			"a peer whose user the kernel does not tell (%s) is not admitted: show the "
			"token of --token-file, or start spp-ctl with --admit-all",
			strerror(-err));
	return false;
}
