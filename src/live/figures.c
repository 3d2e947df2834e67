// What came, what was stored, and how long the disk took.
#include <math.h>

#include "live/live_private.h"

static const int64_t bounds_us[CT_LIVE_COMMIT_BUCKETS] = {1000,  2500,   5000,   10000,
                                                          25000, 100000, 500000, INT64_MAX};

double ct_live_commit_bound_s(size_t bucket) {
    if (bucket + 1 >= CT_LIVE_COMMIT_BUCKETS) return (double)INFINITY;
    return (double)bounds_us[bucket] * 1e-6;
}

void ct_live__note_commit(ct_live *live, ct_err err, size_t n, size_t written, int64_t us) {
    size_t bucket = 0;
    while (us > bounds_us[bucket]) bucket++;
    pthread_mutex_lock(&live->state);
    ct_live_figures *f = &live->figures;
    f->received += (int64_t)n;
    if (err == CT_OK) {
        f->stored += (int64_t)written;
        f->refused += (int64_t)(n - written);
    }
    if (err != CT_OK) f->failed++;
    if (err == CT_OK && written) {
        f->commits++;
        f->commit[bucket]++;
        f->commit_sum_s += (double)us * 1e-6;
    }
    pthread_mutex_unlock(&live->state);
}

void ct_live_get_figures(ct_live_figures *out, ct_live *live) {
    pthread_mutex_lock(&live->state);
    *out = live->figures;
    pthread_mutex_unlock(&live->state);
    for (size_t i = 1; i < CT_LIVE_COMMIT_BUCKETS; i++) out->commit[i] += out->commit[i - 1];
}
