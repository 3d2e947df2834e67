// Footprints, and standing a building with its storeys and entrances.
#include <math.h>
#include <string.h>

#include "town.h"

#define CORE_OUT_M  1.2 // stair cores stand out of the north face of slabs
#define CORE_HALF_M 2.6

static void corner(sc_ring *ring, double x, double y) {
    if (ring->n < SC_MAX_CORNERS) ring->at[ring->n++] = (sc_point){x, y};
}

static double bay_centre(const sc_design *d, int bay) {
    return d->length_m * ((bay + 0.5) / d->bays - 0.5);
}

static void outline_slab(sc_ring *ring, const sc_design *d) {
    double l = d->length_m / 2, w = d->depth_m / 2;
    corner(ring, -l, -w);
    corner(ring, l, -w);
    corner(ring, l, w);
    for (int b = d->bays - 1; b >= 0; b--) {
        double x = bay_centre(d, b);
        corner(ring, x + CORE_HALF_M, w);
        corner(ring, x + CORE_HALF_M, w + CORE_OUT_M);
        corner(ring, x - CORE_HALF_M, w + CORE_OUT_M);
        corner(ring, x - CORE_HALF_M, w);
    }
    corner(ring, -l, w);
}

// A plan in the form of a butterfly: cut corners and a deep light well in the south face.
static void outline_tower(sc_ring *ring, const sc_design *d) {
    double l = d->length_m / 2, w = d->depth_m / 2, cut = 4, side = 3.2, well = 3, deep = 4;
    const double at[][2] = {
        {-l + cut, -w},       {-well, -w},         {-well, -w + deep},   {well, -w + deep},
        {well, -w},           {l - cut, -w},       {l - cut, -w + side}, {l, -w + side},
        {l, w - side},        {l - cut, w - side}, {l - cut, w},         {-l + cut, w},
        {-l + cut, w - side}, {-l, w - side},      {-l, -w + side},      {-l + cut, -w + side}};
    for (size_t k = 0; k < sizeof at / sizeof at[0]; k++) corner(ring, at[k][0], at[k][1]);
}

static void outline_u(sc_ring *ring, const sc_design *d) {
    double l = d->length_m / 2, w = d->depth_m / 2, a = d->wing_m;
    const double at[][2] = {{-l, -w},    {-l + a, -w}, {-l + a, w - a}, {l - a, w - a},
                            {l - a, -w}, {l, -w},      {l, w},          {-l, w}};
    for (size_t k = 0; k < 8; k++) corner(ring, at[k][0], at[k][1]);
}

static void outline_l(sc_ring *ring, const sc_design *d) {
    double l = d->length_m / 2, w = d->depth_m / 2, a = d->wing_m;
    const double at[][2] = {{-l, -w}, {-l + a, -w}, {-l + a, w - a}, {l, w - a}, {l, w}, {-l, w}};
    for (size_t k = 0; k < 6; k++) corner(ring, at[k][0], at[k][1]);
}

static void outline(sc_ring *ring, const sc_design *d) {
    ring->n = 0;
    switch (d->form) {
    case SC_FORM_SLAB: outline_slab(ring, d); break;
    case SC_FORM_TOWER: outline_tower(ring, d); break;
    case SC_FORM_U: outline_u(ring, d); break;
    case SC_FORM_L: outline_l(ring, d); break;
    case SC_FORM_BOX:
        corner(ring, -d->length_m / 2, -d->depth_m / 2);
        corner(ring, d->length_m / 2, -d->depth_m / 2);
        corner(ring, d->length_m / 2, d->depth_m / 2);
        corner(ring, -d->length_m / 2, d->depth_m / 2);
    }
}

double sc_design_area(const sc_design *design) {
    sc_ring ring;
    outline(&ring, design);
    return sc_ring_area(&ring);
}

// From the building's own axes (entrances to the north) to the block's frame and on to local
// metres.
static sc_point place(const sc_frame *f, double p, double q, sc_facing face, sc_point at) {
    static const double cosine[] = {1, 0, -1, 0}, sine[] = {0, 1, 0, -1};
    return sc_at(f, p + at.x * cosine[face] - at.y * sine[face],
                 q + at.x * sine[face] + at.y * cosine[face]);
}

static void set_levels(sc_town *town, sc_building *b, const sc_design *d) {
    double high = -INFINITY;
    for (int k = 0; k < b->ring.n; k++) high = fmax(high, sc_ground_z(town->ground, b->ring.at[k]));
    b->base_m = round(high * 100) / 100;
    b->ground_floor_m = b->base_m + d->step_m;
    b->height_m = d->step_m + d->ground_storey_m + (d->storeys - 1) * d->storey_m +
                  (d->storeys > 3 ? 0.6 : 0.3);
}

static void add_storeys(sc_world *w, const sc_building *b, const sc_design *d) {
    for (int level = -b->below; level < b->storeys; level++) {
        ct_feature *f = sc_add(w, "storey", "%s-s%s%02d", b->id, level < 0 ? "b" : "",
                               level < 0 ? -level : level);
        double rise = level <= 0 ? level * 3.6 : d->ground_storey_m + (level - 1) * d->storey_m;
        sc_text(w, f, "building", "%s", b->id);
        sc_number(w, f, "level", level);
        sc_number(w, f, "elevation_m", b->ground_floor_m + rise);
        sc_number(w, f, "height_m",
                  level < 0    ? 3.6
                  : level == 0 ? d->ground_storey_m
                               : d->storey_m);
        sc_text(w, f, "use", "%s", level < 0 && b->units_per_bay ? "utility" : b->use);
        if (level < 0) {
            sc_text(w, f, "name", "Basement %d", -level);
            sc_text(w, f, "name_zh", "地下%d层", -level);
        } else {
            sc_text(w, f, "name", "Storey %d", level + 1);
            sc_text(w, f, "name_zh", "%d层", level + 1);
        }
        sc_set_ring(w, f, &b->ring, 0);
    }
}

