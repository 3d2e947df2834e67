// One commit for many callers: who finds nobody at work writes for all who wait, the others sleep
// until theirs is on disk. Many small batches at once cost one wait for the disk, not one each.
#include "base/mem.h"
#include "live/live_private.h"

#define GROUP_ROWS 20000 // of one commit, but for a single caller's larger batch

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

// The oldest waiters, as many as go into one commit, out of the queue.
static waiter *cut_group(ct_live *live) {
    waiter *first = live->waiting, *last = first;
    size_t rows = first->part.n_rows;
    while (last->next && rows + last->next->part.n_rows <= GROUP_ROWS) {
        rows += last->next->part.n_rows;
        last->part.next = &last->next->part;
        last = last->next;
    }
    live->waiting = last->next;
    last->next = NULL;
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
