// The devices of each community, to the exact number: those outdoors here, then buildings, the rest
// being smoke detectors.
#include <math.h>
#include <string.h>

#include "devices.h"

ct_feature *sc_call_up(sc_roll *r, sc_dev dev, sc_point at, double z, const sc_building *b,
                       int level) {
    const sc_device_kind *k = &SC_DEVICE_KINDS[dev];
    sc_world *w = r->town->world;
    if (r->count >= w->params->devices) return NULL;
    r->count++;
    uint64_t entity = (uint64_t)r->community << 32 | (uint64_t)r->count;
    ct_feature *f = sc_add(w, "device", "dev-%d-%s-%04d", r->community + 1, k->id, r->count);
    sc_text(w, f, "kind", "%s", k->kind);
    sc_text(w, f, "property", "%s", k->property);
    sc_text(w, f, "unit", "%s", k->unit);
    sc_text(w, f, "model", "%s-%c", k->model, 'A' + sc_pick(w, entity, SC_DRAW_MODEL, 0, 2));
    if (!isnan(k->yellow)) sc_number(w, f, "threshold_yellow", k->yellow);
    if (!isnan(k->red)) sc_number(w, f, "threshold_red", k->red);
    if (!isnan(k->low)) sc_number(w, f, "threshold_low", k->low);
    sc_number(w, f, "interval_s", k->interval_s);
    sc_number(w, f, "mount_m", k->mount_m);
    if (b) {
        sc_text(w, f, "building", "%s", b->id);
        sc_number(w, f, "storey_level", level);
    }
    sc_text(w, f, "name", "%s %04d", k->en, r->count);
    sc_text(w, f, "name_zh", "%s%04d", k->zh, r->count);
    sc_set_point(w, f, at, z + k->mount_m);
    return f;
}

static double ground_at(const sc_roll *r, sc_point at) {
    return sc_ground_z(r->town->ground, at);
}

// A gauge of water above datum alarms at levels of its own place.
static void call_up_gauge(sc_roll *r, sc_dev dev, sc_point at, double level_m, double yellow_m,
                          double red_m) {
    ct_feature *f = sc_call_up(r, dev, at, level_m, NULL, 0);
    sc_number(r->town->world, f, "threshold_yellow", yellow_m);
    sc_number(r->town->world, f, "threshold_red", red_m);
}

// Whether a place with this easting belongs to the community.
static bool in_community(const sc_roll *r, double x) {
    double along =
        x - r->town->world->params->edge_m - sc_plan_period_m(r->town->plan) * r->community;
    return along >= 0 && along < sc_plan_period_m(r->town->plan);
}

static void watch_open_water(sc_roll *r) {
    const sc_plan *plan = r->town->plan;
    const sc_params *p = plan->params;
    const sc_ground *g = r->town->ground;
    double x = sc_plan_node(plan, r->community * sc_plan_period(plan) + 1, 0).x + 12;
    sc_point shore = {x, sc_shore_y(p, x) - 2},
             canal = {x, sc_dike_y(p, x) + p->dike.canal_offset_m};
    double crest = p->dike.crest_m, inner = p->ground.inner_m;
    call_up_gauge(r, SC_DEV_RIVER, shore, p->river.level_m, crest - 2.6, crest - 1.3);
    call_up_gauge(r, SC_DEV_CANAL, canal, p->dike.canal_level_m, inner - 0.6, inner - 0.1);
    for (int k = 0; k < g->n_ponds; k++) {
        const sc_pond *pond = &g->ponds[k];
        if (in_community(r, pond->frame.origin.x))
            call_up_gauge(r, SC_DEV_POND, pond->frame.origin, pond->level_m, pond->level_m + 0.6,
                          pond->level_m + 0.9);
    }
    for (int k = 0; k < g->n_ramps; k++)
        if (in_community(r, g->ramps[k].foot.x))
            sc_call_up(r, SC_DEV_ROAD, g->ramps[k].foot, g->ramps[k].foot_m, NULL, 0);
}

