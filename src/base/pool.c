// The thread pool: workers that wait for the next loop, spinning for a moment (a simulation step
// follows the last one within microseconds), then sleeping.
#include "base/pool.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/mem.h"
#include "cimtwin/err.h"

// About 10 microseconds; no spinning where the pool has more threads than the machine has cores.
enum { SPINS = 1000, MAX_THREADS = 1024 };

typedef struct worker {
    ct_pool *pool;
    pthread_t thread;
    int index; // 1..threads-1; 0 is the caller
} worker;

struct ct_pool {
    int threads, started, spins;
    worker workers[MAX_THREADS];

    // The loop at hand: written by the caller before `generation` moves on, read by the workers
    // after.
    void (*work)(void *context, size_t part);
    void *context;
    size_t parts;

    pthread_mutex_t lock;
    pthread_cond_t next, done;
    atomic_uint generation; // changes under the lock, so that a sleeper cannot miss it
    atomic_int remaining;   // workers not yet through the loop at hand
    atomic_bool stop;
};

static inline void relax(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
}

static void run_share(ct_pool *pool, int index) {
    size_t t = (size_t)index, n = (size_t)pool->threads;
    // parts * t / n without overflow
    size_t whole = pool->parts / n, rest = pool->parts % n;
    size_t from = whole * t + rest * t / n, to = whole * (t + 1) + rest * (t + 1) / n;
    for (size_t part = from; part < to; part++) pool->work(pool->context, part);
}

static unsigned wait_for_next(ct_pool *pool, unsigned seen) {
    unsigned now;
    for (int i = 0; i < pool->spins; i++) {
        now = atomic_load_explicit(&pool->generation, memory_order_acquire);
        if (now != seen) return now;
        relax();
    }
    pthread_mutex_lock(&pool->lock);
    while ((now = atomic_load(&pool->generation)) == seen)
        pthread_cond_wait(&pool->next, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
    return now;
}

static void *worker_main(void *argument) {
    worker *self = argument;
    ct_pool *pool = self->pool;
    for (unsigned seen = 0;;) {
        seen = wait_for_next(pool, seen);
        if (atomic_load(&pool->stop)) return NULL;
        run_share(pool, self->index);
        if (atomic_fetch_sub(&pool->remaining, 1) == 1) {
            pthread_mutex_lock(&pool->lock);
            pthread_cond_signal(&pool->done);
            pthread_mutex_unlock(&pool->lock);
        }
    }
}

static void start_generation(ct_pool *pool) {
    pthread_mutex_lock(&pool->lock);
    atomic_fetch_add_explicit(&pool->generation, 1, memory_order_release);
    pthread_cond_broadcast(&pool->next);
    pthread_mutex_unlock(&pool->lock);
}

// Signals go to the program's own threads: workers are born with all of them blocked.
static int start_worker(worker *w) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&w->thread, NULL, worker_main, w);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed;
}

ct_pool *ct_pool_new(int threads) {
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    if (cores < 1) cores = 1;
    if (threads <= 0) threads = (int)cores;
    if (threads > MAX_THREADS) threads = MAX_THREADS;
    ct_pool *pool = ct_calloc(1, sizeof *pool);
    if (!pool) return NULL;
    pool->threads = threads;
    pool->spins = threads <= cores ? SPINS : 0;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->next, NULL);
    pthread_cond_init(&pool->done, NULL);
    for (int i = 1; i < threads; i++) {
        pool->workers[i] = (worker){.pool = pool, .index = i};
        if (start_worker(&pool->workers[i]) != 0) {
            ct_pool_free(pool);
            (void)ct_fail(CT_NOMEM, "cannot start thread %d of %d", i, threads);
            return NULL;
        }
        pool->started = i;
    }
    return pool;
}

void ct_pool_free(ct_pool *pool) {
    if (!pool) return;
    atomic_store(&pool->stop, true);
    start_generation(pool);
    for (int i = 1; i <= pool->started; i++) pthread_join(pool->workers[i].thread, NULL);
    pthread_cond_destroy(&pool->done);
    pthread_cond_destroy(&pool->next);
    pthread_mutex_destroy(&pool->lock);
    ct_free(pool);
}

int ct_pool_threads(const ct_pool *pool) {
    return pool->threads;
}

void ct_pool_run(ct_pool *pool, size_t parts, void (*work)(void *context, size_t part),
                 void *context) {
    pool->work = work;
    pool->context = context;
    pool->parts = parts;
    if (pool->threads == 1 || parts < 2) {
        for (size_t part = 0; part < parts; part++) work(context, part);
        return;
    }
    atomic_store(&pool->remaining, pool->threads - 1);
    start_generation(pool);
    run_share(pool, 0);
    for (int i = 0; i < pool->spins; i++) {
        if (atomic_load_explicit(&pool->remaining, memory_order_acquire) == 0) return;
        relax();
    }
    pthread_mutex_lock(&pool->lock);
    while (atomic_load(&pool->remaining) != 0) pthread_cond_wait(&pool->done, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
}
