// Clocks: the operating system's and one turned by hand.
#include "base/clock.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

#include "base/mem.h"

struct ct_clock {
    bool is_virtual;
    pthread_mutex_t lock; // guards the rest, virtual clocks only
    pthread_cond_t turned;
    int64_t now_us;
};

ct_clock *ct_clock_real(void) {
    static ct_clock real = {.is_virtual = false}; // never written
    return &real;
}

ct_clock *ct_clock_virtual_new(int64_t start_us) {
    ct_clock *clock = ct_calloc(1, sizeof *clock);
    if (!clock) return NULL;
    clock->is_virtual = true;
    clock->now_us = start_us;
    pthread_mutex_init(&clock->lock, NULL);
    pthread_cond_init(&clock->turned, NULL);
    return clock;
}

void ct_clock_free(ct_clock *clock) {
    if (!clock || !clock->is_virtual) return;
    pthread_cond_destroy(&clock->turned);
    pthread_mutex_destroy(&clock->lock);
    ct_free(clock);
}

static int64_t read_system(clockid_t id) {
    struct timespec t;
    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int64_t read_virtual(ct_clock *clock) {
    pthread_mutex_lock(&clock->lock);
    int64_t now = clock->now_us;
    pthread_mutex_unlock(&clock->lock);
    return now;
}

int64_t ct_clock_now_us(ct_clock *clock) {
    return clock->is_virtual ? read_virtual(clock) : read_system(CLOCK_REALTIME);
}

int64_t ct_clock_mono_us(ct_clock *clock) {
    return clock->is_virtual ? read_virtual(clock) : read_system(CLOCK_MONOTONIC);
}

int64_t ct_clock_cpu_us(void) {
    return read_system(CLOCK_PROCESS_CPUTIME_ID);
}

void ct_clock_sleep_us(ct_clock *clock, int64_t us) {
    if (us <= 0) return;
    if (clock->is_virtual) {
        pthread_mutex_lock(&clock->lock);
        int64_t until = clock->now_us + us;
        while (clock->now_us < until) pthread_cond_wait(&clock->turned, &clock->lock);
        pthread_mutex_unlock(&clock->lock);
        return;
    }
    struct timespec left = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
    while (clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) == EINTR) {}
}

void ct_clock_advance(ct_clock *clock, int64_t us) {
    if (!clock->is_virtual || us <= 0) return;
    pthread_mutex_lock(&clock->lock);
    clock->now_us += us;
    pthread_cond_broadcast(&clock->turned);
    pthread_mutex_unlock(&clock->lock);
}
