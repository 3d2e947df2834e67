// Doors, windows and free openings: their place and size, what lies on either side, and their state
// at the start.
#include <math.h>
#include <string.h>

#include "model/indoor/private.h"

#define FREE_SILL_M   0.2 // an opening without a filling is a way where its sill is at most so high
#define FREE_HEIGHT_M 1.8 // and it at least so high
#define FREE_WIDTH_M  0.6 // and so wide: narrower ones are for columns and pipes
#define PROBE_UP_M    0.1 // sides are looked for so far above a door's sill
static const double k_probes_m[] = {0.05, 0.15, 0.25, 0.4}; // beyond either face
static const double k_along[] = {0, -0.4, 0.4};             // of half the width

const char *ct_indoor_kind_name(ct_indoor_kind kind) {
    static const char *const names[] = {"door", "window", "opening", "gap", "floor", "connection"};
    return (unsigned)kind < sizeof names / sizeof *names ? names[kind] : "";
}

const char *ct_indoor_state_name(ct_indoor_state state) {
    static const char *const names[] = {"open", "closed", "locked"};
    return (unsigned)state < sizeof names / sizeof *names ? names[state] : "";
}

ct_indoor_opening *ct_indoor__add_opening(ct_indoor__work *w) {
    ct_indoor *out = w->out;
    if (out->n_openings == w->opening_room) {
        const uint32_t room = w->opening_room ? 2 * w->opening_room : 64;
        ct_indoor_opening *grown = ct_arena_calloc(w->arena, room, sizeof *grown);
        if (!grown) return NULL;
        if (out->n_openings) memcpy(grown, out->openings, out->n_openings * sizeof *grown);
        out->openings = grown;
        w->opening_room = room;
    }
    ct_indoor_opening *o = &out->openings[out->n_openings++];
    *o = (ct_indoor_opening){.side = {CT_INDOOR_NONE, CT_INDOOR_NONE}, .storey = CT_INDOOR_NONE};
    return o;
}

// ---- where it is --------------------------------------------------------------------------------

// A door drawn open is no longer thin: its wall then tells where it runs.
static ct_err along_host(ct_indoor__plan *plan, ct_indoor__work *w, const ct_feature *f) {
    const double thin = 0.6;
    const uint32_t host = ct_indoor__index(w->element_at, ct_feature_text(f, "host", NULL));
    ct_indoor__plan wall;
    if (host == CT_INDOOR_NONE || !w->elements.at[host]->body) return CT_OK;
    if (plan->has && plan->half[1] < thin * plan->half[0]) return CT_OK;
    CT_TRY(ct_indoor__plan_of(&wall, w->moment, w->elements.at[host]->body));
    if (!wall.has) return CT_OK;
    const double dx = plan->centre[0] - wall.centre[0], dy = plan->centre[1] - wall.centre[1];
    const double along = dx * wall.axis[0] + dy * wall.axis[1];
    const double width = ct_feature_number(f, "width_m", 2 * plan->half[0]);
    plan->centre[0] = wall.centre[0] + along * wall.axis[0];
    plan->centre[1] = wall.centre[1] + along * wall.axis[1];
    memcpy(plan->axis, wall.axis, sizeof plan->axis);
    plan->half[0] = width / 2;
    plan->half[1] = wall.half[1];
    plan->has = true;
    return CT_OK;
}

static ct_err place_of(ct_indoor__plan *plan, ct_indoor__work *w, const ct_feature *f) {
    *plan = (ct_indoor__plan){.centre = {NAN, NAN}, .z = {NAN, NAN}};
    if (f->body) CT_TRY(ct_indoor__plan_of(plan, w->moment, f->body));
    if (!plan->has && f->geom.n_points) {
        const double *p = f->geom.xyz;
        plan->centre[0] = p[0];
        plan->centre[1] = p[1];
        if (f->geom.has_z) plan->z[0] = plan->z[1] = p[2];
    }
    return isfinite(plan->centre[0]) ? along_host(plan, w, f) : CT_OK;
}

static bool is_lying(const ct_indoor__work *w, const ct_feature *f, const ct_indoor__plan *plan) {
    static const char *const kinds[] = {"slab", "roof", "covering"};
    const uint32_t host = ct_indoor__index(w->element_at, ct_feature_text(f, "host", NULL));
    if (strcmp(ct_feature_text(f, "kind", ""), "opening") != 0) return false;
    for (size_t i = 0; host != CT_INDOOR_NONE && i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(ct_feature_text(w->elements.at[host], "kind", ""), kinds[i]) == 0) return true;
    return plan->has && plan->z[1] - plan->z[0] < 2 * plan->half[1];
}

