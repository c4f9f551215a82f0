/* SPDX-License-Identifier: BSD-3-Clause */
/* What EAL leaves in the file system.  [main] */
#ifndef EAL_FILES_H
#define EAL_FILES_H

/* Owner of the memory: call clean_up(), which may unmap it, then remove the files of its hugepages
 * and its runtime directory. */
void eal_files_remove(const char *runtime_dir, void (*clean_up)(void));

/* Secondary: remove what this process has in the runtime directory of its primary. */
void eal_files_remove_own(const char *runtime_dir);

#endif
