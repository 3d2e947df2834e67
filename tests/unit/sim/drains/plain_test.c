// What the kind of an element does not read may be anything; what it reads counts.
#include "town.h"

static void hash_of(town *t, uint64_t out[2]) {
    town_open(t);
    ct_drains_hash(t->drains, out);
    ct_drains_close(t->drains);
}

static void litter_nodes(town *t) {
    const ct_drains_curve nowhere = {5, NULL, NULL}, endless = {SIZE_MAX / 2 + 2, NULL, NULL};
    const double none = (double)NAN;
    ct_drains_node *high = &t->nodes[TOWN_HIGH], *tank = &t->nodes[TOWN_TANK];
    ct_drains_node *sea = &t->nodes[TOWN_SEA];
    high->area = nowhere;
    high->level = endless;
    high->area_base_m2 = high->area_factor = high->area_exponent = high->ponded_area_m2 = none;
    high->outfall = (ct_drains_outfall_kind)77;
    tank->level = nowhere;
    tank->area_m2 = tank->area_base_m2 = tank->area_factor = tank->opening_m = none;
    sea->area = endless;
    sea->rim_m = sea->area_m2 = sea->opening_m = sea->ponded_area_m2 = none;
    sea->top = (ct_drains_top)77;
}

static void litter_links(town *t) {
    const ct_drains_curve nowhere = {3, NULL, NULL}, endless = {SIZE_MAX / 2 + 2, NULL, NULL};
    const double none = (double)NAN;
    ct_drains_section *s = &t->conduits[0].section;
    ct_drains_exchange *x = &t->exchanges[0];
    s->table = nowhere;
    t->conduits[1].section.table = endless;
    s->width_m = s->slope_left = s->slope_right = s->exponent = s->fill_m = none;
    s->capped = true;
    s->bank_left_m = s->bank_right_m = s->manning_left = s->manning_right = none;
    t->pumps[0].curve = endless;
    t->orifices[0].width_m = none;
    t->weirs[0].slope = none;
    t->weirs[0].coefficient_end = 3;
    x->opening_m = x->curb_length_m = x->curb_height_m = none;
    x->slope = x->cross_slope = x->manning = x->weir_coefficient = x->orifice_coefficient = none;
}

static void what_is_not_read_may_be_anything(void **state) {
    (void)state;
    town plain, littered;
    uint64_t expected[2], got[2];
    town_new(&plain);
    plain.pumps[0].kind = CT_DRAINS_PUMP_IDEAL;
    plain.pumps[0].curve = (ct_drains_curve){0};
    littered = plain;
    littered.params.nodes = littered.nodes;
    littered.params.conduits = littered.conduits;
    littered.params.pumps = littered.pumps;
    littered.params.orifices = littered.orifices;
    littered.params.weirs = littered.weirs;
    littered.params.exchanges = littered.exchanges;
    litter_nodes(&littered);
    litter_links(&littered);
    hash_of(&plain, expected);
    hash_of(&littered, got);
    assert_memory_equal(expected, got, sizeof expected);
}

static void what_is_read_counts(void **state) {
    (void)state;
    static const double x[] = {0, 1, 3, 4}, y[] = {2, 0, 0, 2};
    town t;
    uint64_t before[2], after[2];
    town_new(&t);
    ct_drains_section *s = &t.conduits[0].section, *transect = &t.conduits[1].section;
    *s = (ct_drains_section){.shape = CT_DRAINS_TRAPEZOIDAL,
                             .height_m = 1,
                             .width_m = 2,
                             .slope_left = 1,
                             .slope_right = 1};
    *transect = (ct_drains_section){.shape = CT_DRAINS_TRANSECT,
                                    .table = {4, x, y},
                                    .bank_left_m = 1,
                                    .bank_right_m = 3,
                                    .manning_left = 0.1,
                                    .manning_right = 0.1};
    t.weirs[0].kind = CT_DRAINS_WEIR_TRAPEZOIDAL;
    t.weirs[0].slope = t.weirs[0].coefficient_end = 1;
    t.orifices[0].rectangular = true;
    t.orifices[0].width_m = 1;
    ct_drains_exchange *e = &t.exchanges[0];
    e->kind = CT_DRAINS_COMBINATION;
    e->on_grade = true;
    e->curb_length_m = e->curb_height_m = 0.1;
    e->slope = e->cross_slope = e->manning = 0.02;
    double *read[] = {&t.nodes[TOWN_HIGH].area_m2,
                      &t.nodes[TOWN_HIGH].opening_m,
                      &t.nodes[TOWN_HIGH].rim_m,
                      &t.nodes[TOWN_TANK].ponded_area_m2,
                      &t.nodes[TOWN_TANK].depth_m,
                      &s->height_m,
                      &s->width_m,
                      &s->slope_left,
                      &s->slope_right,
                      &transect->bank_left_m,
                      &transect->bank_right_m,
                      &transect->manning_left,
                      &transect->manning_right,
                      &t.pumps[0].on_m,
                      &t.orifices[0].width_m,
                      &t.weirs[0].length_m,
                      &t.weirs[0].slope,
                      &t.weirs[0].coefficient_end,
                      &t.outlets[0].factor,
                      &t.outlets[0].exponent,
                      &e->length_m,
                      &e->width_m,
                      &e->curb_length_m,
                      &e->curb_height_m,
                      &e->open_share,
                      &e->slope,
                      &e->cross_slope,
                      &e->manning};
    hash_of(&t, before);
    for (size_t i = 0; i < sizeof read / sizeof *read; i++) {
        double value = *read[i];
        *read[i] *= 0.75;
        hash_of(&t, after);
        *read[i] = value;
        if (memcmp(before, after, sizeof before) == 0) fail_msg("number %zu does not count", i);
    }
    hash_of(&t, after);
    assert_memory_equal(before, after, sizeof before);
    s->capped = true;
    hash_of(&t, after);
    assert_memory_not_equal(before, after, sizeof before);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_read_may_be_anything),
        cmocka_unit_test(what_is_read_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
