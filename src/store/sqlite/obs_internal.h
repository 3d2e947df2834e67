// Private to the observations: the open file and the dictionary of its series.
#ifndef CT_STORE_SQLITE_OBS_INTERNAL_H
#define CT_STORE_SQLITE_OBS_INTERNAL_H

#include "base/arena.h"
#include "store/obs.h"
#include "store/sqlite/conn.h"

#define CT_OBS__SCHEMA_VERSION 1
#define CT_OBS__APPLICATION_ID 0x63744f62 // "ctOb"
#define CT_OBS__MAX_SERIES     4000000
// Of every connection: a file that grows for ever is not mapped, so that memory does not grow too.
#define CT_OBS__SETUP "PRAGMA mmap_size=0"

// One (device, property); its number stands in the rows.
typedef struct ct_obs__series {
    const char *device, *property; // in the dictionary's arena
    int64_t number;
    int64_t last_us; // newest time that is known to be stored; INT64_MIN = none
} ct_obs__series;

typedef struct ct_obs__dictionary {
    ct_arena *arena;
    ct_obs__series *series;
    size_t n, room;
    uint32_t *slots; // hash table of index + 1 into series; 0 = free
    size_t n_slots;  // power of two
} ct_obs__dictionary;

struct ct_obs {
    char *path;
    ct_store__pool readers;
    pthread_mutex_t lock; // guards all that follows
    ct_store__conn *main; // the one connection that writes
    ct_obs__dictionary dictionary;
    bool stale;         // the dictionary may name series that were rolled back
    int64_t n_new;      // rows of the last append that were not there
    int log_pages;      // in the log after the last commit
    int log_home_pages; // from here on a commit brings the log's pages home
    int log_max_pages;  // from here on it also waits for readers, so that the log starts anew
    int log_next_pages; // the same, later after one that took too long
};

void ct_obs__dictionary_fini(ct_obs__dictionary *d);
CT_CHECKED ct_err ct_obs__dictionary_load(ct_obs__dictionary *d, ct_store__conn *conn);
// The series' place in d->series; made, in the file too, where it is new.
CT_CHECKED ct_err ct_obs__series_get(size_t *out, ct_obs__dictionary *d, ct_store__conn *conn,
                                     const char *device, const char *property);
CT_CHECKED ct_err ct_obs__name_check(const char *what, const char *name);
CT_CHECKED ct_err ct_obs__value_check(const ct_observation *row); // its value and quality
// The log's length is noted at every commit from now on; SQLite's own checkpoints end.
void ct_obs__watch_log(ct_obs *obs);
void ct_obs__shorten_log(ct_obs *obs); // where it is long; after a commit, with the lock held
CT_CHECKED ct_err ct_obs__alarms_write(ct_store__conn *conn, ct_alarm *alarms, size_t n);

#endif