// Manholes in the southern crossings, where water gathers, and the underpass with a controller at
// each pump.
static void watch_streets(sc_roll *r) {
    const sc_plan *plan = r->town->plan;
    const sc_underpass *u = &plan->params->underpass;
    int period = sc_plan_period(plan), first = r->community * period;
    for (int i = first; i <= first + period; i++) {
        if (i == first + period && i != plan->n_columns - 1)
            continue; // the next community's street
        for (int j = 0; j < 3; j++) {
            sc_point at = sc_plan_node(plan, i, j), aside = {at.x + 3, at.y};
            if (!sc_plan_is_underpass(plan, i) || j != u->row) {
                sc_call_up(r, SC_DEV_SEWER, aside, ground_at(r, aside), NULL, 0);
                continue;
            }
            sc_call_up(r, SC_DEV_ROAD, at, ground_at(r, at), NULL, 0);
            for (int pump = 0; pump < 2; pump++) {
                sc_point sump = {at.x - u->width_m / 2 - 3, at.y + pump};
                sc_call_up(r, SC_DEV_PUMP, sump, ground_at(r, sump), NULL, 0);
            }
        }
    }
}

static void watch_blocks(sc_roll *r) {
    const sc_plan *plan = r->town->plan;
    for (int k = 0; k < plan->n_blocks; k++) {
        const sc_block *b = &plan->blocks[k];
        if (b->community != r->community) continue;
        sc_point middle = sc_at(&b->frame, b->frame.width / 2 + 3, b->frame.depth / 2 + 3);
        if (k % 2 == 0) sc_call_up(r, SC_DEV_AIR, middle, ground_at(r, middle), NULL, 0);
        sc_point low = sc_at(&b->frame, 20, 2);
        if (b->row < 2) sc_call_up(r, SC_DEV_ROAD, low, ground_at(r, low), NULL, 0);
        bool crowded = b->programme->kind == SC_PLAZA || b->programme->kind == SC_MARKET ||
                       b->programme->kind == SC_COMMERCIAL || b->programme->kind == SC_SCHOOL;
        for (int c = 0; crowded && c < 4; c++) {
            sc_point at = sc_at(&b->frame, b->frame.width * (c % 2 ? 0.8 : 0.2),
                                b->frame.depth * (c / 2 ? 0.65 : 0.05));
            sc_call_up(r, SC_DEV_EYE, at, ground_at(r, at), NULL, 0);
        }
    }
}

static void watch_lights(sc_roll *r, int share) {
    const sc_layer *layer = sc_world_layer(r->town->world, "component");
    const sc_params *p = r->town->world->params;
    double period_m = sc_plan_period_m(r->town->plan);
    int taken = 0;
    for (size_t k = 0; k < layer->count && taken < share; k++) {
        const ct_feature *c = &layer->items[k];
        if (strcmp(ct_feature_text(c, "kind", ""), "lamp") != 0) continue;
        sc_point at = {c->geom.xyz[0] - p->east_m, c->geom.xyz[1] - p->north_m};
        int community = (int)fmin(p->factor - 1, fmax(0, floor((at.x - p->edge_m) / period_m)));
        if (community != r->community) continue;
        taken++;
        sc_call_up(r, SC_DEV_LIGHT, at, ground_at(r, at), NULL, 0);
    }
}

void sc_lay_devices(sc_town *town) {
    sc_lay_cameras(town);
    for (int c = 0; c < town->world->params->factor; c++) {
        sc_roll r = {.town = town, .community = c};
        watch_open_water(&r);
        watch_streets(&r);
        watch_blocks(&r);
        sc_watch_buildings(&r);
        watch_lights(&r, 300);
        sc_watch_smoke(&r);
        if (sc_world_status(town->world) == CT_OK && r.count != town->world->params->devices)
            sc_world_stick(town->world,
                           ct_fail(CT_RANGE, "devices.total: places for %d devices only", r.count));
    }
}
