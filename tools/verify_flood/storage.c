// Storages against closed forms: pools that fill, empty and equalise through openings; drowned
// weirs; culverts at points of HDS-5's equations; a pump's period; a small room at long steps. And
// a garage that a flooded street runs into, with a barrier and with a second pump.
#include "verify.h"

#include <math.h>

#include "cimtwin/street.h"

static const double g = CT_STORAGE_GRAVITY;
static const double pi = 3.14159265358979323846;
static const double at_s[1] = {0};

// ---- pools --------------------------------------------------------------------------------------
// Two pools with floors at 0 and one connection from the first to the second, or the outside.
typedef struct pair {
    ct_storage_params params;
    double floor_m[2], area_m2[2], outside_m;
    ct_storage_area areas[2];
    ct_storage_outside outside;
    ct_storage_connection connection;
    ct_storage *storage;
} pair;

static void pair_new(pair *p, ct_storage_kind kind, double area_a, double depth_a, double area_b,
                     double depth_b) {
    *p = (pair){.area_m2 = {area_a, area_b}};
    const double depths[] = {depth_a, depth_b};
    for (int i = 0; i < 2; i++)
        p->areas[i] =
            (ct_storage_area){.area = {1, &p->floor_m[i], &p->area_m2[i]}, .depth_m = depths[i]};
    p->connection = (ct_storage_connection){.kind = kind,
                                            .from = {CT_STORAGE_AREA, 0},
                                            .to = {CT_STORAGE_AREA, 1},
                                            .width_m = 0.5,
                                            .height_m = 0.4};
    p->params = (ct_storage_params){.areas = p->areas,
                                    .area_count = 2,
                                    .connections = &p->connection,
                                    .connection_count = 1,
                                    .outsides = &p->outside,
                                    .outside_count = 1,
                                    .step_s = 1};
}

// The outside at a level instead of the first pool.
static void from_outside(pair *p, double level_m) {
    p->outside_m = level_m;
    p->outside.level = (ct_storage_curve){1, at_s, &p->outside_m};
    p->connection.from = (ct_storage_end){CT_STORAGE_OUTSIDE, 0};
}

// The level of the second pool after some time.
static ct_err run(pair *p, double until_s, double *level_m) {
    ct_storage_area_report r;
    CT_TRY(ct_storage_open(&p->storage, &p->params));
    ct_err err = ct_storage_advance(p->storage, until_s);
    if (err == CT_OK) err = ct_storage_area_get(p->storage, 1, &r);
    if (err == CT_OK) *level_m = r.level_m;
    ct_storage_close(p->storage);
    return err;
}

static ct_err filling(verify *v) {
    const double through = 0.6 * 0.2 * sqrt(2 * g); // of the orifice
    pair p;
    double level, errors[3], steps[] = {1, 2, 4};
    v->name = "storage, filling";
    pair_new(&p, CT_STORAGE_OPENING, 1, 0, 50, 0);
    from_outside(&p, 1.25);
    p.connection.sill_m = 1;
    p.connection.height_m = 0;
    CT_TRY(run(&p, 300, &level));
    verify_near(v, "level below a weir, m", 1.7 * 0.5 * 0.125 * 300 / 50, level, 1e-9);
    pair_new(&p, CT_STORAGE_ORIFICE, 1, 0, 50, 1);
    from_outside(&p, 3);
    const double root = sqrt(2) - 0.5 * through / 50 * 60;
    CT_TRY(run(&p, 60, &level));
    verify_near(v, "level behind an orifice, m", 3 - root * root, level, 2e-3);
    pair_new(&p, CT_STORAGE_ORIFICE, 20, 3, 50, 1);
    const double rest = sqrt(2) - 0.5 * through * (1 / 50.0 + 1 / 20.0) * 40;
    for (int k = 0; k < 3; k++) {
        p.params.step_s = 1 / steps[k];
        CT_TRY(run(&p, 40, &level));
        errors[k] = fabs(level - 1 - (2 - rest * rest) * 20 / 70);
    }
    verify_near(v, "two equalise, level at 1 s, m", 0, errors[0], 3e-3);
    verify_at_least(v, "order in time", 0.9, order_of(steps, errors, 3));
    CT_TRY(run(&p, 600, &level));
    verify_near(v, "and at last, m", 1 + 2 * 20 / 70.0, level, 1e-9);
    pair_new(&p, CT_STORAGE_OPENING, 100, 2, 1e6, 0);
    p.connection.sill_m = 1;
    p.connection.width_m = 1;
    p.connection.height_m = 0;
    CT_TRY(run(&p, 300, &level));
    const double slow = 1 + 1.7 * 300 / 200;
    verify_near(v, "emptied over a weir, m3", 100 * (1 - 1 / (slow * slow)), level * 1e6, 0.1);
    return CT_OK;
}

