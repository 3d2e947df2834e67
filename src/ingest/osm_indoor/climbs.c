// Ways up and down: steps, ramps and moving stairs drawn as lines, rooms that are stairs, lifts.
#include <string.h>

#include "ingest/osm_indoor/inside.h"

static bool is_yes(const ct_osm__element *e, const char *key) {
    const char *text = ct_osm__get(e, key);
    return text && strcmp(text, "no") != 0;
}

static ct_err add_climb(ct_osm__inside *in, ct_osm__climb *c, double level, bool *first) {
    const char *suffix = *first ? "" : ct_arena_printf(in->arena, "~%g", level);
    if (!suffix) return CT_NOMEM;
    c->building = c->thing->building;
    CT_TRY(ct_osm__source(&c->source, in, c->thing->of));
    CT_TRY(ct_osm__id(&c->id, in, "transition", c->thing->of, suffix));
    *first = false;
    CT_TRY(ct_osm__room(&in->climbs, &in->climb_room, in->n_climbs, sizeof *c, in->arena));
    in->climbs[in->n_climbs++] = *c;
    return CT_OK;
}

// ---- lines --------------------------------------------------------------------------------------

static const char *line_kind(const ct_osm__thing *t) {
    if (is_yes(t->of, "conveying")) return "escalator";
    return t->kind == CT_OSM__RAMP ? "ramp" : "stair";
}

// Whether the line goes down as it is drawn.
static bool goes_down(const ct_osm__element *e) {
    const char *incline = ct_osm__get(e, "incline");
    return incline && (strcmp(incline, "down") == 0 || *incline == '-');
}

static ct_err rising_line(ct_geom *out, ct_osm__inside *in, const ct_osm__thing *t, double from_m,
                          double to_m) {
    const ct_geom *g = &t->geom;
    const double all_m = ct_geom_length_m(g);
    const bool down = goes_down(t->of);
    double so_far = 0;
    CT_TRY(ct_geom_single(out, in->arena, CT_GEOM_LINESTRING, true, g->n_points));
    for (uint32_t i = 0; i < g->n_points; i++) {
        const uint32_t k = down ? g->n_points - 1 - i : i;
        const double *p = g->xyz + 2 * (size_t)k;
        double *to = out->xyz + 3 * (size_t)i;
        memcpy(to, p, 2 * sizeof *to);
        if (i) so_far += hypot(to[0] - to[-3], to[1] - to[-2]);
        to[2] =
            from_m + (all_m > 0 ? so_far / all_m : (double)i / (g->n_points - 1)) * (to_m - from_m);
    }
    return CT_OK;
}

// Of each two neighbours among the levels, moved by `shift`.
static ct_err add_flights(ct_osm__inside *in, const ct_osm__thing *t, const ct_osm__run *levels,
                          double shift, bool *first) {
    for (size_t i = 0; i + 1 < levels->n; i++) {
        ct_osm__climb c = {.thing = t, .kind = line_kind(t)};
        for (int k = 0; k < 2; k++)
            c.storey[k] = ct_osm__storey_of(in, t->building, levels->at[i + (size_t)k] + shift);
        if (c.storey[0] == CT_OSM__NONE || c.storey[1] == CT_OSM__NONE) continue;
        CT_TRY(rising_line(&c.line, in, t, in->storeys[c.storey[0]].z_m,
                           in->storeys[c.storey[1]].z_m));
        CT_TRY(add_climb(in, &c, levels->at[i] + shift, first));
    }
    return CT_OK;
}

// The level at an end of a line: that of the spaces that it touches, where these are of one level.
static ct_err level_at(double *out, ct_osm__inside *in, const ct_osm__thing *t, const double *at) {
    const double touch_m = 0.05;
    const ct_osm__building *b = &in->buildings[t->building];
    size_t n = 0;
    for (uint32_t i = b->first; i < b->first + b->n; i++) {
        ct_rtree_hits hits;
        ct_arena_reset(in->job->arena);
        CT_TRY(ct_osm__spaces_near(&hits, in, t->building, in->storeys[i].level, at, touch_m));
        if (!hits.n) continue;
        *out = in->storeys[i].level;
        n++;
    }
    if (n != 1) *out = NAN;
    return CT_OK;
}

