// What PROJ finds out once for all threads: descriptions of systems, and the operation from one to
// another, which takes up to 0.2 s to find and 0.2 ms to copy. The lists are of the process, as
// PROJ's database is; an operation goes with its last user.
#include <pthread.h>
#include <string.h>

#include "base/mem.h"
#include "geo/thread.h"
#include "geo/transform_private.h"

struct ct_geo__operation {
    PJ_CONTEXT *context;
    PJ *pj; // copied only, never used; NULL: identity
    char from[CT_GEO__CODE], to[CT_GEO__CODE];
    unsigned users;
    ct_geo__operation *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // of all below
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool
    finding; // an operation, by one thread: two would only hinder each other at PROJ's database
static ct_geo__operation *operations;
static ct_crs_info described[CT_GEO__DESCRIBED]; // a ring
static unsigned n_described;

// ---- descriptions -------------------------------------------------------------------------------
bool ct_geo__description_find(ct_crs_info *out, const char *code) {
    bool found = false;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < CT_GEO__DESCRIBED && !found; i++) {
        found = strcmp(described[i].code, code) == 0;
        if (found) *out = described[i];
    }
    pthread_mutex_unlock(&lock);
    return found;
}

void ct_geo__description_keep(const ct_crs_info *info) {
    pthread_mutex_lock(&lock);
    described[n_described++ % CT_GEO__DESCRIBED] = *info;
    pthread_mutex_unlock(&lock);
}

// ---- operations ---------------------------------------------------------------------------------
// Systems that give equal numbers in our order (EPSG:4326 and OGC:CRS84).
static bool same_numbers(PJ_CONTEXT *context, const char *from, const char *to) {
    if (strcmp(from, to) == 0) return true;
    PJ *a = proj_create(context, from), *b = proj_create(context, to);
    const bool same =
        a && b &&
        proj_is_equivalent_to_with_ctx(context, a, b, PJ_COMP_EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS);
    proj_destroy(a);
    proj_destroy(b);
    return same;
}

static ct_err open_pj(ct_geo__operation *o) {
    const char *from = ct_geo__crs_proj_name(o->from), *to = ct_geo__crs_proj_name(o->to);
    o->context = ct_geo__proj_context_new();
    if (!o->context) return CT_NOMEM;
    if (same_numbers(o->context, from, to)) return CT_OK;
    PJ *raw = proj_create_crs_to_crs(o->context, from, to, NULL);
    if (!raw) return ct_fail(CT_CRS, "no transform from %s to %s", o->from, o->to);
    o->pj = proj_normalize_for_visualization(o->context, raw);
    proj_destroy(raw);
    if (!o->pj)
        return ct_fail(CT_CRS, "no transform from %s to %s in east, north order", o->from, o->to);
    return CT_OK;
}

static void destroy(ct_geo__operation *o) {
    proj_destroy(o->pj);
    if (o->context) proj_context_destroy(o->context);
    ct_free(o);
}

static ct_err make(ct_geo__operation **out, const char *from, const char *to) {
    ct_geo__operation *o = ct_calloc(1, sizeof *o);
    if (!o) return CT_NOMEM;
    o->users = 1;
    (void)snprintf(o->from, sizeof o->from, "%s", from);
    (void)snprintf(o->to, sizeof o->to, "%s", to);
    const ct_err err = open_pj(o);
    if (err == CT_OK)
        *out = o;
    else
        destroy(o);
    return err;
}

// With the lock held.
static ct_geo__operation *find(const char *from, const char *to) {
    ct_geo__operation *o = operations;
    while (o && (strcmp(o->from, from) != 0 || strcmp(o->to, to) != 0)) o = o->next;
    return o;
}

ct_err ct_geo__operation_take(ct_geo__operation **out, const char *from, const char *to) {
    ct_geo__operation *o;
    pthread_mutex_lock(&lock);
    while (!(o = find(from, to)) && finding) pthread_cond_wait(&changed, &lock);
    if (o) o->users++;
    if (!o) finding = true;
    pthread_mutex_unlock(&lock);
    if (!o) {
        const ct_err err = make(&o, from, to);
        pthread_mutex_lock(&lock);
        finding = false;
        if (err == CT_OK) {
            o->next = operations;
            operations = o;
        }
        pthread_cond_broadcast(&changed);
        pthread_mutex_unlock(&lock);
        CT_TRY(err);
    }
    *out = o;
    return CT_OK;
}

void ct_geo__operation_give(ct_geo__operation *o) {
    if (!o) return;
    pthread_mutex_lock(&lock);
    const bool last = --o->users == 0;
    if (last) {
        ct_geo__operation **at = &operations;
        while (*at != o) at = &(*at)->next;
        *at = o->next;
    }
    pthread_mutex_unlock(&lock);
    if (last) destroy(o);
}

ct_err ct_geo__operation_copy(PJ **out, PJ_CONTEXT **context, const ct_geo__operation *o) {
    if (!o->pj) return CT_OK;
    PJ_CONTEXT *own = ct_geo__proj_context_new();
    if (!own) return CT_NOMEM;
    pthread_mutex_lock(&lock); // an object of PROJ's is not to be read by two threads at once
    PJ *copy = proj_clone(own, o->pj);
    pthread_mutex_unlock(&lock);
    if (!copy) {
        proj_context_destroy(own);
        return ct_fail(CT_NOMEM, "no copy of the transform from %s to %s", o->from, o->to);
    }
    *out = copy;
    *context = own;
    return CT_OK;
}
