// Fire compartments: spaces with nothing rated between them, joined. Floors of storeys part them,
// but where an opening or an open stair goes through.
#include <math.h>
#include <string.h>

#include "model/indoor/private.h"

#define WALL_M  0.6 // rooms farther apart have more than a wall between them
#define LEAST_M 0.3

typedef struct sets {
    uint32_t *parent;
} sets;

static uint32_t find(sets *s, uint32_t i) {
    while (s->parent[i] != i) i = s->parent[i] = s->parent[s->parent[i]];
    return i;
}

static void join(sets *s, uint32_t a, uint32_t b) {
    a = find(s, a);
    b = find(s, b);
    if (a < b) s->parent[b] = a;
    if (b < a) s->parent[a] = b;
}

static bool inside(const ct_indoor__work *w, uint32_t space) {
    return space < w->out->n_spaces && !w->out->spaces[space].outside;
}

typedef struct joining {
    ct_indoor__work *w;
    sets *s;
} joining;

static ct_err join_facing(void *context, const ct_indoor__strip *strip) {
    const joining *j = context;
    if (inside(j->w, strip->space[0]) && inside(j->w, strip->space[1]))
        join(j->s, strip->space[0], strip->space[1]);
    return CT_OK;
}

static void join_openings(const ct_indoor__work *w, sets *s) {
    for (uint32_t i = 0; i < w->out->n_openings; i++) {
        const ct_indoor_opening *o = &w->out->openings[i];
        const bool rated = o->fire_rating_min >= w->defaults->separating_min;
        if (!rated && inside(w, o->side[0]) && inside(w, o->side[1]))
            join(s, o->side[0], o->side[1]);
    }
    for (uint32_t i = 0; i < w->out->n_stairs; i++) {
        const ct_indoor_stair *t = &w->out->stairs[i];
        if (t->kind != CT_INDOOR_LIFT && inside(w, t->space[0]) && inside(w, t->space[1]))
            join(s, t->space[0], t->space[1]);
    }
}

// ---- what parts them ----------------------------------------------------------------------------

static void note_rating(const ct_indoor__work *w, uint32_t a, uint32_t b, int rating) {
    const uint32_t sides[2] = {a, b};
    if (rating <= 0) return;
    for (int k = 0; k < 2; k++) {
        if (!inside(w, sides[k])) continue;
        const uint32_t other = sides[1 - k];
        const uint32_t own = w->out->spaces[sides[k]].compartment;
        if (inside(w, other) && w->out->spaces[other].compartment == own) continue;
        int *least = &w->out->compartments[own].fire_rating_min;
        if (!*least || rating < *least) *least = rating;
    }
}

// Along the middle of the wall, what lies on either side.
static ct_err note_wall(ct_indoor__work *w, const ct_indoor__wall *wall) {
    static const double along[] = {-0.8, -0.4, 0, 0.4, 0.8};
    const ct_indoor__plan *p = &wall->plan;
    const double beyond_m = 0.15, z = (p->z[0] + p->z[1]) / 2;
    for (size_t i = 0; p->has && i < sizeof along / sizeof *along; i++) {
        uint32_t side[2];
        for (int k = 0; k < 2; k++) {
            const double u = along[i] * p->half[0], v = (k ? -1 : 1) * (p->half[1] + beyond_m);
            const double at[2] = {p->centre[0] + u * p->axis[0] - v * p->axis[1],
                                  p->centre[1] + u * p->axis[1] + v * p->axis[0]};
            CT_TRY(ct_indoor__space_at(&side[k], w, at, z));
        }
        if (inside(w, side[0]) && inside(w, side[1]))
            note_rating(w, side[0], side[1], wall->rating_min);
    }
    return CT_OK;
}

static ct_err note_ratings(ct_indoor__work *w) {
    for (uint32_t i = 0; i < w->out->n_openings; i++) {
        const ct_indoor_opening *o = &w->out->openings[i];
        if (inside(w, o->side[0]) && inside(w, o->side[1]))
            note_rating(w, o->side[0], o->side[1], o->fire_rating_min);
    }
    ct_arena_reset(w->moment);
    for (uint32_t i = 0; i < w->n_walls; i++)
        if (w->walls[i].separates && !w->walls[i].slab) CT_TRY(note_wall(w, &w->walls[i]));
    return CT_OK;
}

ct_err ct_indoor__compartments(ct_indoor__work *w) {
    ct_indoor *out = w->out;
    const size_t room = out->n_spaces + (size_t)1;
    sets s = {.parent = ct_arena_calloc(w->scratch, room, sizeof *s.parent)};
    out->compartments = ct_arena_calloc(w->arena, room, sizeof *out->compartments);
    if (!s.parent || !out->compartments) return CT_NOMEM;
    for (uint32_t i = 0; i < out->n_spaces; i++) s.parent[i] = i;
    join_openings(w, &s);
    joining j = {w, &s};
    const ct_indoor__facing how = {.reach_m = WALL_M,
                                   .least_m = LEAST_M,
                                   .only_separating = true,
                                   .visit = join_facing,
                                   .context = &j};
    CT_TRY(ct_indoor__face(w, &how));
    for (uint32_t i = 0; i < out->n_spaces; i++) {
        ct_indoor_space *space = &out->spaces[i];
        if (space->outside) continue;
        const uint32_t first = find(&s, i);
        space->compartment = first == i ? out->n_compartments++ : out->spaces[first].compartment;
        ct_indoor_compartment *c = &out->compartments[space->compartment];
        c->n_spaces++;
        c->area_m2 += space->area_m2;
        c->volume_m3 += space->volume_m3;
    }
    return note_ratings(w);
}