// A cupboard of 0.05 m2 behind a door of 1 m: a step's free discharge is 30 times its volume.
static ct_err small_room(verify *v) {
    pair p;
    double level = 0, before = 0, highest = 0, fall = 0;
    v->name = "storage, a small room";
    pair_new(&p, CT_STORAGE_OPENING, 1, 0, 0.05, 0);
    from_outside(&p, 1.2);
    p.connection.width_m = 1;
    p.connection.height_m = 2;
    for (int t = 1; t <= 20; t++) {
        CT_TRY(run(&p, t, &level));
        highest = fmax(highest, level);
        fall = fmax(fall, before - level);
        before = level;
    }
    verify_near(v, "level at last, m", 1.2, level, 1e-6);
    verify_near(v, "over the level outside, m", 0, fmax(0, highest - 1.2), 1e-9);
    verify_near(v, "largest fall of a step, m", 0, fall, 1e-9);
    return CT_OK;
}

// ---- ratings ------------------------------------------------------------------------------------
static ct_err rating(pair *p, double from_m, double to_m, double *q) {
    CT_TRY(ct_storage_open(&p->storage, &p->params));
    const ct_err err = ct_storage_rating(p->storage, 0, from_m, to_m, q);
    ct_storage_close(p->storage);
    return err;
}

static ct_err drowned_weir(verify *v) {
    pair p;
    double q, worst = 0;
    v->name = "storage, a drowned weir";
    pair_new(&p, CT_STORAGE_OPENING, 1, 0, 1, 0);
    p.connection.height_m = 0;
    p.connection.sill_m = 5;
    for (double ratio = 0; ratio < 0.99; ratio += 0.05) {
        CT_TRY(rating(&p, 5.8, 5 + 0.8 * ratio, &q));
        const double exact = 1.7 * 0.5 * pow(0.8, 1.5) * pow(1 - pow(ratio, 1.5), 0.385);
        worst = fmax(worst, fabs(q / exact - 1));
    }
    verify_near(v, "from Villemonte, share", 0, worst, 1e-12);
    return CT_OK;
}

// A culvert 1.2 m high, 30 m long, falling by 0.3 m; a pipe or 2 m wide.
static void culvert(pair *p, ct_storage_inlet inlet, double width_m) {
    pair_new(p, CT_STORAGE_CULVERT, 1, 0, 1, 0);
    ct_storage_connection *c = &p->connection;
    c->inlet = inlet;
    c->width_m = width_m;
    c->height_m = 1.2;
    c->length_m = 30;
    c->manning = 0.012;
    c->loss_entry = 0.5;
    c->loss_exit = 1;
    c->barrels = 1;
    c->sill_m = 10;
    c->invert_to_m = 9.7;
}

static ct_err culverts(verify *v) {
    pair p;
    double q;
    const double d = 1.2, slope = 0.01, box = 2 * d, pipe = pi * d * d / 4;
    v->name = "storage, culverts (HDS-5)";
    culvert(&p, CT_STORAGE_BOX_FLARED, 2);
    const double low = 1.811 * 3 / (box * sqrt(d)), high = 1.811 * 8 / (box * sqrt(d));
    CT_TRY(rating(&p, 10 + 1.5 * cbrt(1.5 * 1.5 / g) + d * (0.026 * low - 0.5 * slope), 0, &q));
    verify_near(v, "box, inlet free, m3/s", 3, q, 3e-4);
    CT_TRY(rating(&p, 10 + d * (0.0347 * high * high + 0.81 - 0.5 * slope), 0, &q));
    verify_near(v, "box, inlet drowned, m3/s", 8, q, 8e-4);
    culvert(&p, CT_STORAGE_CONCRETE_SQUARE, 0);
    // Half full at critical depth: A = pi D2/8, T = D.
    const double half = 0.5 * pipe * sqrt(g * 0.5 * pipe / d), speed = half / (0.5 * pipe);
    const double unit = 1.811 * half / (pipe * sqrt(d));
    const double head = 0.5 * d + speed * speed / (2 * g);
    CT_TRY(rating(&p, 10 + head + d * (0.0098 * unit * unit - 0.5 * slope), 0, &q));
    verify_near(v, "pipe, inlet free, m3/s", half, q, 2e-4);
    const double more = 1.811 * 3.5 / (pipe * sqrt(d));
    CT_TRY(rating(&p, 10 + d * (0.0398 * more * more + 0.67 - 0.5 * slope), 0, &q));
    verify_near(v, "pipe, inlet drowned, m3/s", 3.5, q, 4e-4);
    p.connection.inlet = CT_STORAGE_METAL_MITERED;
    CT_TRY(rating(&p, 10 + d * (0.0463 * more * more + 0.75 + 0.7 * slope), 0, &q));
    verify_near(v, "mitered pipe, inlet drowned, m3/s", 3.5, q, 4e-4);
    p.connection.inlet = CT_STORAGE_METAL_HEADWALL;
    p.connection.manning = 0.024;
    p.connection.length_m = 100;
    const double friction = 2 * g * 0.024 * 0.024 * 100 / pow(d / 4, 4.0 / 3);
    CT_TRY(rating(&p, 12.6, 11.8, &q));
    verify_near(v, "rough pipe, outlet control, m3/s", pipe * sqrt(2 * g * 0.8 / (1.5 + friction)),
                q, 1e-6);
    return CT_OK;
}

