// Per-thread state of PROJ and GEOS behind one pthread key, whose destructor runs when a thread
// ends.
#include "geo/thread.h"

#include <pthread.h>

#include "base/mem.h"
#include "geo/transform_private.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static bool key_made;

static void thread_free(void *state) {
    ct_geo__thread *thread = state;
    while (thread->transforms) {
        ct_transform *next = thread->transforms->next;
        ct_transform_free(thread->transforms);
        thread->transforms = next;
    }
    if (thread->proj) proj_context_destroy(thread->proj);
    if (thread->geos) GEOS_finish_r(thread->geos);
    ct_free(thread);
}

static void make_key(void) {
    key_made = pthread_key_create(&key, thread_free) == 0;
}

ct_geo__thread *ct_geo__thread_get(void) {
    if (pthread_once(&once, make_key) != 0 || !key_made) {
        (void)ct_fail(CT_NOMEM, "no thread key left");
        return NULL;
    }
    ct_geo__thread *thread = pthread_getspecific(key);
    if (thread) return thread;
    thread = ct_calloc(1, sizeof *thread);
    if (!thread) return NULL;
    if (pthread_setspecific(key, thread) != 0) {
        ct_free(thread);
        (void)ct_fail(CT_NOMEM, "no room for a thread's value");
        return NULL;
    }
    return thread;
}

void ct_geo_thread_end(void) {
    if (pthread_once(&once, make_key) != 0 || !key_made) return;
    void *thread = pthread_getspecific(key);
    if (!thread) return;
    (void)pthread_setspecific(key, NULL);
    thread_free(thread);
}

PJ_CONTEXT *ct_geo__proj_context_new(void) {
    PJ_CONTEXT *context = proj_context_create();
    if (!context) {
        (void)ct_fail(CT_NOMEM, "no PROJ context");
        return NULL;
    }
    proj_log_level(context, PJ_LOG_NONE);
    proj_context_set_enable_network(context, 0);
    return context;
}
