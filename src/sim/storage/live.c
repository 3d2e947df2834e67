// What moves, in one block.
#include <math.h>

#include "base/mem.h"
#include "sim/storage/state.h"

// Hands out parts of the block, or only counts them.
typedef struct parts {
    double *block;
    size_t count;
} parts;

static double *take(parts *p, size_t n) {
    double *part = p->block ? p->block + p->count : NULL;
    p->count += n;
    return part;
}

// A sum is two values.
static ct_sum *take_sums(parts *p, size_t n) {
    return (ct_sum *)(void *)take(p, n * (sizeof(ct_sum) / sizeof(double)));
}

static void share_out(ct_storage *s, parts *p) {
    ct_storage__live *l = &s->live;
    l->time_s = take(p, 1);
    l->initial_m3 = take(p, 1);
    l->sums = take_sums(p, CT_STORAGE__SUMS);
    l->volume = take_sums(p, s->bodies);
    l->level = take(p, s->bodies);
    l->max_level = take(p, s->bodies);
    l->told_area = take(p, s->place_count);
    l->told_floor = take(p, s->place_count);
    l->taken = take_sums(p, s->place_count);
    l->inflow_add = take(p, s->area_count);
    l->outside = take(p, s->outside_count);
    l->setting = take(p, s->connection_count);
    l->crest = take(p, s->connection_count);
    l->runs = take(p, s->connection_count);
    l->flow = take(p, s->connection_count);
    l->forward = take_sums(p, s->connection_count);
    l->backward = take_sums(p, s->connection_count);
}

ct_err ct_storage__live_new(ct_storage *s, double start_s) {
    parts p = {0};
    share_out(s, &p);
    s->live.count = p.count;
    s->live.block = ct_calloc(p.count, sizeof *s->live.block);
    if (!s->live.block) return CT_NOMEM;
    p = (parts){s->live.block, 0};
    share_out(s, &p);
    *s->live.time_s = start_s;
    return CT_OK;
}

void ct_storage__live_start(ct_storage *s) {
    ct_storage__live *l = &s->live;
    double surface_m2;
    ct_sum all = {0};
    for (size_t i = 0; i < s->area_count; i++) {
        const ct_storage__area *a = &s->areas[i];
        ct_sum_add(&l->volume[i], ct_storage__volume(a, a->floor_m + a->depth_m, &surface_m2));
        l->level[i] = l->max_level[i] = ct_storage__level(a, ct_sum_value(&l->volume[i]));
        ct_sum_add(&all, ct_sum_value(&l->volume[i]));
    }
    *l->initial_m3 = ct_sum_value(&all);
    for (size_t i = 0; i < s->place_count; i++) {
        l->level[s->area_count + i] = l->max_level[s->area_count + i] = -1e5;
        l->told_area[i] = 1;
        l->told_floor[i] = -1e5;
    }
    for (size_t i = 0; i < s->outside_count; i++) l->outside[i] = NAN;
    for (size_t i = 0; i < s->connection_count; i++) {
        l->setting[i] = l->crest[i] = NAN;
        l->runs[i] = 1;
    }
    // A pump whose level lies between its two at the start waits for the upper one.
    for (size_t i = 0; i < s->connection_count; i++) {
        const ct_storage_connection *c = &s->connections[i].what;
        if (c->kind == CT_STORAGE_PUMP && c->on_m != c->off_m) l->runs[i] = 0;
    }
}
