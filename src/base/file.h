// Files and folders: whole reads with a limit, writes that are complete or absent, folder walks.
// Errors name the path and the reason; a full disk is CT_DISKFULL, one that is
// mounted read-only or became so by an error CT_READONLY.
#ifndef CT_BASE_FILE_H
#define CT_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cimtwin/err.h"

// The whole file, NUL-ended; caller frees with ct_free. CT_NOTFOUND, CT_IO,
// CT_UNSUPPORTED (a folder), CT_LIMIT, CT_NOMEM.
CT_CHECKED ct_err ct_file_read(char **data, size_t *length, const char *path, size_t max_bytes);
// Writes beside, syncs, renames: the old file or the new one, never a part.
CT_CHECKED ct_err ct_file_write(const char *path, const void *data, size_t length);
CT_CHECKED ct_err ct_file_copy(const char *from, const char *to);
// Into a folder of the caller's own that is synced as a whole later (base/stage.h): under its name
// from the start, not synced. A failure leaves what was written. CT_IO also where `to` is there.
CT_CHECKED ct_err ct_file_copy_unsynced(const char *from, const char *to);
// Removes what killed processes left in the folder on their way to ct_file_write or ct_file_copy;
// what is being written is not touched.
CT_CHECKED ct_err ct_file_sweep(const char *folder);
// Syncs the folder of `to`. Where that fails the old name comes back, unless there was a file `to`
// before.
CT_CHECKED ct_err ct_file_rename(const char *from, const char *to);
// Two files or folders of one disk change names, in one step where the disk can do that; syncs the
// folder of `b`. On failure each has its own name.
CT_CHECKED ct_err ct_file_exchange(const char *a, const char *b);
CT_CHECKED ct_err ct_file_remove(const char *path); // CT_OK if it is not there
// Syncs the folder too: it stays removed, whatever happens. Where the sync fails it is removed.
CT_CHECKED ct_err ct_file_remove_synced(const char *path);
CT_CHECKED ct_err
ct_dir_make(const char *path); // parents too; each is synced; CT_OK if it is there
CT_CHECKED ct_err ct_dir_remove(const char *path); // with all inside; CT_OK if it is not there
CT_CHECKED ct_err ct_dir_clear(const char *path);  // all inside it
// Takes the folder (made if missing) for the caller alone until ct_dir_unlock or until the process
// ends, however it ends; renaming and removing it keep the lock. CT_BUSY if another has it, in this
// process or another.
CT_CHECKED ct_err ct_dir_lock(int *lock, const char *path);
void ct_dir_unlock(int lock); // -1 is fine
// The same by a file (made if missing), which holds the number of the process that has it: CT_BUSY
// tells it. The file stays behind and means nothing by itself.
CT_CHECKED ct_err ct_file_lock(int *lock, const char *path);
CT_CHECKED ct_err
ct_dir_sync(const char *path); // every file inside, then the folder: durable after
// Calls visit for each entry's name except . and .., in byte order of the names.
CT_CHECKED ct_err ct_dir_list(const char *path,
                              ct_err (*visit)(void *context, const char *name, bool is_dir),
                              void *context);
// A descriptor for reading and the size of a regular file, for those who hand it on (sendfile); the
// caller closes it. CT_NOTFOUND, CT_IO.
CT_CHECKED ct_err ct_file_open(int *fd, uint64_t *size, const char *path);
// For failures of libraries that do not say why: CT_IO becomes CT_DISKFULL where the disk that the
// file is or was to be on has no room left; other errors come back as they are.
ct_err ct_file_blame(ct_err err, const char *path);
// Whether the disk that the file is or was to be on refuses all writing; asked after a failure.
// Sets the folder's time of access.
bool ct_disk_read_only(const char *path);
bool ct_file_exists(const char *path);
bool ct_dir_exists(const char *path);
int64_t ct_file_size(const char *path);     // bytes; -1 if it is not there
int64_t ct_file_mtime_us(const char *path); // -1 if it is not there

char *ct_path_join(const char *folder,
                   const char *name); // caller frees with ct_free; NULL when out of memory
// Whether the name ends so, in any case of letters, and is more than the ending (".csv").
bool ct_path_has_ending(const char *path, const char *ending);
const char *ct_path_name(const char *path); // the part after the last slash; borrowed
char *ct_path_folder(const char *path);     // the folder it is in, "." where there is no slash;
                                            // caller frees with ct_free; NULL when out of memory
// Whether a file of this name, which need not be there, lies in the folder or in one below it;
// false where that cannot be told (its own folder is not there).
bool ct_path_inside(const char *path, const char *folder);

// The program's own data: $CIMTWIN_DATA, else the installed share folder beside the program, else
// the source tree's data folder of this build. Caller frees with ct_free. CT_NOTFOUND names the
// places tried.
CT_CHECKED ct_err ct_data_path(char **out, const char *name);
// Absolute path of the running program; caller frees with ct_free.
CT_CHECKED ct_err ct_program_path(char **out);

#endif
