// Residential compounds: what they share, and which type is laid by which function.
#include "housing.h"

#include "base/mem.h"

sc_design sc_home_design(const sc_town *town, const sc_block *b, sc_form form,
                         const char *structure) {
    const sc_housing *h = &town->world->params->housing[b->programme->kind];
    return (sc_design){
        .form = form,
        .depth_m = h->depth_m,
        .units_per_bay = h->units_per_bay,
        .below = 1,
        .storey_m = h->storey_m,
        .ground_storey_m = h->storey_m,
        .step_m = 0.45,
        .use = "residential",
        .structure = structure,
        .year = sc_pick(town->world, (uint64_t)b->index, SC_DRAW_YEAR, h->year_from, h->year_to)};
}

void sc_add_services(sc_yard *y, double east_p, double q0, double walk_p) {
    sc_design shed = {.form = SC_FORM_BOX,
                      .length_m = 16,
                      .depth_m = 6,
                      .bays = 1,
                      .storeys = 1,
                      .storey_m = 3,
                      .ground_storey_m = 3,
                      .step_m = 0.1,
                      .use = "garage",
                      .structure = "steel",
                      .year = 2021,
                      .name = {"Bicycle shed", "非机动车棚"}};
    sc_design station = {.form = SC_FORM_BOX,
                         .length_m = 9,
                         .depth_m = 6,
                         .bays = 1,
                         .storeys = 1,
                         .storey_m = 4,
                         .ground_storey_m = 4,
                         .step_m = 0.5,
                         .use = "utility",
                         .structure = "reinforced_concrete",
                         .year = 2010,
                         .name = {"Substation", "配电房"}};
    double p = east_p - 3;
    sc_yard_doors(y, sc_build(y->town, y->block, &shed, p, q0 + 10, SC_FACE_EAST), walk_p - east_p);
    sc_yard_doors(y, sc_build(y->town, y->block, &station, p, q0 + 29, SC_FACE_EAST),
                  walk_p - east_p);
}

int sc_gate_side(const sc_block *b) {
    return b->street[SC_WEST]->rank == SC_COLLECTOR ? SC_WEST : SC_EAST;
}

void sc_lay_housing(sc_town *town, const sc_block *block) {
    bool walkup = block->programme->kind == SC_WALKUP;
    sc_yard *yard = ct_alloc(sizeof *yard);
    if (!yard) {
        sc_world_stick(town->world, CT_NOMEM);
        return;
    }
    sc_yard_open(yard, town, block);
    sc_world_stick(town->world, walkup ? sc_lay_walkups(yard) : sc_lay_rows(yard));
    sc_yard_close(yard, walkup ? SC_FENCE_WALL : SC_FENCE_RAILING);
    ct_free(yard);
}