// A sluice 6 m wide, 0.25 m open, between 3 m and 1.5 m: Henry's chart (1950) gives a coefficient
// of 0.47, as read in Cengel and Cimbala, Fluid Mechanics, example 13-8.
static ct_err sluice(verify *v) {
    pair p;
    double q;
    v->name = "storage, a drowned sluice";
    pair_new(&p, CT_STORAGE_GATE, 1, 0, 1, 0);
    p.connection.width_m = 6;
    p.connection.height_m = 0.25;
    CT_TRY(rating(&p, 3, 1.5, &q));
    verify_near(v, "coefficient, by Henry's chart", 0.47, q / (6 * 0.25 * sqrt(2 * g * 3)), 0.02);
    return CT_OK;
}

// A sump of 10 m2 with 0.01 m3/s in and a pump of 0.03 m3/s from 1 m down to 0.5 m: up in 500 s,
// down in 250 s.
static ct_err pump(verify *v) {
    static const double in[] = {0.01}, out[] = {0.03};
    pair p;
    int starts = 0, first = 0, last = 0;
    bool ran = false;
    v->name = "storage, a pump";
    pair_new(&p, CT_STORAGE_PUMP, 10, 0.5, 1e6, 0);
    p.areas[0].inflow = (ct_storage_curve){1, at_s, in};
    p.connection.curve = (ct_storage_curve){1, at_s, out};
    p.connection.on_m = 1;
    p.connection.off_m = 0.5;
    CT_TRY(ct_storage_open(&p.storage, &p.params));
    ct_err err = CT_OK;
    for (int t = 1; err == CT_OK && t <= 8000; t++) {
        ct_storage_flow_report r;
        err = ct_storage_advance(p.storage, t);
        if (err == CT_OK) err = ct_storage_flow_get(p.storage, 0, &r);
        if (err != CT_OK) break;
        if (r.runs && !ran) {
            if (starts++ == 0) first = t;
            last = t;
        }
        ran = r.runs;
    }
    ct_storage_close(p.storage);
    CT_TRY(err);
    verify_near(v, "period at steps of 1 s, s", 750, (double)(last - first) / (starts - 1), 4);
    return CT_OK;
}

ct_err verify_storage(verify *v) {
    CT_TRY(filling(v));
    CT_TRY(small_room(v));
    CT_TRY(drowned_weir(v));
    CT_TRY(culverts(v));
    CT_TRY(sluice(v));
    return pump(v);
}

// ---- a garage -----------------------------------------------------------------------------------
// A hollow street of 60 x 12 cells of 2 m that fills and drains; a ramp in its middle.
enum { NX = 60, NY = 12 };

typedef struct story {
    double garage_m3, ramp_m3, pumped_m3; // in the end; what passed
    double highest_m;                     // before the ramp
    double error;                         // of the ledger, as a share
} story;

static ct_err follow(ct_street *street, uint32_t cell, story *out) {
    ct_storage_area_report garage;
    ct_storage_flow_report flow;
    ct_street_ledger l;
    *out = (story){0};
    for (int t = 60; t <= 3600; t += 60) {
        ct_flood_spot spot;
        CT_TRY(ct_street_advance(street, t));
        CT_TRY(ct_flood_look(ct_street_flood(street), cell, &spot));
        out->highest_m = fmax(out->highest_m, spot.bed_m + spot.depth_m);
    }
    CT_TRY(ct_storage_area_get(ct_street_storage(street), 0, &garage));
    out->garage_m3 = garage.volume_m3;
    CT_TRY(ct_storage_flow_get(ct_street_storage(street), 0, &flow));
    out->ramp_m3 = flow.forward_m3 - flow.backward_m3;
    for (size_t i = 1; i < 3; i++) {
        CT_TRY(ct_storage_flow_get(ct_street_storage(street), i, &flow));
        out->pumped_m3 += flow.forward_m3;
    }
    ct_street_ledger_get(street, &l);
    out->error = fabs(l.error_m3) / (l.initial_m3 + l.in_m3);
    return CT_OK;
}