// ---- what is on either side ---------------------------------------------------------------------

static ct_err look_across(uint32_t *out, ct_indoor__work *w, const ct_indoor__plan *plan,
                          double z_m, double sign) {
    *out = CT_INDOOR_NONE;
    for (size_t d = 0; d < sizeof k_probes_m / sizeof *k_probes_m; d++)
        for (size_t a = 0; a < sizeof k_along / sizeof *k_along; a++) {
            const double v = sign * (plan->half[1] + k_probes_m[d]);
            const double u = k_along[a] * plan->half[0];
            const double at[2] = {plan->centre[0] + u * plan->axis[0] - v * plan->axis[1],
                                  plan->centre[1] + u * plan->axis[1] + v * plan->axis[0]};
            CT_TRY(ct_indoor__space_at(out, w, at, z_m));
            if (*out != CT_INDOOR_NONE) return CT_OK;
        }
    return CT_OK;
}

static ct_err look_up_and_down(uint32_t side[2], ct_indoor__work *w, const ct_indoor__plan *plan) {
    const double beyond_m = 0.4;
    CT_TRY(ct_indoor__space_at(&side[0], w, plan->centre, plan->z[0] - beyond_m));
    return ct_indoor__space_at(&side[1], w, plan->centre, plan->z[1] + beyond_m);
}

// Of a point alone: the two nearest floors.
static ct_err look_around(uint32_t side[2], ct_indoor__work *w, const double at[2], double z_m) {
    const double reach_m = 0.6;
    const ct_box3 box = {{at[0] - reach_m, at[1] - reach_m, z_m},
                         {at[0] + reach_m, at[1] + reach_m, z_m}};
    ct_rtree_hits hits;
    double best[2] = {reach_m, reach_m};
    if (!isfinite(z_m)) return CT_OK;
    CT_TRY(ct_rtree_find(&hits, w->moment, w->space_tree, &box));
    for (uint32_t i = 0; i < hits.n; i++) {
        const double d = ct_geom_distance_m(&w->out->spaces[hits.at[i]].floor, at[0], at[1]);
        if (d < best[0]) {
            best[1] = best[0];
            side[1] = side[0];
            best[0] = d;
            side[0] = hits.at[i];
        } else if (d < best[1]) {
            best[1] = d;
            side[1] = hits.at[i];
        }
    }
    return CT_OK;
}

static bool has(const uint32_t pair[2], uint32_t space) {
    return space != CT_INDOOR_NONE && (pair[0] == space || pair[1] == space);
}

// Two rooms that are seen across it go before what is stated: space boundaries of a door in a
// corner name a third room too. One room alone is seen at outer walls, and where shapes are
// missing.
static void choose_sides(uint32_t out[2], const uint32_t seen[2], const uint32_t stated[2],
                         int external) {
    const uint32_t one = seen[0] != CT_INDOOR_NONE ? seen[0] : seen[1];
    const bool both = seen[0] != CT_INDOOR_NONE && seen[1] != CT_INDOOR_NONE;
    const bool none_stated = stated[0] == CT_INDOOR_NONE;
    memcpy(out, both ? seen : stated, 2 * sizeof *out);
    if (both) return;
    if (one != CT_INDOOR_NONE && (external == 1 || none_stated)) {
        out[0] = one;
        out[1] = CT_INDOOR_NONE;
    } else if (one != CT_INDOOR_NONE && stated[1] == CT_INDOOR_NONE && !has(stated, one)) {
        out[1] = one;
    }
}

static ct_err see_sides(uint32_t seen[2], ct_indoor__work *w, const ct_indoor_opening *o,
                        const ct_indoor__plan *plan) {
    const double z_m = plan->z[0] + fmin(1.0, fmax(PROBE_UP_M, (plan->z[1] - plan->z[0]) / 2));
    if (o->kind == CT_INDOOR_FLOOR) return look_up_and_down(seen, w, plan);
    if (plan->has) {
        CT_TRY(look_across(&seen[0], w, plan, z_m, 1));
        return look_across(&seen[1], w, plan, z_m, -1);
    }
    return isfinite(plan->centre[0]) ? look_around(seen, w, plan->centre, z_m) : CT_OK;
}

