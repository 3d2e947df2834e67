// One commit for many callers: who finds nobody at work writes for all who wait, the others sleep
// until theirs is on disk. Many small batches at once cost one wait for the disk, not one each.
// Small batches pass large ones, and then a large one has its turn: no one's single value waits
// for all the large batches before it, and no large batch for ever.
#include "base/mem.h"
#include "live/live_private.h"

enum {
    GROUP_ROWS = 10000, // of one commit, but for a single caller's larger batch
    SMALL_ROWS = 1000   // of a batch that may pass larger ones
};

typedef ct_live__waiter waiter;

static void note(waiter *w, ct_err err) {
    w->err = err;
    if (err != CT_OK) w->message = ct_strdup(ct_err_message());
}

static ct_err take_list(ct_live *live, waiter *first) {
    return ct_live__take_parts(live, &first->part);
}

// What one caller brought may fail where the others' would not.
static bool may_be_one_callers(ct_err err) {
    return err == CT_LIMIT || err == CT_RANGE || err == CT_NOMEM;
}

static void write_group(ct_live *live, waiter *first) {
    const ct_err err = take_list(live, first);
    if (first->next && may_be_one_callers(err)) {
        for (waiter *w = first, *next; w; w = next) {
            next = w->next;
            w->next = NULL;
            w->part.next = NULL;
            note(w, take_list(live, w));
            w->next = next;
        }
        return;
    }
    for (waiter *w = first; w; w = w->next) note(w, err);
}

static bool is_small(const waiter *w) {
    return w->part.n_rows <= SMALL_ROWS;
}

static bool any_waits(const ct_live *live, bool small) {
    for (const waiter *w = live->waiting; w; w = w->next)
        if (is_small(w) == small) return true;
    return false;
}

// The oldest waiters of the size whose turn it is, as many as go into one commit, out of the queue.
static waiter *cut_group(ct_live *live) {
    const bool large_waits = any_waits(live, false);
    const bool small = any_waits(live, true) && !(large_waits && live->passed);
    waiter *first = NULL, *last = NULL, **at = &live->waiting;
    size_t rows = 0;
    live->passed = small && large_waits;
    while (*at) {
        waiter *w = *at;
        if (is_small(w) != small) {
            at = &w->next;
            continue;
        }
        rows += w->part.n_rows;
        if (first && rows > GROUP_ROWS) break;
        *at = w->next;
        w->next = NULL;
        if (last) {
            last->next = w;
            last->part.next = &w->part;
        } else {
            first = w;
        }
        last = w;
    }
    return first;
}

// With the queue's lock held.
static void lead(ct_live *live) {
    live->led = true;
    waiter *first = cut_group(live);
    pthread_mutex_unlock(&live->queue);
    write_group(live, first);
    pthread_mutex_lock(&live->queue);
    for (waiter *w = first, *next; w; w = next) {
        next = w->next; // a waiter that is done is gone with its caller
        w->done = true;
    }
    live->led = false;
    pthread_cond_broadcast(&live->turn);
}

ct_err ct_live_take(ct_live *live, const ct_observation *rows, size_t n_rows, size_t *refused) {
    waiter self = {.part = {.rows = rows, .n_rows = n_rows}}, **end = &live->waiting;
    pthread_mutex_lock(&live->queue);
    while (*end) end = &(*end)->next;
    *end = &self;
    while (!self.done) {
        if (live->led)
            pthread_cond_wait(&live->turn, &live->queue);
        else
            lead(live);
    }
    pthread_mutex_unlock(&live->queue);
    if (self.err == CT_OK) {
        *refused = self.part.refused;
        ct_live__tell_observations(live);
        return CT_OK;
    }
    const ct_err err = ct_fail(self.err, "%s", self.message ? self.message : "out of memory");
    ct_free(self.message);
    return err;
}