static void add_entrances(sc_world *w, const sc_building *b) {
    for (int k = 0; k < b->n_entrances; k++) {
        ct_feature *f = sc_add(w, "opening", "%s-e%d", b->id, k + 1);
        sc_text(w, f, "kind", "entrance");
        sc_text(w, f, "building", "%s", b->id);
        sc_text(w, f, "storey", "%s-s00", b->id);
        sc_number(w, f, "width_m", b->units_per_bay ? 1.5 : 2.4);
        sc_number(w, f, "height_m", b->units_per_bay ? 2.2 : 2.6);
        sc_number(w, f, "sill_m", 0);
        sc_text(w, f, "name", b->units_per_bay ? "Stair %d" : "Entrance %d", k + 1);
        sc_text(w, f, "name_zh", b->units_per_bay ? "%d单元" : "%d号入口", k + 1);
        sc_set_point(w, f, b->entrance[k], b->ground_floor_m);
    }
}

// The street of the compound's address: the collector beside it, else the street in the south.
static const sc_axis *address_street(const sc_block *block) {
    for (int side = SC_EAST; side <= SC_WEST; side += 2)
        if (block->street[side]->rank == SC_COLLECTOR) return block->street[side];
    return block->street[SC_SOUTH];
}

static void add_building(sc_town *town, const sc_block *block, const sc_design *d, sc_building *b) {
    sc_world *w = town->world;
    const sc_params *p = w->params;
    char estate_en[128], estate_zh[128];
    b->feature = sc_world_layer(w, "building")->count;
    ct_feature *f = sc_add(w, "building", "%s", b->id);
    const sc_axis *street = address_street(block);
    sc_numbered(estate_en, sizeof estate_en, town->plan, block->community,
                block->programme->name.en);
    sc_numbered(estate_zh, sizeof estate_zh, town->plan, block->community,
                block->programme->name.zh);
    sc_text(w, f, "use", "%s", b->use);
    sc_number(w, f, "storeys_above", b->storeys);
    sc_number(w, f, "storeys_below", b->below);
    sc_number(w, f, "height_m", b->height_m);
    sc_number(w, f, "ground_floor_m", b->ground_floor_m);
    sc_number(w, f, "base_m", b->base_m);
    sc_number(w, f, "floor_area_m2", b->footprint_m2 * (b->storeys + b->below));
    sc_number(w, f, "units", b->units);
    sc_number(w, f, "households", 0);
    sc_number(w, f, "residents", 0);
    sc_number(w, f, "year_built", d->year);
    sc_text(w, f, "structure", "%s", d->structure);
    if (d->name.en) {
        sc_named(w, f, d->name.en, d->name.zh);
    } else {
        sc_text(w, f, "name", "Building %d", b->number);
        sc_text(w, f, "name_zh", "%d号楼", b->number);
    }
    int house = 2 * block->row + 8 * (block->column % sc_plan_period(town->plan)) + 6;
    sc_text(w, f, "address", "Building %d, %s, %d %s, %s, %s", b->number, estate_en, house,
            street->name.en, p->district.en, p->city.en);
    sc_text(w, f, "address_zh", "%s%s%s%d号%s%d号楼", p->city.zh, p->district.zh, street->name.zh,
            house, estate_zh, b->number);
    sc_set_ring(w, f, &b->ring, b->base_m);
}

sc_building *sc_build(sc_town *town, const sc_block *block, const sc_design *wanted, double p,
                      double q, sc_facing face) {
    sc_design changed = *wanted;
    const sc_design *d = &changed;
    int number = 1;
    for (size_t i = 0; i < town->n_buildings; i++)
        number += town->buildings[i].block == block->index;
    const sc_model *model = sc_params_model(town->world->params, block->column, block->row, number);
    if (model) changed.storeys = model->storeys;
    sc_building *b = sc_town_new_building(town);
    if (!b) return NULL;
    snprintf(b->id, sizeof b->id, "bldg-%02d%d-%02d", block->column, block->row, number);
    b->block = block->index;
    b->number = number;
    b->use = d->use;
    b->storeys = d->storeys;
    b->below = d->below;
    b->storey_m = d->storey_m;
    b->bays = d->bays;
    b->units_per_bay = d->units_per_bay;
    b->units = d->units_per_bay * d->bays * d->storeys;
    outline(&b->ring, d);
    b->footprint_m2 = sc_ring_area(&b->ring);
    for (int k = 0; k < b->ring.n; k++)
        b->ring.at[k] = place(&block->frame, p, q, face, b->ring.at[k]);
    b->centre = sc_at(&block->frame, p, q);
    sc_point front = place(&block->frame, p, q, face, (sc_point){0, 1});
    b->out_x = front.x - b->centre.x;
    b->out_y = front.y - b->centre.y;
    b->n_entrances = d->bays < SC_MAX_ENTRANCES ? d->bays : SC_MAX_ENTRANCES;
    double face_y = d->depth_m / 2 + (d->form == SC_FORM_SLAB ? CORE_OUT_M : 0);
    for (int k = 0; k < b->n_entrances; k++)
        b->entrance[k] = place(&block->frame, p, q, face, (sc_point){bay_centre(d, k), face_y});
    set_levels(town, b, d);
    add_building(town, block, d, b);
    add_storeys(town->world, b, d);
    add_entrances(town->world, b);
    return sc_world_status(town->world) == CT_OK ? b : NULL;
}