// The outside is where nothing is seen or stated on one side.
static ct_err take_sides(ct_indoor__work *w, ct_indoor_opening *o, const ct_feature *f,
                         const ct_indoor__plan *plan) {
    uint32_t seen[2] = {CT_INDOOR_NONE, CT_INDOOR_NONE};
    uint32_t stated[2] = {ct_indoor__index(w->space_at, ct_feature_text(f, "space_a", NULL)),
                          ct_indoor__index(w->space_at, ct_feature_text(f, "space_b", NULL))};
    const int external = ct_indoor__flag(f, "is_external");
    CT_TRY(see_sides(seen, w, o, plan));
    if (stated[0] == CT_INDOOR_NONE) {
        stated[0] = stated[1];
        stated[1] = CT_INDOOR_NONE;
    }
    choose_sides(o->side, seen, stated, external);
    // A door within one room (a cubicle's, a cupboard's that is no room) leads nowhere else.
    if (o->side[0] != CT_INDOOR_NONE && o->side[1] == CT_INDOOR_NONE && external != 0)
        o->side[1] = CT_INDOOR_OUTDOORS;
    return CT_OK;
}

// ---- sizes and state ----------------------------------------------------------------------------

static bool has_filling(const ct_indoor_opening *o) {
    return o->kind == CT_INDOOR_DOOR || o->kind == CT_INDOOR_WINDOW;
}

static void take_sizes(const ct_indoor__work *w, ct_indoor_opening *o, const ct_feature *f,
                       const ct_indoor__plan *plan) {
    const ct_indoor_doors *d = &w->defaults->doors;
    double width = ct_feature_number(f, "width_m", NAN);
    double height = ct_feature_number(f, "height_m", NAN);
    if (!(width > 0)) width = plan->has ? 2 * plan->half[0] : d->width_m;
    if (!(height > 0)) height = plan->z[1] > plan->z[0] ? plan->z[1] - plan->z[0] : d->height_m;
    o->width_m = width;
    o->thickness_m = plan->has ? 2 * plan->half[1] : 0;
    o->sill_z_m = plan->z[0];
    if (!isfinite(o->sill_z_m) && o->storey != CT_INDOOR_NONE)
        o->sill_z_m = w->out->storeys[o->storey].z_m + ct_feature_number(f, "sill_m", 0);
    o->soffit_z_m = o->sill_z_m + (o->kind == CT_INDOOR_FLOOR ? plan->z[1] - plan->z[0] : height);
    const double u = plan->has ? width / 2 : 0;
    for (int k = 0; k < 2; k++) {
        o->ends[k] = plan->centre[k] - u * plan->axis[k];
        o->ends[2 + k] = plan->centre[k] + u * plan->axis[k];
    }
}

static double floor_beside(const ct_indoor__work *w, const ct_indoor_opening *o) {
    double z = NAN;
    for (int k = 0; k < 2; k++)
        if (o->side[k] < w->out->n_spaces) z = fmax(z, w->out->spaces[o->side[k]].z_m);
    if (!isfinite(z) && o->storey != CT_INDOOR_NONE) z = w->out->storeys[o->storey].z_m;
    return z;
}

static void take_way(const ct_indoor__work *w, ct_indoor_opening *o, const ct_feature *f) {
    const ct_indoor_doors *d = &w->defaults->doors;
    const double clear = ct_feature_number(f, "clear_width_m", NAN);
    const double sill = o->sill_z_m - floor_beside(w, o);
    o->passable =
        o->kind == CT_INDOOR_DOOR || (o->kind == CT_INDOOR_FREE && !(sill > FREE_SILL_M) &&
                                      o->soffit_z_m - o->sill_z_m >= FREE_HEIGHT_M);
    if (!o->passable) return;
    o->clear_width_m = o->kind == CT_INDOOR_DOOR ? o->width_m - 2 * d->frame_m : o->width_m;
    if (clear > 0) o->clear_width_m = clear;
    if (!(o->clear_width_m > 0)) o->clear_width_m = o->width_m;
}

static void take_state(const ct_indoor__work *w, ct_indoor_opening *o, const ct_feature *f) {
    const ct_indoor_doors *d = &w->defaults->doors;
    const char *state = ct_feature_text(f, "state", "");
    o->fire_rating_min = (int)ct_feature_number(f, "fire_rating_min", 0);
    o->self_closing = ct_indoor__flag(f, "self_closing") == 1;
    o->smoke_stop = ct_indoor__flag(f, "smoke_stop") == 1;
    const bool kept_shut = o->self_closing || o->smoke_stop || o->fire_rating_min > 0;
    const bool open = kept_shut ? d->rated_open : d->open;
    o->state = CT_INDOOR_OPEN;
    if (o->kind == CT_INDOOR_WINDOW || (o->kind == CT_INDOOR_DOOR && !open))
        o->state = CT_INDOOR_CLOSED;
    for (int i = 0; i <= CT_INDOOR_LOCKED; i++)
        if (strcmp(state, ct_indoor_state_name((ct_indoor_state)i)) == 0)
            o->state = (ct_indoor_state)i;
    if (!has_filling(o)) return;
    o->leak_m2 = o->kind == CT_INDOOR_WINDOW      ? 0
                 : o->width_m >= d->double_from_m ? d->leak_double_m2
                                                  : d->leak_single_m2;
}

