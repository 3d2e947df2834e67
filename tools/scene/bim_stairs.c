// Stairs of two flights a storey with a landing between, and lifts.
#include <string.h>

#include "bim_write.h"

static const double k_landing_m = 0.12, k_waist_m = 0.17;

static const fp_room *room_of(const bim_house *h, bim_level kind, const char *key) {
    const int i = h->plans[kind] ? fp_room_index(h->plans[kind], key) : -1;
    return i < 0 ? NULL : &h->plans[kind]->rooms[i];
}

bim_run bim_run_of(const bim_house *h, const bim_stair *stair, bim_level kind, double height_m) {
    const fp_room *r = room_of(h, kind, stair->room);
    if (!r || kind == BIM_ROOF) return (bim_run){.risers = 0};
    const double x0 = r->box.x0 / 1000.0, x1 = r->box.x1 / 1000.0, y0 = r->box.y0 / 1000.0,
                 y1 = r->box.y1 / 1000.0;
    bim_run out = {.turn = stair->turn};
    const bool upright = stair->turn % 2 == 1;
    out.length = upright ? y1 - y0 : x1 - x0;
    out.width = upright ? x1 - x0 : y1 - y0;
    out.x = stair->turn == 1 || stair->turn == 2 ? x1 : x0;
    out.y = stair->turn == 2 || stair->turn == 3 ? y1 : y0;
    out.risers = 2 * (int)ceil(height_m / stair->riser_max_m / 2);
    out.riser = height_m / out.risers;
    out.landing = (out.length - (out.risers / 2 - 1) * stair->tread_m) / 2;
    return out;
}

bim_xy bim_run_at(const bim_run *r, double u, double v) {
    static const int cosine[] = {1, 0, -1, 0}, sine[] = {0, 1, 0, -1};
    return (bim_xy){r->x + u * cosine[r->turn] - v * sine[r->turn],
                    r->y + u * sine[r->turn] + v * cosine[r->turn]};
}

// Steps from the side, cut off below by the waist; `n` risers of which the last is the landing's.
static ct_step_id flight_solid(bim *b, int n, double riser, double tread, double width) {
    enum { MAX_STEPS = 24 };
    bim_xy at[2 * MAX_STEPS + 4];
    int c = 0;
    n = n > MAX_STEPS ? MAX_STEPS : n;
    at[c++] = (bim_xy){0, 0};
    for (int i = 1; i < n; i++) {
        at[c++] = (bim_xy){(i - 1) * tread, i * riser};
        at[c++] = (bim_xy){i * tread, i * riser};
    }
    at[c++] = (bim_xy){(n - 1) * tread, (n - 1) * riser - k_waist_m};
    at[c++] = (bim_xy){k_waist_m * tread / riser, 0};
    return bim_style(b, bim_profile_xz(b, at, c, 0, width), BIM_CONCRETE);
}

static ct_step_id rail_solid(bim *b, int n, double riser, double tread, double width) {
    const double run = (n - 1) * tread, rise = (n - 1) * riser;
    const bim_xy at[] = {{0, riser + 0.1}, {run, rise + 0.1}, {run, rise + 1}, {0, riser + 1}};
    return bim_style(b, bim_profile_xz(b, at, 4, width + 0.01, width + 0.04), BIM_STEEL);
}

static ct_step_id put_part(bim_work *w, const char *entity, const char *format, const char *guid,
                           const char *name, ct_step_id place, ct_step_id shape,
                           const char *predefined) {
    return ct_stepw_put(w->b.w, entity, format, guid, w->b.owner, name, place, shape, predefined);
}

static void describe(bim_work *w, ct_step_id stair, const bim_stair *of, const bim_run *r) {
    const bim_value v[] = {{"NumberOfRiser", "IFCCOUNTMEASURE", NULL, r->risers},
                           {"NumberOfTreads", "IFCCOUNTMEASURE", NULL, r->risers - 2},
                           {"RiserHeight", "IFCPOSITIVELENGTHMEASURE", NULL, r->riser},
                           {"TreadLength", "IFCPOSITIVELENGTHMEASURE", NULL, of->tread_m},
                           {"FireExit", "IFCBOOLEAN", NULL, 1},
                           {"HandicapAccessible", "IFCBOOLEAN", NULL, 0},
                           {"FireRating", "IFCLABEL", "60 min", 0},
                           {"IsExternal", "IFCBOOLEAN", NULL, 0}};
    bim_link_to(&w->b, BIM_SET, bim_set(&w->b, "Pset_StairCommon", v, BIM_COUNT(v)), stair);
}

