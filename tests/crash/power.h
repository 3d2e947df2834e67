// What the power takes with it: contents and names that no sync has made sure of. For kill_at.c.
#ifndef CT_TESTS_POWER_H
#define CT_TESTS_POWER_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

// Only paths that begin with `under` are kept; `removed`: a folder on the same disk for what the
// program removes. Without this call nothing is kept or lost.
void power_start(const char *under, const char *removed);
// Before n bytes are written from `at` on or, with `cut`, what lies behind is cut off.
void power_keep(int fd, off_t at, size_t n, bool cut);
void power_synced(int fd); // a file or a folder
void power_made(const char *path);
// As the calls of these names; done in such a way that they can be taken back.
int power_rename(const char *from, const char *to);
int power_unlink(const char *path);
int power_rmdir(const char *path);
int power_mkdir(const char *path, mode_t mode);
void power_lose(void); // no call here returns in any thread after it

bool power_path_of(char path[PATH_MAX], int fd); // false where it has none

#endif