static ct_indoor_kind kind_of(const ct_feature *f) {
    const char *kind = ct_feature_text(f, "kind", "");
    if (strcmp(kind, "window") == 0) return CT_INDOOR_WINDOW;
    return strcmp(kind, "opening") == 0 ? CT_INDOOR_FREE : CT_INDOOR_DOOR;
}

static ct_err take_opening(ct_indoor__work *w, const ct_feature *f, const ct_indoor__plan *plan) {
    ct_indoor_opening *o = ct_indoor__add_opening(w);
    if (!o) return CT_NOMEM;
    ct_arena_reset(w->moment);
    o->id = ct_indoor__keep(w, f->id);
    if (!o->id) return CT_NOMEM;
    o->kind = kind_of(f);
    if (is_lying(w, f, plan)) o->kind = CT_INDOOR_FLOOR;
    o->storey = ct_indoor__index(w->storey_at, ct_feature_text(f, "storey", NULL));
    if (o->storey == CT_INDOOR_NONE && isfinite(plan->z[0]))
        o->storey = ct_indoor__storey_at(w, plan->z[0]);
    CT_TRY(take_sides(w, o, f, plan));
    if (o->storey == CT_INDOOR_NONE && o->side[0] < w->out->n_spaces)
        o->storey = w->out->spaces[o->side[0]].storey;
    take_sizes(w, o, f, plan);
    take_way(w, o, f);
    take_state(w, o, f);
    return CT_OK;
}

// ---- one opening, two features ------------------------------------------------------------------

// City models draw a door twice, as a face of either side of its wall: flat, of one size, one
// behind the other.
static bool is_twin(const ct_feature *f, const ct_indoor__plan *p, const ct_feature *g,
                    const ct_indoor__plan *q) {
    const double wall_m = 0.8, same_m = 0.1, flat_m = 0.02, askew = 0.02;
    if (!p->has || !q->has || kind_of(f) != kind_of(g)) return false;
    if (p->half[1] > flat_m || q->half[1] > flat_m) return false;
    if (fabs(p->half[0] - q->half[0]) > same_m || fabs(p->z[0] - q->z[0]) > same_m ||
        fabs(p->z[1] - q->z[1]) > same_m)
        return false;
    const double d[2] = {q->centre[0] - p->centre[0], q->centre[1] - p->centre[1]};
    const double along = d[0] * p->axis[0] + d[1] * p->axis[1];
    const double across = d[1] * p->axis[0] - d[0] * p->axis[1];
    const double turn = p->axis[0] * q->axis[1] - p->axis[1] * q->axis[0];
    return fabs(along) < same_m && fabs(across) < wall_m && fabs(turn) < askew;
}

static void widen(ct_indoor__plan *p, const ct_indoor__plan *q) {
    const double across =
        (q->centre[1] - p->centre[1]) * p->axis[0] - (q->centre[0] - p->centre[0]) * p->axis[1];
    p->centre[0] -= across / 2 * p->axis[1];
    p->centre[1] += across / 2 * p->axis[0];
    p->half[1] += fabs(across) / 2;
}

// Of a pair the first stays, and becomes as thick as both; `gone` tells the others.
static ct_err join_twins(bool *gone, ct_indoor__plan *plans, ct_indoor__work *w) {
    const double reach_m = 0.8;
    const uint32_t n = w->openings.n;
    ct_rtree *tree;
    ct_rtree_hits hits;
    ct_box3 *boxes = ct_arena_calloc(w->scratch, n + (size_t)1, sizeof *boxes);
    if (!boxes) return CT_NOMEM;
    for (uint32_t i = 0; i < n; i++) {
        const ct_indoor__plan *p = &plans[i];
        boxes[i] =
            (ct_box3){{p->centre[0], p->centre[1], p->z[0]}, {p->centre[0], p->centre[1], p->z[1]}};
    }
    CT_TRY(ct_rtree_make(&tree, w->scratch, boxes, n));
    for (uint32_t i = 0; i < n; i++) {
        ct_box3 near = boxes[i];
        if (gone[i] || !plans[i].has) continue;
        for (int k = 0; k < 2; k++) {
            near.min[k] -= reach_m;
            near.max[k] += reach_m;
        }
        ct_arena_reset(w->moment);
        CT_TRY(ct_rtree_find(&hits, w->moment, tree, &near));
        for (uint32_t k = 0; k < hits.n; k++) {
            const uint32_t j = hits.at[k];
            if (j <= i || gone[j] ||
                !is_twin(w->openings.at[i], &plans[i], w->openings.at[j], &plans[j]))
                continue;
            widen(&plans[i], &plans[j]);
            gone[j] = true;
            break;
        }
    }
    return CT_OK;
}

