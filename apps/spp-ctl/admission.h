/* SPDX-License-Identifier: BSD-3-Clause */
/* Who may control the panel, and who may come as one of its processes. */
#ifndef ADMISSION_H
#define ADMISSION_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define ADMISSION_TEXT_SIZE 192

/* Admit everybody, local and remote. */
void admission_admit_all(void);

/* Admit a user, `NAME` or a number, or the members of a group, `@NAME`, beside root and the user of
 * this process.  0, or -EINVAL with a sentence in error. */
int admission_admit(const char *who, char *error, size_t size);

/* Read the token that clients beyond this machine show: the first line of the file.  0, or -errno
 * with a sentence in error. */
int admission_read_token(const char *path, char *error, size_t size);

/* The number of a user, `NAME` or a number, or of a group.  -EINVAL if there is none. */
int admission_find_user(const char *name, uid_t *user);
int admission_find_group(const char *name, gid_t *group);

/* Admit every process, local and remote: a process has no token to show. */
void admission_admit_processes(void);

/* True if a process beyond this machine is admitted. */
bool admission_has_remote_processes(void);

/* True if a client beyond this machine can be admitted at all, by its token. */
bool admission_has_remote(void);

/* True if the peer of the socket fd is admitted.  authorization is the value of that HTTP
 * header, NULL without one.  If the peer is not admitted, text says in one
 * sentence who it is and what to do. */
bool admission_check(int fd, const char *authorization, char text[ADMISSION_TEXT_SIZE]);
/* The same for a process. */
bool admission_check_process(int fd, char text[ADMISSION_TEXT_SIZE]);

#endif
