// Retention: what is older is deleted by a thread of its own, in steps so small that new
// observations hardly wait, with a pause as long as the step after each.
#include <time.h>

#include "base/log.h"
#include "live/live_private.h"

#define STEP_ROWS    5000
#define MIN_PAUSE_US 10000
#define ROUND_US     60000000 // between two looks at everything

static bool ended(ct_live *live) {
    pthread_mutex_lock(&live->retention.lock);
    const bool end = live->retention.stop;
    pthread_mutex_unlock(&live->retention.lock);
    return end;
}

// True when the end came meanwhile.
static bool pause_us(ct_live *live, int64_t us) {
    const int64_t end_us = ct_clock_mono_us(ct_clock_real()) + us;
    const struct timespec until = {.tv_sec = end_us / 1000000,
                                   .tv_nsec = (end_us % 1000000) * 1000};
    int waited = 0;
    pthread_mutex_lock(&live->retention.lock);
    while (!live->retention.stop && waited == 0)
        waited = pthread_cond_timedwait(&live->retention.wake, &live->retention.lock, &until);
    const bool end = live->retention.stop;
    pthread_mutex_unlock(&live->retention.lock);
    return end;
}

static ct_err expire_all(ct_live *live, int64_t *deleted) {
    const int64_t before_us = ct_clock_now_us(live->clock) - live->retention.keep_us;
    int64_t place = 0, n = 0;
    for (bool all = false; !all && !ended(live);) {
        const int64_t start_us = ct_clock_mono_us(ct_clock_real());
        CT_TRY(ct_obs_expire(live->obs, before_us, STEP_ROWS, &place, &n, &all));
        *deleted += n;
        const int64_t took_us = ct_clock_mono_us(ct_clock_real()) - start_us;
        if (!all && pause_us(live, took_us > MIN_PAUSE_US ? took_us : MIN_PAUSE_US)) break;
    }
    return CT_OK;
}

static void *work(void *context) {
    ct_live *live = context;
    do {
        int64_t deleted = 0;
        if (expire_all(live, &deleted) != CT_OK)
            ct_log(CT_LOG_WARNING, "retention: %s", ct_err_message());
        if (deleted)
            ct_log(CT_LOG_INFO, "retention: %lld observations were older and are deleted",
                   (long long)deleted);
    } while (!pause_us(live, ROUND_US));
    return NULL;
}

ct_err ct_live_keep_for(ct_live *live, double days) {
    if (live->retention.started) return ct_fail(CT_EXISTS, "the retention is set already");
    if (!(days >= CT_LIVE_KEEP_MIN_DAYS && days <= CT_LIVE_KEEP_MAX_DAYS))
        return ct_fail(CT_RANGE, "observations are kept for %g to %g days",
                       (double)CT_LIVE_KEEP_MIN_DAYS, (double)CT_LIVE_KEEP_MAX_DAYS);
    live->retention.keep_us = (int64_t)(days * 86400e6);
    if (pthread_create(&live->retention.thread, NULL, work, live) != 0)
        return ct_fail(CT_NOMEM, "the thread of the retention could not be started");
    live->retention.started = true;
    return CT_OK;
}

void ct_live__retention_init(ct_live *live) {
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&live->retention.lock, NULL);
    pthread_cond_init(&live->retention.wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

void ct_live__retention_fini(ct_live *live) {
    pthread_mutex_lock(&live->retention.lock);
    live->retention.stop = true;
    pthread_cond_signal(&live->retention.wake);
    pthread_mutex_unlock(&live->retention.lock);
    if (live->retention.started) pthread_join(live->retention.thread, NULL);
    pthread_cond_destroy(&live->retention.wake);
    pthread_mutex_destroy(&live->retention.lock);
}