static ct_err take_line(ct_osm__inside *in, const ct_osm__thing *t) {
    ct_osm__run levels = t->levels;
    double ends[2];
    bool first = true;
    if (levels.n < 2) {
        CT_TRY(level_at(&ends[0], in, t, t->geom.xyz));
        CT_TRY(level_at(&ends[1], in, t, t->geom.xyz + 2 * (size_t)(t->geom.n_points - 1)));
        if (isfinite(ends[0]) && isfinite(ends[1]) && fabs(ends[0] - ends[1]) > 1e-6) {
            const double low = fmin(ends[0], ends[1]);
            ends[1] = fmax(ends[0], ends[1]);
            ends[0] = low;
            levels = (ct_osm__run){.n = 2, .at = ends};
        } else {
            if (t->levels.n)
                ct_osm__tell(in->d, "steps-one-level", t->of,
                             "it lies on one level and its ends tell no other: it leads nowhere");
            return CT_OK;
        }
    }
    CT_TRY(add_flights(in, t, &levels, 0, &first));
    for (size_t i = 0; i < t->repeats.n; i++) {
        const double shift = t->repeats.at[i] - levels.at[0];
        if (fabs(shift) > 1e-6) CT_TRY(add_flights(in, t, &levels, shift, &first));
    }
    return CT_OK;
}

// ---- rooms that are stairs ----------------------------------------------------------------------

// Whether steps are drawn in the space from its level to the next.
static bool has_steps(const ct_osm__inside *in, const ct_osm__space *s) {
    for (size_t i = 0; i < in->n_climbs; i++) {
        const ct_osm__climb *c = &in->climbs[i];
        if (c->building != s->building || c->storey[0] != s->storey) continue;
        if (c->thing->kind != CT_OSM__STEPS && c->thing->kind != CT_OSM__RAMP) continue;
        if (ct_geom_distance_m(&s->shape, c->thing->at[0], c->thing->at[1]) < 0.1) return true;
    }
    return false;
}

// A straight line inside, along the longest edge of the ring.
static void span(double ends[4], const ct_geom *g) {
    double middle[2], longest = 0, u[2] = {1, 0};
    const double *xyz = g->xyz;
    ct_osm__middle(middle, g);
    for (uint32_t i = 0; i + 1 < g->ring_end[0]; i++) {
        const double *a = xyz + 2 * (size_t)i, *b = a + 2;
        const double length = hypot(b[0] - a[0], b[1] - a[1]);
        if (length <= longest) continue;
        longest = length;
        u[0] = (b[0] - a[0]) / length;
        u[1] = (b[1] - a[1]) / length;
    }
    for (double half = longest / 3;; half /= 2) {
        for (int k = 0; k < 2; k++) {
            ends[k] = middle[k] - half * u[k];
            ends[2 + k] = middle[k] + half * u[k];
        }
        const double tiny_m = 0.05;
        if (half < tiny_m || (ct_geom_contains_point(g, ends[0], ends[1]) &&
                              ct_geom_contains_point(g, ends[2], ends[3])))
            return;
    }
}

static ct_err add_stairs(ct_osm__inside *in, const ct_osm__space *s, const ct_osm__space *above,
                         bool *first) {
    ct_osm__climb c = {.thing = s->thing, .storey = {s->storey, above->storey}};
    double ends[4];
    CT_TRY(ct_osm__spend(in, (double)in->n_climbs));
    if (has_steps(in, s)) return CT_OK;
    c.kind = is_yes(s->thing->of, "conveying") ? "escalator" : "stair";
    span(ends, &s->shape);
    CT_TRY(ct_geom_single(&c.line, in->arena, CT_GEOM_LINESTRING, true, 2));
    for (int k = 0; k < 2; k++) {
        memcpy(c.line.xyz + 3 * k, ends + 2 * k, 2 * sizeof *ends);
        c.line.xyz[3 * k + 2] = k ? above->z_m : s->z_m;
    }
    return add_climb(in, &c, s->low, first);
}

// ---- lifts --------------------------------------------------------------------------------------

