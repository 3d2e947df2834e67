// Exits, and from every room the shortest way to one: over doors and stairs, straight inside each
// room (Dijkstra 1959 over doors and the ends of stairs).
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/indoor/private.h"

// ---- exits --------------------------------------------------------------------------------------

// Storeys where people walk in from the ground: those that say so, else that of level 0, else the
// lowest at or over the ground.
static bool is_ground(const ct_indoor__work *w, uint32_t storey) {
    const ct_indoor *out = w->out;
    bool stated = false, zero = false;
    if (storey == CT_INDOOR_NONE) return false;
    for (uint32_t i = 0; i < out->n_storeys; i++) {
        stated |= out->storeys[i].entrance;
        zero |= out->storeys[i].level == 0;
    }
    if (stated) return out->storeys[storey].entrance;
    if (zero) return out->storeys[storey].level == 0;
    for (uint32_t i = 0; i < storey; i++)
        if (out->storeys[i].level >= 0) return false;
    return out->storeys[storey].level >= 0;
}

static bool is_outside(const ct_indoor__work *w, uint32_t side) {
    return side == CT_INDOOR_OUTDOORS || (side < w->out->n_spaces && w->out->spaces[side].outside);
}

static const ct_feature *feature_of(const ct_indoor__work *w, uint32_t opening) {
    return opening < w->n_opening_features ? w->opening_features[opening] : NULL;
}

static bool is_exit(const ct_indoor__work *w, uint32_t i) {
    const ct_indoor_opening *o = &w->out->openings[i];
    const ct_feature *f = feature_of(w, i);
    if (!o->passable || is_outside(w, o->side[0]) == is_outside(w, o->side[1])) return false;
    if (o->side[0] == CT_INDOOR_NONE || o->side[1] == CT_INDOOR_NONE) return false;
    if (f && (ct_indoor__flag(f, "is_exit") == 1 ||
              strcmp(ct_feature_text(f, "kind", ""), "entrance") == 0))
        return true;
    return is_ground(w, o->storey);
}

ct_err ct_indoor__exits(ct_indoor__work *w) {
    for (uint32_t i = 0; i < w->out->n_openings; i++) w->out->openings[i].exit = is_exit(w, i);
    return CT_OK;
}

// ---- portals ------------------------------------------------------------------------------------

typedef struct portal {     // a door, or an end of a stair
    uint32_t side[2];       // spaces that it is at
    uint32_t other;         // the stair's other end; CT_INDOOR_NONE
    double at[2], beyond_m; // to the other end
    double out_m;           // to the exit
    uint32_t exit;
} portal;

typedef struct net {
    portal *portals;
    uint32_t n;
    uint32_t *first, *at;   // portals of each space
    uint32_t *heap, n_heap; // of portals that are not settled, the nearest on top
    uint32_t *place;        // of each portal in the heap, plus 1; 0: not there
} net;

static bool before(const net *t, uint32_t a, uint32_t b) {
    const double p = t->portals[a].out_m, q = t->portals[b].out_m;
    return p < q || (p <= q && a < b);
}

static void put(net *t, uint32_t place, uint32_t p) {
    t->heap[place] = p;
    t->place[p] = place + 1;
}

// Adds a portal, or moves up one that has come nearer.
static void push(net *t, uint32_t p) {
    uint32_t i = t->place[p] ? t->place[p] - 1 : t->n_heap++;
    for (; i && before(t, p, t->heap[(i - 1) / 2]); i = (i - 1) / 2)
        put(t, i, t->heap[(i - 1) / 2]);
    put(t, i, p);
}

static uint32_t pop(net *t) {
    const uint32_t top = t->heap[0], last = t->heap[--t->n_heap];
    uint32_t i = 0;
    for (;;) {
        uint32_t child = 2 * i + 1;
        if (child >= t->n_heap) break;
        if (child + 1 < t->n_heap && before(t, t->heap[child + 1], t->heap[child])) child++;
        if (!before(t, t->heap[child], last)) break;
        put(t, i, t->heap[child]);
        i = child;
    }
    if (t->n_heap) put(t, i, last);
    t->place[top] = 0;
    return top;
}

