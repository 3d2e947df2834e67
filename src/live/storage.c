// Whether observations can be stored: what the last write said, how much room the disk has, and
// trying again until it takes them.
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

#include "base/log.h"
#include "base/mem.h"
#include "live/live_private.h"

#define LOOK_US      1000000   // between two looks at the disk
#define LEAST_BYTES  (1 << 20) // free: with less it counts as full
#define ENOUGH_BYTES (4 << 20) // free: with more it is full no longer

// Of a failed write and of the look at the disk, the first that is wrong is the state. With its
// lock held.
static ct_err state_of(const ct_live__storage *s) {
    return s->write_err != CT_OK ? s->write_err : s->room_err;
}

// Tells the log what became of the state `before`. With the lock held.
static void tell_log(ct_live__storage *s, ct_err before, int64_t now_us) {
    const ct_err after = state_of(s);
    if (after == before) return;
    if (after == CT_OK) {
        ct_log(CT_LOG_INFO, "live: the disk takes observations again, after %.1f s",
               (double)(now_us - s->since_us) * 1e-6);
        s->since_us = 0;
        return;
    }
    if (before == CT_OK) s->since_us = now_us;
    ct_log(CT_LOG_ERROR, "live: the disk fails observations: %s",
           s->write_err != CT_OK ? s->write_message : s->room_message);
}

ct_err ct_live__storage_init(ct_live__storage *s, const ct_store *store) {
    pthread_mutex_init(&s->lock, NULL);
    s->free_bytes = -1;
    s->folder = ct_store_file(store, "");
    return s->folder ? CT_OK : CT_NOMEM;
}

void ct_live__storage_fini(ct_live__storage *s) {
    ct_free(s->folder);
    pthread_mutex_destroy(&s->lock);
}

void ct_live__note_write(ct_live *live, ct_err err) {
    ct_live__storage *s = &live->storage;
    if (err == CT_NOMEM || (err == CT_OK && !atomic_load(&s->refuses))) return;
    pthread_mutex_lock(&s->lock);
    const ct_err before = state_of(s);
    s->write_err = err;
    atomic_store(&s->refuses, err != CT_OK);
    (void)snprintf(s->write_message, sizeof s->write_message, "%s", err ? ct_err_message() : "");
    tell_log(s, before, ct_clock_now_us(live->clock));
    pthread_mutex_unlock(&s->lock);
}

// What the folder's disk says of itself.
static ct_err look(ct_live__storage *s) {
    struct statvfs disk;
    char text[128];
    if (statvfs(s->folder, &disk) != 0)
        return ct_fail(CT_IO, "%s: %s", s->folder, strerror_r(errno, text, sizeof text));
    s->free_bytes = (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
    if (disk.f_flag & ST_RDONLY)
        return ct_fail(CT_READONLY, "%s: the disk is read-only", s->folder);
    const int64_t least = state_of(s) == CT_DISKFULL ? ENOUGH_BYTES : LEAST_BYTES;
    if (disk.f_blocks && s->free_bytes < least)
        return ct_fail(CT_DISKFULL, "%s: the disk is full", s->folder);
    return CT_OK;
}

void ct_live__look_at_storage(ct_live *live, bool may_write) {
    ct_live__storage *s = &live->storage;
    const int64_t mono_us = ct_clock_mono_us(live->clock);
    pthread_mutex_lock(&s->lock);
    if (s->looked && mono_us - s->looked_us < LOOK_US) {
        pthread_mutex_unlock(&s->lock);
        return;
    }
    s->looked = true;
    s->looked_us = mono_us;
    const ct_err before = state_of(s);
    s->room_err = look(s);
    (void)snprintf(s->room_message, sizeof s->room_message, "%s",
                   s->room_err ? ct_err_message() : "");
    const bool try = may_write && s->write_err != CT_OK && s->room_err == CT_OK;
    tell_log(s, before, ct_clock_now_us(live->clock));
    pthread_mutex_unlock(&s->lock);
    if (try) ct_live__note_write(live, ct_obs_try(live->obs));
}

void ct_live_get_storage(ct_live_storage *out, ct_live *live) {
    ct_live__storage *s = &live->storage;
    pthread_mutex_lock(&s->lock);
    *out = (ct_live_storage){.err = state_of(s),
                             .refuses = s->write_err != CT_OK,
                             .since_us = s->since_us,
                             .free_bytes = s->free_bytes};
    (void)snprintf(out->message, sizeof out->message, "%s",
                   s->write_err ? s->write_message : s->room_message);
    pthread_mutex_unlock(&s->lock);
}