static void put_stair(bim_work *w, const bim_story *s, int number) {
    const bim_stair *of = &w->h->stairs[number];
    const bim_run r = bim_run_of(w->h, of, s->kind, s->height_m);
    bim_sketch *k = bim_sketch_of(w, s);
    bim *b = &w->b;
    char name[64];
    if (!r.risers) return;
    const int n = r.risers / 2;
    const double run = (n - 1) * of->tread_m, half = n * r.riser, far = r.landing + run;
    if (!k->flight_shape) {
        const ct_step_id flight = flight_solid(b, n, r.riser, of->tread_m, of->flight_m);
        k->flight_shape = bim_shape(b, bim_body(b, &flight, 1), 0);
        const ct_step_id rail = rail_solid(b, n, r.riser, of->tread_m, of->flight_m);
        k->rail_shape = bim_shape(b, bim_body(b, &rail, 1), 0);
        const ct_step_id landing =
            bim_style(b, bim_box(b, 0, 0, r.length - far, r.width, 0, k_landing_m), BIM_CONCRETE);
        k->landing_shape[0] = bim_shape(b, bim_body(b, &landing, 1), 0);
    }
    (void)snprintf(name, sizeof name, "Stair %d, storey %d", number + 1, s->level + 1);
    const ct_step_id place = bim_put_at(b, s->place, bim_frame(b, r.x, r.y, 0, r.turn));
    const ct_step_id stair =
        put_part(w, "IFCSTAIR", "srs$$rr$e", bim_guid(b, "%d/stair/%d", s->level, number), name,
                 place, 0, "HALF_TURN_STAIR");
    describe(w, stair, of, &r);
    bim_link_to(b, BIM_CONTAINED, s->id, stair);
    for (int f = 0; f < 2; f++) {
        // The second flight comes back on the other side.
        const ct_step_id frame =
            f ? bim_frame(b, far, r.width, half, 2) : bim_frame(b, r.landing, 0, 0, 0);
        const ct_step_id at = bim_put_at(b, place, frame);
        const ct_step_id flight =
            put_part(w, "IFCSTAIRFLIGHT", "srs$$rr$$$$$e",
                     bim_guid(b, "%d/flight/%d/%d", s->level, number, f),
                     f ? "Upper flight" : "Lower flight", at, k->flight_shape, "STRAIGHT");
        const ct_step_id rail = put_part(
            w, "IFCRAILING", "srs$$rr$e", bim_guid(b, "%d/rail/%d/%d", s->level, number, f),
            "Handrail", bim_put_at(b, place, frame), k->rail_shape, "HANDRAIL");
        bim_link_to(b, BIM_AGGREGATES, stair, flight);
        bim_link_to(b, BIM_AGGREGATES, stair, rail);
    }
    const ct_step_id landing =
        put_part(w, "IFCSLAB", "srs$$rr$e", bim_guid(b, "%d/landing/%d", s->level, number),
                 "Landing", bim_put_at(b, place, bim_frame(b, far, 0, half - k_landing_m, 0)),
                 k->landing_shape[0], "LANDING");
    bim_link_to(b, BIM_AGGREGATES, stair, landing);
}

void bim_put_stairs(bim_work *w, const bim_story *s) {
    for (int i = 0; i < w->h->n_stairs; i++) put_stair(w, s, i);
}

void bim_put_lifts(bim_work *w, const bim_story *ground) {
    bim *b = &w->b;
    for (int i = 0; i < w->h->n_lifts; i++) {
        const fp_room *r = room_of(w->h, BIM_GROUND, w->h->lifts[i]);
        if (!r) continue;
        const bool fire = r->key[0] == '0';
        const double x = (r->box.x0 + r->box.x1) / 2000.0, y = (r->box.y0 + r->box.y1) / 2000.0;
        const ct_step_id car = bim_style(b, bim_box(b, -0.8, -0.75, 0.8, 0.75, 0, 2.4), BIM_STEEL);
        char name[32];
        (void)snprintf(name, sizeof name, fire ? "Fire lift %d" : "Lift %d", i + 1);
        const ct_step_id id =
            put_part(w, "IFCTRANSPORTELEMENT", "srs$$rr$e", bim_guid(b, "lift/%d", i), name,
                     bim_put_at(b, ground->place, bim_frame(b, x, y, 0, 0)),
                     bim_shape(b, bim_body(b, &car, 1), 0), "ELEVATOR");
        const bim_value v[] = {{"FireFightingLift", "IFCBOOLEAN", NULL, fire},
                               {"ClearWidth", "IFCPOSITIVELENGTHMEASURE", NULL, 1.6},
                               {"ClearDepth", "IFCPOSITIVELENGTHMEASURE", NULL, 1.5},
                               {"ClearHeight", "IFCPOSITIVELENGTHMEASURE", NULL, 2.4}};
        bim_link_to(b, BIM_SET, bim_set(b, "Pset_TransportElementElevator", v, BIM_COUNT(v)), id);
        bim_link_to(b, BIM_CONTAINED, ground->id, id);
    }
}
