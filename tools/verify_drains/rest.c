// Still water stays still in any network, whatever its pipes, offsets and steps; and a storm
// through the same network keeps its volume, gives the same bytes again and after a checkpoint.
#include "verify.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"

enum { ROWS = 6, NODES = ROWS * ROWS };

static double pick(uint64_t seed, uint64_t i, uint64_t what, double low, double high) {
    return ct_rng_range(low, high, seed, i, 0, (uint32_t)what);
}

static ct_drains_section some_section(uint64_t seed, uint64_t i) {
    ct_drains_section s = {.shape = (ct_drains_shape)(int)pick(seed, i, 1, 0, CT_DRAINS_CUSTOM)};
    s.height_m = pick(seed, i, 2, 0.3, 1.5);
    s.width_m = pick(seed, i, 3, 0.3, 1.5);
    s.slope_left = pick(seed, i, 4, 0, 2);
    s.slope_right = 1;
    s.exponent = pick(seed, i, 5, 0.5, 3);
    s.fill_m = 0.1;
    return s;
}

static void link_nodes(net *n, uint64_t seed, uint32_t a, uint32_t b) {
    uint64_t i = n->params.conduit_count;
    if (pick(seed, i, 6, 0, 1) < 0.25) return;
    bool turned = pick(seed, i, 7, 0, 1) < 0.5;
    uint32_t c = net_pipe(n, turned ? b : a, turned ? a : b, pick(seed, i, 8, 10, 120),
                          pick(seed, i, 9, 0.01, 0.02), some_section(seed, i));
    n->conduits[c].offset_from_m = fmax(0, pick(seed, i, 10, -1, 1));
    n->conduits[c].offset_to_m = fmax(0, pick(seed, i, 11, -1, 1));
    n->conduits[c].barrels = 1 + (uint32_t)pick(seed, i, 12, 0, 2);
    n->conduits[c].loss_entry = pick(seed, i, 13, 0, 1);
    n->conduits[c].loss_exit = pick(seed, i, 14, 0, 1);
}

// A mesh of pipes of all shapes between manholes at random heights, with tanks; level: of all
// water.
static void town(net *n, uint64_t seed, double level_m, bool drained) {
    net_new(n);
    for (uint32_t i = 0; i < NODES; i++) {
        double invert = pick(seed, i, 20, 0, 3);
        if (pick(seed, i, 21, 0, 1) < 0.15) {
            net_tank(n, invert, pick(seed, i, 22, 5, 200), 0);
        } else {
            net_junction(n, invert);
        }
        ct_drains_node *node = &n->nodes[i];
        node->rim_m = invert + pick(seed, i, 23, 1.5, 4);
        node->top = (ct_drains_top)(int)pick(seed, i, 24, 0, 3);
        node->opening_m = 0.6;
        node->ponded_area_m2 = 100;
        // no open rim under the water that is to stay
        if (node->top == CT_DRAINS_OPEN && node->rim_m < level_m) node->top = CT_DRAINS_SEALED;
        // nor a cover over a node that rain falls into and perhaps no pipe leaves
        if (drained && i % 3 == 0 && node->top == CT_DRAINS_SEALED) node->top = CT_DRAINS_PONDED;
        node->depth_m = fmax(0, level_m - invert);
    }
    for (uint32_t row = 0; row < ROWS; row++) {
        for (uint32_t k = 0; k < ROWS; k++) {
            uint32_t i = row * ROWS + k;
            if (k + 1 < ROWS) link_nodes(n, seed, i, i + 1);
            if (row + 1 < ROWS && n->params.conduit_count < NET_MAX - 8) {
                link_nodes(n, seed, i, i + ROWS);
            }
        }
    }
    if (drained) {
        uint32_t end = net_outfall(n, -1, CT_DRAINS_FREE, 0);
        net_pipe(n, 0, end, 60, 0.013, net_circle(0.8));
    }
}