// crest_m: of a barrier on the ramp; -1e5 = none.
static ct_err garage(const verify *v, double crest_m, double second_pump, story *out) {
    static const double level_m[] = {7}, area_m2[] = {400}, lift_m[] = {0, 8}, m3s[] = {0.03, 0};
    static const double spring_s[] = {0, 600, 1800, 2400}, spring_m3s[] = {0, 0.5, 0.5, -0.4};
    static const uint32_t ramp = 5 * NX + 30, spring = 5 * NX + 5;
    const ct_storage_area area = {.area = {1, level_m, area_m2}};
    const ct_storage_outside away = {{0}};
    ct_storage_connection connections[3] = {{.kind = CT_STORAGE_OPENING,
                                             .from = {CT_STORAGE_PLACE, 0},
                                             .to = {CT_STORAGE_AREA, 0},
                                             .sill_m = 10.1,
                                             .width_m = 5,
                                             .height_m = 2.2,
                                             .crest = {1, at_s, &crest_m}},
                                            {.kind = CT_STORAGE_PUMP,
                                             .from = {CT_STORAGE_AREA, 0},
                                             .to = {CT_STORAGE_OUTSIDE, 0},
                                             .curve = {2, lift_m, m3s},
                                             .outlet_m = 10,
                                             .on_m = 7.3,
                                             .off_m = 7.1}};
    connections[2] = connections[1];
    connections[2].setting = (ct_storage_curve){1, at_s, &second_pump};
    const ct_street_place place = {&ramp, 1};
    const ct_flood_source source = {&spring, 1, {4, spring_s, spring_m3s}};
    ct_street_params p;
    pond made = {0};
    ct_street *street = NULL;
    ct_street_params_init(&p);
    ct_err err = pond_new(v, &made, NX, NY, 2);
    if (err != CT_OK) goto done;
    for (size_t i = 0; i < made.cells; i++) made.bed[i] = 10 + 0.01 * fabs((double)(i / NX) - 5);
    p.flood = made.params;
    p.flood.manning_uniform = 0.02;
    p.flood.sources = &source;
    p.flood.source_count = 1;
    p.storage = (ct_storage_params){.areas = &area,
                                    .area_count = 1,
                                    .connections = connections,
                                    .connection_count = 3,
                                    .outsides = &away,
                                    .outside_count = 1,
                                    .place_count = 1};
    p.storage_places = &place;
    err = ct_street_open(&street, &p);
    if (err == CT_OK) err = follow(street, ramp, out);
done:
    ct_street_close(street);
    pond_free(&made);
    return err;
}

ct_err verify_garage(verify *v) {
    story open, shut, pumped;
    v->name = "street and garage";
    CT_TRY(garage(v, -1e5, 0, &open));
    CT_TRY(garage(v, 11, 0, &shut));
    CT_TRY(garage(v, -1e5, 1, &pumped));
    verify_at_least(v, "over the ramp, m3", 100, open.ramp_m3);
    verify_at_least(v, "barrier over the highest water, m", 0.1, 11 - shut.highest_m);
    verify_near(v, "over the ramp behind the barrier, m3", 0, shut.ramp_m3, 0);
    verify_near(v, "less in the garage by the barrier, m3",
                (open.ramp_m3 - open.pumped_m3) - (shut.ramp_m3 - shut.pumped_m3),
                open.garage_m3 - shut.garage_m3, 1e-9);
    verify_at_least(v, "a second pump lifts more, m3", 10, pumped.pumped_m3 - open.pumped_m3);
    verify_near(v, "less in the garage by the pump, m3",
                (open.ramp_m3 - open.pumped_m3) - (pumped.ramp_m3 - pumped.pumped_m3),
                open.garage_m3 - pumped.garage_m3, 1e-9);
    verify_near(v, "error of the ledger, share", 0,
                fmax(open.error, fmax(shut.error, pumped.error)), by_precision(v, 1e-12, 1e-6));
    return CT_OK;
}