// ---- connections --------------------------------------------------------------------------------

// Where a stated connection and a door join the same rooms they are one: the door has the sizes.
static bool is_known(const ct_indoor__work *w, const uint32_t side[2], uint32_t n_doors) {
    for (uint32_t i = 0; i < n_doors; i++) {
        const uint32_t *s = w->out->openings[i].side;
        if (!w->out->openings[i].passable) continue;
        if ((s[0] == side[0] && s[1] == side[1]) || (s[0] == side[1] && s[1] == side[0]))
            return true;
    }
    return false;
}

static void middle_of(double out[3], const ct_geom *line) {
    const double *a = line->xyz, *b = a + (size_t)ct_geom_stride(line) * (line->n_points - 1);
    for (int k = 0; k < 3; k++) out[k] = k < ct_geom_stride(line) ? (a[k] + b[k]) / 2 : (double)NAN;
}

static ct_err take_connection(ct_indoor__work *w, const ct_feature *f, uint32_t n_doors) {
    const uint32_t side[2] = {ct_indoor__index(w->space_at, ct_feature_text(f, "space_a", NULL)),
                              ct_indoor__index(w->space_at, ct_feature_text(f, "space_b", NULL))};
    if (side[0] == side[1] || is_known(w, side, n_doors)) return CT_OK;
    ct_indoor_opening *o = ct_indoor__add_opening(w);
    if (!o) return CT_NOMEM;
    ct_indoor__plan plan = {.centre = {NAN, NAN}, .z = {NAN, NAN}};
    ct_arena_reset(w->moment);
    o->id = ct_indoor__keep(w, f->id);
    if (!o->id) return CT_NOMEM;
    o->kind = CT_INDOOR_CONNECTION;
    o->passable = true;
    for (int k = 0; k < 2; k++)
        o->side[k] = side[k] == CT_INDOOR_NONE ? CT_INDOOR_OUTDOORS : side[k];
    if (o->side[0] == CT_INDOOR_OUTDOORS) {
        o->side[0] = o->side[1];
        o->side[1] = CT_INDOOR_OUTDOORS;
    }
    if (f->body) CT_TRY(ct_indoor__plan_of(&plan, w->moment, f->body));
    if (!plan.has && f->geom.n_points) {
        double at[3];
        middle_of(at, &f->geom);
        memcpy(plan.centre, at, sizeof plan.centre);
        plan.z[0] = plan.z[1] = floor_beside(w, o);
    }
    take_sizes(w, o, f, &plan);
    o->storey = o->side[0] < w->out->n_spaces ? w->out->spaces[o->side[0]].storey : 0;
    o->clear_width_m = o->width_m;
    return CT_OK;
}

static ct_err take_openings(ct_indoor__work *w) {
    const uint32_t n = w->openings.n;
    ct_indoor__plan *plans = ct_arena_calloc(w->scratch, n + (size_t)1, sizeof *plans);
    bool *gone = ct_arena_calloc(w->scratch, n + (size_t)1, sizeof *gone);
    w->opening_features = ct_arena_calloc(w->scratch, n + (size_t)1, sizeof *w->opening_features);
    if (!plans || !gone || !w->opening_features) return CT_NOMEM;
    for (uint32_t i = 0; i < n; i++) {
        ct_arena_reset(w->moment);
        CT_TRY(place_of(&plans[i], w, w->openings.at[i]));
    }
    CT_TRY(join_twins(gone, plans, w));
    for (uint32_t i = 0; i < n; i++) {
        if (gone[i]) continue;
        w->opening_features[w->n_opening_features++] = w->openings.at[i];
        CT_TRY(take_opening(w, w->openings.at[i], &plans[i]));
    }
    return CT_OK;
}

ct_err ct_indoor__openings(ct_indoor__work *w) {
    CT_TRY(take_openings(w));
    const uint32_t n_doors = w->out->n_openings;
    for (uint32_t i = 0; i < w->connections.n; i++)
        CT_TRY(take_connection(w, w->connections.at[i], n_doors));
    return CT_OK;
}
