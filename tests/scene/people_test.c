// Residents: exactly 12,000 a community, the same in households, buildings, governance cells and
// sites; cells that cover the community; ages that add up.
#include <math.h>
#include <string.h>

#include "scene_file.h"

#define RESIDENTS 12000

static double sum_of(const sf_layer *layer, const char *attr) {
    double sum = 0;
    for (size_t i = 0; i < layer->count; i++) {
        double v = sf_number(layer->items[i], attr);
        assert_false(isnan(v));
        sum += v;
    }
    return sum;
}

static void totals_agree(void **state) {
    (void)state;
    sf_layer households = sf_read(&sf_current, "households", NULL, NULL),
             buildings = sf_read(&sf_current, "buildings", NULL, NULL);
    sf_layer cells = sf_read(&sf_current, "grid_cells", NULL, NULL),
             sites = sf_read(&sf_current, "sites", NULL, NULL);
    double expected = RESIDENTS * (double)sf_current.communities;
    assert_true(sum_of(&households, "members") == expected);
    assert_true(sum_of(&buildings, "residents") == expected);
    assert_true(sum_of(&cells, "residents") == expected);
    assert_true(sum_of(&sites, "residents") == expected);
    assert_true(sum_of(&buildings, "households") == (double)households.count);
    assert_true(sum_of(&cells, "households") == (double)households.count);
    for (size_t i = 0; i < sites.count; i++)
        assert_true(sf_number(sites.items[i], "residents") == RESIDENTS);
    sf_free(&households);
    sf_free(&buildings);
    sf_free(&cells);
    sf_free(&sites);
}

// Each building holds the households that name it, in dwellings that exist, each dwelling once (ids
// are unique).
static void households_live_in_their_building(void **state) {
    (void)state;
    sf_layer households = sf_read(&sf_current, "households", NULL, NULL),
             buildings = sf_read(&sf_current, "buildings", NULL, NULL);
    size_t at = 0;
    for (size_t i = 0; i < buildings.count; i++) {
        OGRFeatureH b = buildings.items[i];
        double members = 0, count = 0;
        char id[64];
        snprintf(id, sizeof id, "%s", sf_text(b, "id"));
        for (at = 0; at < households.count; at++) {
            OGRFeatureH h = households.items[at];
            if (strcmp(sf_text(h, "building"), id) != 0) continue;
            double n = sf_number(h, "members");
            members += n;
            count++;
            assert_true(n >= 1);
            assert_true(
                sf_number(h, "children") + sf_number(h, "adults") + sf_number(h, "elderly") == n);
            assert_true(sf_number(h, "adults") + sf_number(h, "elderly") >= 1);
            assert_true(sf_number(h, "limited_mobility") <= n);
            assert_true(sf_number(h, "storey_level") >= 0 &&
                        sf_number(h, "storey_level") < sf_number(b, "storeys_above"));
        }
        assert_true(members == sf_number(b, "residents"));
        assert_true(count == sf_number(b, "households"));
        assert_true(count <= sf_number(b, "units"));
        if (strcmp(sf_text(b, "use"), "residential") != 0) assert_true(count == 0);
    }
    sf_free(&households);
    sf_free(&buildings);
}

static void cells_hold_about_300_to_500_households(void **state) {
    (void)state;
    sf_layer cells = sf_read(&sf_current, "grid_cells", NULL, NULL);
    for (size_t i = 0; i < cells.count; i++) {
        double n = sf_number(cells.items[i], "households");
        if (n == 0) continue; // special cells of public land
        if (n < 250 || n > 560)
            fail_msg("%s has %.0f households", sf_text(cells.items[i], "id"), n);
    }
    sf_free(&cells);
}

// Cells cover the sites without gap or overlap, and every building lies in one of them, with the
// cell's sums.
static void cells_tile_the_community(void **state) {
    (void)state;
    sf_layer cells = sf_read(&sf_current, "grid_cells", NULL, NULL),
             sites = sf_read(&sf_current, "sites", NULL, NULL);
    sf_layer buildings = sf_read(&sf_current, "buildings", NULL, NULL);
    double cells_m2 = 0, sites_m2 = 0;
    for (size_t i = 0; i < sites.count; i++) {
        sites_m2 += sf_area(sf_geom(sites.items[i]));
        assert_near(sf_number(sites.items[i], "area_m2"), sf_area(sf_geom(sites.items[i])), 1);
    }
    for (size_t i = 0; i < cells.count; i++) {
        OGRGeometryH cell = sf_geom(cells.items[i]);
        double residents = 0;
        cells_m2 += sf_area(cell);
        for (size_t k = i + 1; k < cells.count; k++)
            assert_false(sf_overlap(cell, sf_geom(cells.items[k]), 1));
        for (size_t k = 0; k < buildings.count; k++)
            if (OGR_G_Contains(cell, sf_geom(buildings.items[k])))
                residents += sf_number(buildings.items[k], "residents");
        assert_true(residents == sf_number(cells.items[i], "residents"));
    }
    assert_near(cells_m2 / sites_m2, 1, 1e-4);
    sf_free(&cells);
    sf_free(&sites);
    sf_free(&buildings);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(totals_agree),
        cmocka_unit_test(households_live_in_their_building),
        cmocka_unit_test(cells_hold_about_300_to_500_households),
        cmocka_unit_test(cells_tile_the_community),
    };
    return sf_main(argc, argv, tests, sizeof tests / sizeof tests[0], "scene_people");
}