static void add_portals(net *t, const ct_indoor *in) {
    for (uint32_t i = 0; i < in->n_openings; i++) {
        const ct_indoor_opening *o = &in->openings[i];
        if (!o->passable || o->state == CT_INDOOR_LOCKED) continue;
        t->portals[t->n++] =
            (portal){.side = {o->side[0], o->side[1]},
                     .other = CT_INDOOR_NONE,
                     .at = {(o->ends[0] + o->ends[2]) / 2, (o->ends[1] + o->ends[3]) / 2},
                     .out_m = o->exit ? 0 : INFINITY,
                     .exit = o->exit ? i : CT_INDOOR_NONE};
    }
    for (uint32_t i = 0; i < in->n_stairs; i++) {
        const ct_indoor_stair *s = &in->stairs[i];
        if (!s->evacuates) continue;
        for (int k = 0; k < 2; k++) {
            const double *at = s->line.n_points
                                   ? s->line.xyz + (k ? 3 * (size_t)(s->line.n_points - 1) : 0)
                                   : NULL;
            portal *p = &t->portals[t->n];
            *p = (portal){.side = {s->space[k], CT_INDOOR_NONE},
                          .other = k ? t->n - 1 : t->n + 1,
                          .at = {at ? at[0] : (double)NAN, at ? at[1] : (double)NAN},
                          .beyond_m = s->length_m,
                          .out_m = INFINITY,
                          .exit = CT_INDOOR_NONE};
            t->n++;
        }
    }
}

static ct_err index_portals(net *t, ct_indoor__work *w) {
    const uint32_t n = w->out->n_spaces;
    t->first = ct_arena_calloc(w->scratch, n + (size_t)2, sizeof *t->first);
    t->at = ct_arena_calloc(w->scratch, 2 * (size_t)t->n + 1, sizeof *t->at);
    if (!t->first || !t->at) return CT_NOMEM;
    for (uint32_t i = 0; i < 2 * t->n; i++)
        if (t->portals[i / 2].side[i % 2] < n) t->first[t->portals[i / 2].side[i % 2] + 2]++;
    for (uint32_t i = 2; i < n + 2; i++) t->first[i] += t->first[i - 1];
    for (uint32_t i = 0; i < 2 * t->n; i++)
        if (t->portals[i / 2].side[i % 2] < n)
            t->at[t->first[t->portals[i / 2].side[i % 2] + 1]++] = i / 2;
    t->heap = ct_arena_calloc(w->scratch, t->n + (size_t)1, sizeof *t->heap);
    t->place = ct_arena_calloc(w->scratch, t->n + (size_t)1, sizeof *t->place);
    return t->heap && t->place ? CT_OK : CT_NOMEM;
}

static double apart(const double a[2], const double b[2]) {
    const double d = hypot(a[0] - b[0], a[1] - b[1]);
    return isfinite(d) ? d : 0; // a place that is not known is near
}

static void relax(net *t, uint32_t from, uint32_t to, double length) {
    const double d = t->portals[from].out_m + length;
    if (!(d < t->portals[to].out_m)) return;
    t->portals[to].out_m = d;
    t->portals[to].exit = t->portals[from].exit;
    push(t, to);
}

static void settle(net *t, uint32_t n_spaces) {
    for (uint32_t i = 0; i < t->n; i++)
        if (t->portals[i].exit != CT_INDOOR_NONE) push(t, i);
    while (t->n_heap) {
        const uint32_t from = pop(t);
        const portal *p = &t->portals[from];
        if (p->other != CT_INDOOR_NONE) relax(t, from, p->other, p->beyond_m);
        for (int k = 0; k < 2; k++) {
            if (p->side[k] >= n_spaces) continue;
            for (uint32_t i = t->first[p->side[k]]; i < t->first[p->side[k] + 1]; i++)
                relax(t, from, t->at[i], apart(p->at, t->portals[t->at[i]].at));
        }
    }
}

ct_err ct_indoor__ways_out(ct_indoor__work *w) {
    ct_indoor *out = w->out;
    net t = {.portals = ct_arena_calloc(w->scratch,
                                        (size_t)out->n_openings + 2 * (size_t)out->n_stairs + 1,
                                        sizeof(portal))};
    if (!t.portals) return CT_NOMEM;
    add_portals(&t, out);
    CT_TRY(index_portals(&t, w));
    settle(&t, out->n_spaces);
    for (uint32_t i = 0; i < out->n_spaces; i++) {
        ct_indoor_space *s = &out->spaces[i];
        if (s->outside) continue;
        for (uint32_t k = t.first[i]; k < t.first[i + 1]; k++) {
            const portal *p = &t.portals[t.at[k]];
            const double d = p->out_m + apart(s->at, p->at);
            if (!(d < s->way_out_m)) continue;
            s->way_out_m = d;
            s->exit = p->exit;
        }
    }
    return CT_OK;
}
