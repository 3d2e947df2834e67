// The storm sewers: every manhole falls to an outfall or to a pumped sump, pipes never shrink
// downstream, covers are kept, and the sections carry their flow.
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "scene_file.h"

typedef struct network {
    sf_layer nodes, links;
    int *next;    // of each node: the node its pipe leads to; -1 = none
    int *leaving; // of each node: its link; -1 = none
} network;

static int index_of(const sf_layer *nodes, const char *id) {
    for (size_t i = 0; i < nodes->count; i++)
        if (strcmp(sf_text(nodes->items[i], "id"), id) == 0) return (int)i;
    fail_msg("there is no drain node %s", id);
    return -1;
}

static network load(void) {
    network n = {sf_read(&sf_current, "drain_nodes", NULL, NULL),
                 sf_read(&sf_current, "drain_links", NULL, NULL), NULL, NULL};
    n.next = ct_calloc(n.nodes.count, sizeof *n.next);
    n.leaving = ct_calloc(n.nodes.count, sizeof *n.leaving);
    assert_non_null(n.next);
    assert_non_null(n.leaving);
    for (size_t i = 0; i < n.nodes.count; i++) n.next[i] = n.leaving[i] = -1;
    for (size_t i = 0; i < n.links.count; i++) {
        char from[64];
        snprintf(from, sizeof from, "%s", sf_text(n.links.items[i], "from_node"));
        int a = index_of(&n.nodes, from),
            b = index_of(&n.nodes, sf_text(n.links.items[i], "to_node"));
        assert_int_equal(n.next[a], -1); // a tree: one pipe leaves each node
        n.next[a] = b;
        n.leaving[a] = (int)i;
    }
    return n;
}

static void unload(network *n) {
    sf_free(&n->nodes);
    sf_free(&n->links);
    ct_free(n->next);
    ct_free(n->leaving);
}

static double section(OGRFeatureH link) {
    double d = sf_number(link, "diameter_m");
    return isnan(d) ? sf_number(link, "width_m") : d;
}

static void every_node_falls_to_an_outfall(void **state) {
    (void)state;
    network n = load();
    for (size_t i = 0; i < n.nodes.count; i++) {
        int at = (int)i;
        for (size_t steps = 0; n.next[at] >= 0; steps++) {
            OGRFeatureH link = n.links.items[n.leaving[at]];
            double from = sf_number(link, "from_invert_m"), to = sf_number(link, "to_invert_m");
            if (steps > n.nodes.count)
                fail_msg("%s runs in a ring", sf_text(n.nodes.items[i], "id"));
            if (!(to < from)) fail_msg("%s does not fall", sf_text(link, "id"));
            assert_true(from >= sf_number(n.nodes.items[at], "invert_m") - 1e-9);
            at = n.next[at];
            assert_true(to >= sf_number(n.nodes.items[at], "invert_m") - 1e-9);
        }
        const char *kind = sf_text(n.nodes.items[at], "kind");
        if (strcmp(kind, "outfall") != 0 && strcmp(kind, "storage") != 0)
            fail_msg("%s ends at a %s", sf_text(n.nodes.items[i], "id"), kind);
    }
    unload(&n);
}

static void pipes_never_shrink_downstream(void **state) {
    (void)state;
    network n = load();
    for (size_t i = 0; i < n.nodes.count; i++) {
        if (n.next[i] < 0 || n.leaving[n.next[i]] < 0) continue;
        OGRFeatureH here = n.links.items[n.leaving[i]], below = n.links.items[n.leaving[n.next[i]]];
        if (section(below) < section(here) - 1e-9)
            fail_msg("%s is narrower than the pipe before", sf_text(below, "id"));
    }
    unload(&n);
}