static ct_err add_lift(ct_osm__inside *in, const ct_osm__thing *t, double low, double high,
                       bool *first) {
    ct_osm__climb c = {.thing = t, .kind = "lift"};
    c.storey[0] = ct_osm__storey_of(in, t->building, low);
    c.storey[1] = ct_osm__storey_of(in, t->building, high);
    if (c.storey[0] == CT_OSM__NONE || c.storey[1] == CT_OSM__NONE) return CT_OK;
    CT_TRY(ct_geom_single(&c.line, in->arena, CT_GEOM_LINESTRING, true, 2));
    for (int k = 0; k < 2; k++) {
        memcpy(c.line.xyz + 3 * k, t->at, 2 * sizeof *t->at);
        c.line.xyz[3 * k + 2] = in->storeys[c.storey[k]].z_m;
    }
    return add_climb(in, &c, low, first);
}

// Between its outermost levels, repeat_on's too: a lift is one shaft.
static ct_err take_lift(ct_osm__inside *in, const ct_osm__thing *t) {
    double low = INFINITY, high = -INFINITY;
    bool first = true;
    const ct_osm__run *runs[] = {&t->levels, &t->repeats};
    for (int r = 0; r < 2; r++)
        for (size_t i = 0; i < runs[r]->n; i++) {
            low = fmin(low, runs[r]->at[i]);
            high = fmax(high, runs[r]->at[i]);
        }
    if (high > low) return add_lift(in, t, low, high, &first);
    ct_osm__tell(in->d, "lift-one-level", t->of, "a lift that serves %s: it leads nowhere",
                 t->levels.n ? "one level" : "no level that it tells");
    return CT_OK;
}

// Whether a lift drawn as a room is around the node.
static ct_err is_in_shaft(bool *out, ct_osm__inside *in, const ct_osm__thing *t) {
    *out = false;
    for (size_t k = 0; k < t->levels.n && !*out; k++) {
        ct_rtree_hits hits;
        ct_arena_reset(in->job->arena);
        CT_TRY(ct_osm__spaces_near(&hits, in, t->building, t->levels.at[k], t->at, 0.05));
        for (uint32_t i = 0; i < hits.n; i++) {
            const ct_osm__thing *room = in->spaces[hits.at[i]].thing;
            *out |= room->lift && room->levels.n > 1;
        }
    }
    return CT_OK;
}

// ---- all ----------------------------------------------------------------------------------------

// Whether the stairs lead from the one level straight to the other: neighbours in its list, or in
// that of a copy; where copies are all that it has, neighbours in the building.
static bool leads(const ct_osm__thing *t, const ct_osm__space *from, const ct_osm__space *to) {
    const ct_osm__run *l = &t->levels;
    if (l->n == 1) return to->storey == from->storey + 1;
    for (size_t k = 0; k <= t->repeats.n; k++) {
        const double shift = k ? t->repeats.at[k - 1] - l->at[0] : 0;
        for (size_t i = 0; i + 1 < l->n; i++)
            if (fabs(l->at[i] + shift - from->low) < 1e-6 &&
                fabs(l->at[i + 1] + shift - to->low) < 1e-6)
                return true;
    }
    return false;
}

// Spaces of one thing follow each other; of stairs and lifts from level to level.
static ct_err take_shafts(ct_osm__inside *in) {
    const ct_osm__thing *last = NULL;
    bool first = true;
    for (size_t i = 0; i < in->n_spaces; i++) {
        const ct_osm__space *s = &in->spaces[i];
        if (s->thing != last) first = true;
        if (s->thing != last && s->thing->lift) CT_TRY(take_lift(in, s->thing));
        last = s->thing;
        if (!s->thing->stairs || i + 1 == in->n_spaces) continue;
        const ct_osm__space *next = s + 1;
        if (next->thing == s->thing && leads(s->thing, s, next))
            CT_TRY(add_stairs(in, s, next, &first));
    }
    return CT_OK;
}

ct_err ct_osm__climbs(ct_osm__inside *in) {
    for (size_t i = 0; i < in->n_things; i++) {
        const ct_osm__thing *t = &in->things[i];
        bool known = false;
        if (t->building == CT_OSM__NONE) continue;
        if (t->kind == CT_OSM__STEPS || t->kind == CT_OSM__RAMP) CT_TRY(take_line(in, t));
        if (t->kind != CT_OSM__LIFT) continue;
        CT_TRY(is_in_shaft(&known, in, t));
        if (!known) CT_TRY(take_lift(in, t));
    }
    return take_shafts(in);
}