static ct_err still(verify *v) {
    double worst = 0, shift = 0;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        net n;
        town(&n, seed, 2.5, false);
        CT_TRY(net_open(&n));
        ct_err err = CT_OK;
        for (int i = 0; i < 200 && err == CT_OK; i++) {
            err = ct_drains_step(n.drains, pick(seed, i, 30, 0.1, 300));
        }
        size_t count = 0;
        const double *q = ct_drains_get(n.drains, CT_DRAINS_MAX_FLOW, &count);
        for (size_t i = 0; i < count; i++) worst = fmax(worst, q[i]);
        for (size_t i = 0; i < NODES; i++) {
            if (n.nodes[i].depth_m > 0) {
                shift = fmax(shift, fabs(net_value(&n, CT_DRAINS_HEAD, i) - 2.5));
            }
        }
        net_free(&n);
        CT_TRY(err);
    }
    v->name = "still water, 20 towns";
    verify_near(v, "largest discharge, m3/s", 0, worst, 1e-12);
    verify_near(v, "largest shift of a head, m", 0, shift, 1e-12);
    return CT_OK;
}

// A storm of ten minutes into every third node.
static ct_err rain(net *n, uint64_t seed, double from_s, double until_s, double step_s) {
    for (uint32_t k = 0; from_s + k * step_s < until_s - 1e-9; k++) {
        const double t = from_s + k * step_s;
        for (uint32_t i = 0; i < NODES; i += 3) {
            double flow = t < 600 ? pick(seed, i, 40, 0, 0.4) * sin(t / 191) : 0;
            CT_TRY(ct_drains_set(n->drains, "inflow", i, flow));
        }
        CT_TRY(ct_drains_step(n->drains, step_s));
    }
    return CT_OK;
}

static ct_err storm(verify *v, double step_s, double pieces, const char *name) {
    double worst = 0, lowest = 0, halved = 0;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        net n;
        town(&n, seed, 0.5, true);
        CT_TRY(net_open(&n));
        ct_err err = rain(&n, seed, 0, 3600, step_s);
        worst = fmax(worst, net_error(&n));
        for (size_t i = 0; i < NODES; i++) {
            lowest = fmin(lowest, net_value(&n, CT_DRAINS_VOLUME, i));
        }
        halved = fmax(halved, (double)ct_drains_steps(n.drains) / (3600 / step_s) - 1);
        net_free(&n);
        CT_TRY(err);
    }
    v->name = name;
    verify_near(v, "volume error, relative, worst", 0, worst, 1e-15);
    verify_near(v, "lowest volume of a node, m3", 0, lowest, 1e-9);
    verify_near(v, "steps more than asked, of these", 0, halved, pieces);
    return CT_OK;
}

static ct_err same_bytes(verify *v) {
    net a, b;
    town(&a, 3, 0.5, true);
    town(&b, 3, 0.5, true);
    CT_TRY(net_open(&a));
    CT_TRY(net_open(&b));
    uint64_t hash_a[2], hash_b[2];
    ct_err err = rain(&a, 3, 0, 300, 5);
    size_t bytes = ct_drains_save_bytes(a.drains);
    void *saved = ct_alloc(bytes);
    if (!saved) err = CT_NOMEM;
    if (err == CT_OK) err = ct_drains_save(a.drains, saved, bytes);
    if (err == CT_OK) err = rain(&a, 3, 300, 900, 5);
    if (err == CT_OK) err = rain(&b, 3, 0, 900, 5);
    if (err == CT_OK) {
        v->name = "same bytes";
        ct_drains_hash(a.drains, hash_a);
        ct_drains_hash(b.drains, hash_b);
        verify_near(v, "again: 1 = equal hashes", 1, memcmp(hash_a, hash_b, sizeof hash_a) == 0, 0);
        err = ct_drains_load(b.drains, saved, bytes);
    }
    if (err == CT_OK) err = rain(&b, 3, 300, 900, 5);
    if (err == CT_OK) {
        ct_drains_hash(b.drains, hash_b);
        verify_near(v, "after a restart: 1 = equal hashes", 1,
                    memcmp(hash_a, hash_b, sizeof hash_a) == 0, 0);
    }
    ct_free(saved);
    net_free(&a);
    net_free(&b);
    return err;
}

ct_err verify_rest(verify *v) {
    CT_TRY(still(v));
    CT_TRY(storm(v, 5, 0.2, "storm, 20 towns, steps of 5 s"));
    CT_TRY(storm(v, 60, 0.2, "storm, 20 towns, steps of 60 s"));
    return same_bytes(v);
}