static void covers_are_kept(void **state) {
    (void)state;
    network n = load();
    for (size_t i = 0; i < n.nodes.count; i++) {
        OGRFeatureH f = n.nodes.items[i];
        double depth = sf_number(f, "ground_m") - sf_number(f, "invert_m");
        assert_near(depth, sf_number(f, "depth_m"), 0.0021);
        if (strcmp(sf_text(f, "kind"), "manhole") == 0) {
            assert_true(n.leaving[i] >= 0);
            double cover = depth - section(n.links.items[n.leaving[i]]);
            if (cover < 1.199 || depth > 9)
                fail_msg("%s: cover %.2f m, depth %.2f m", sf_text(f, "id"), cover, depth);
        } else {
            if (depth < 0.1) fail_msg("%s lies above the ground", sf_text(f, "id"));
        }
        assert_near(OGR_G_GetZ(sf_geom(f), 0), sf_number(f, "ground_m"), 1e-9);
    }
    unload(&n);
}

// Lengths as drawn, and slopes within the code's range (GB 50014: no flatter than 1 in 1000 at
// these sizes).
static void pipes_are_drawn_as_described(void **state) {
    (void)state;
    network n = load();
    for (size_t i = 0; i < n.links.count; i++) {
        OGRFeatureH f = n.links.items[i];
        double length = OGR_G_Length(sf_geom(f));
        assert_near(length, sf_number(f, "length_m"), 0.005);
        double slope = (sf_number(f, "from_invert_m") - sf_number(f, "to_invert_m")) / length;
        if (slope < 0.001) fail_msg("%s: slope %.5f", sf_text(f, "id"), slope);
        assert_true(length <= 120);
    }
    unload(&n);
}

// Inlets at least one for 40 m of street kerb, and an outfall for each street that ends at the
// river.
static void there_is_enough_of_it(void **state) {
    (void)state;
    sf_layer inlets = sf_read(&sf_current, "drain_nodes", "kind", "inlet"),
             outfalls = sf_read(&sf_current, "drain_nodes", "kind", "outfall");
    sf_layer manholes = sf_read(&sf_current, "drain_nodes", "kind", "manhole"),
             pumps = sf_read(&sf_current, "pumps", NULL, NULL);
    sf_layer river = sf_read(&sf_current, "waters", "kind", "river");
    assert_true(outfalls.count == 4u * (size_t)sf_current.communities + 1);
    assert_true(inlets.count > 300u * (size_t)sf_current.communities);
    assert_true(manholes.count > 180u * (size_t)sf_current.communities);
    assert_true(pumps.count >= (size_t)sf_current.communities);
    for (size_t i = 0; i < outfalls.count; i++) {
        bool wet = false;
        for (size_t k = 0; k < river.count; k++)
            wet = wet || OGR_G_Distance(sf_geom(river.items[k]), sf_geom(outfalls.items[i])) < 1;
        assert_true(wet);
    }
    sf_free(&inlets);
    sf_free(&outfalls);
    sf_free(&manholes);
    sf_free(&pumps);
    sf_free(&river);
}

// One street's sewer has sediment, by the share that the parameters say; no other pipe has any. The
// sump of the underpass has its area.
static void one_sewer_is_silted(void **state) {
    (void)state;
    network n = load();
    size_t silted = 0;
    for (size_t i = 0; i < n.links.count; i++) {
        OGRFeatureH f = n.links.items[i];
        const double sediment = sf_number(f, "sediment_m");
        if (isnan(sediment)) continue;
        const double box = sf_number(f, "height_m");
        assert_near(sediment, 0.6 * (isnan(box) ? section(f) : box), 0.0011);
        assert_memory_equal(sf_text(f, "id"), "pipe-mh-", 8);
        silted++;
    }
    assert_in_range(silted, 15 * (size_t)sf_current.communities,
                    30 * (size_t)sf_current.communities);
    for (size_t i = 0; i < n.nodes.count; i++)
        if (strcmp(sf_text(n.nodes.items[i], "kind"), "storage") == 0)
            assert_near(sf_number(n.nodes.items[i], "area_m2"), 40, 1e-9);
    unload(&n);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_node_falls_to_an_outfall),
        cmocka_unit_test(pipes_never_shrink_downstream),
        cmocka_unit_test(covers_are_kept),
        cmocka_unit_test(pipes_are_drawn_as_described),
        cmocka_unit_test(there_is_enough_of_it),
        cmocka_unit_test(one_sewer_is_silted),
    };
    return sf_main(argc, argv, tests, sizeof tests / sizeof tests[0], "scene_drains");
}
