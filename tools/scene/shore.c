// Along the river: the water, the dike, the canal behind it, greens and the path on the crest.
#include <math.h>

#include "yard.h"

enum { STEPS = 28 };

typedef double line_of(const sc_params *params, double x);

static double canal_half(const sc_params *p) { // half width at normal level
    const sc_dike *d = &p->dike;
    double slope = 2 * (p->ground.inner_m - d->canal_bed_m) / (d->canal_top_m - d->canal_bottom_m);
    return d->canal_bottom_m / 2 + (d->canal_level_m - d->canal_bed_m) / slope;
}

// The strip from x0 to x1 between two offsets of a line.
static void strip(sc_ring *ring, const sc_params *p, line_of *line, double x0, double x1,
                  double low, double high) {
    ring->n = 0;
    for (int k = 0; k <= STEPS; k++) {
        double x = x0 + (x1 - x0) * k / STEPS;
        ring->at[ring->n++] = (sc_point){x, line(p, x) + low};
    }
    for (int k = STEPS; k >= 0; k--) {
        double x = x0 + (x1 - x0) * k / STEPS;
        ring->at[ring->n++] = (sc_point){x, line(p, x) + high};
    }
}

static void add_water(sc_world *w, const char *kind, int community, const sc_ring *ring,
                      double level, const char *en, const char *zh) {
    ct_feature *f = sc_add(w, "water", "%s-%d", kind, community + 1);
    sc_text(w, f, "kind", "%s", kind);
    sc_number(w, f, "level_m", level);
    sc_named(w, f, en, zh);
    sc_set_ring(w, f, ring, 0);
}

static void add_lawn(sc_world *w, int community, int number, const sc_ring *ring,
                     const char *kind) {
    ct_feature *f = sc_add(w, "green", "green-shore-%d-%d", community + 1, number);
    sc_text(w, f, "kind", "%s", kind);
    sc_named(w, f, "Riverside green", "滨河绿地");
    sc_set_ring(w, f, ring, 0);
}

static void add_dike(sc_world *w, const sc_params *p, int community, double x0, double gap0,
                     double gap1, double x1) {
    sc_point at[2 * (STEPS + 1)];
    int n = 0, ends[2];
    const double from[2] = {x0, gap1}, to[2] = {gap0, x1};
    for (int part = 0; part < 2; part++) {
        for (int k = 0; k <= STEPS; k++) {
            double x = from[part] + (to[part] - from[part]) * k / STEPS;
            at[n++] = (sc_point){x, sc_dike_y(p, x)};
        }
        ends[part] = n;
    }
    ct_feature *f = sc_add(w, "barrier", "dike-%d", community + 1);
    sc_text(w, f, "kind", "dike");
    sc_number(w, f, "height_m", p->dike.crest_m - p->ground.inner_m);
    sc_number(w, f, "crest_m", p->dike.crest_m);
    sc_number(w, f, "permeable", 0);
    sc_named(w, f, "River dike", "滨河防洪堤");
    sc_set_lines(w, f, at, ends, 2);
}

static void add_crest_path(sc_world *w, const sc_params *p, double x0, double x1, bool bridge,
                           int *number) {
    sc_point at[STEPS + 1];
    int n = (int)ceil((x1 - x0) / 25);
    n = n > STEPS ? STEPS : n < 1 ? 1 : n;
    for (int k = 0; k <= n; k++) {
        double x = k == n ? x1 : x0 + (x1 - x0) * k / n;
        at[k] = (sc_point){x, sc_dike_y(p, x)};
    }
    ct_feature *f = sc_add(w, "path", "greenway-%03d", ++*number);
    sc_text(w, f, "kind", bridge ? "bridge" : "cycleway");
    sc_number(w, f, "width_m", 4);
    sc_named(w, f, "Dike greenway", "滨河绿道");
    sc_set_line(w, f, at, n + 1, 0);
}

static void add_link(sc_world *w, const char *kind, int column, int part, sc_point a, sc_point b) {
    ct_feature *f = sc_add(w, "path", "shore-%02d-%d", column, part);
    sc_point at[2] = {a, b};
    sc_text(w, f, "kind", "%s", kind);
    sc_number(w, f, "width_m", 3);
    sc_set_line(w, f, at, 2, 0);
}

static sc_point south_walk(const sc_plan *plan,
                           int column) { // footway on the river side of the first street
    const sc_axis *axis = &plan->params->rows[0];
    sc_point node = sc_plan_node(plan, column, 0);
    node.y -= (axis->carriageway_m + axis->red_line_m) / 4;
    return node;
}

// From the street over the canal up to the crest, at each street that ends at the river.
static void add_links(sc_town *town) {
    const sc_plan *plan = town->plan;
    const sc_params *p = plan->params;
    sc_world *w = town->world;
    for (int i = 0; i < plan->n_columns; i++) {
        sc_point walk = south_walk(plan, i), crest = {walk.x, sc_dike_y(p, walk.x)};
        sc_point north = {walk.x, crest.y + p->dike.canal_offset_m + p->dike.canal_top_m / 2 + 1};
        sc_point south = {walk.x, crest.y + p->dike.canal_offset_m - p->dike.canal_top_m / 2 - 1};
        add_link(w, "footway", i, 1, walk, north);
        add_link(w, "bridge", i, 2, north, south);
        add_link(w, "stair", i, 3, south, crest);
        if (i > 0)
            add_link(w, "footway", i, 4,
                     sc_walk_corner(&plan->blocks[(i - 1) * (plan->n_rows - 1)], 1), walk);
        if (i < plan->n_columns - 1) {
            add_link(w, "footway", i, 5, sc_walk_corner(&plan->blocks[i * (plan->n_rows - 1)], 0),
                     walk);
            add_link(w, "footway", i, 6, walk, south_walk(plan, i + 1));
        }
    }
}

static void add_greenway(sc_town *town) {
    const sc_plan *plan = town->plan;
    const sc_params *p = plan->params;
    int number = 0, period = sc_plan_period(plan);
    for (int i = 0; i < plan->n_columns - 1; i++) {
        double x0 = sc_plan_node(plan, i, 0).x, x1 = sc_plan_node(plan, i + 1, 0).x;
        double sluice = p->dike.sluice_at_m + i / period * sc_plan_period_m(plan),
               half = p->dike.sluice_width_m / 2 + 3;
        if (sluice - half <= x0 + 1 || sluice + half >= x1 - 1) {
            add_crest_path(town->world, p, x0, x1, false, &number);
        } else {
            add_crest_path(town->world, p, x0, sluice - half, false, &number);
            add_crest_path(town->world, p, sluice - half, sluice + half, true, &number);
            add_crest_path(town->world, p, sluice + half, x1, false, &number);
        }
    }
}

void sc_lay_shore(sc_town *town) {
    const sc_plan *plan = town->plan;
    const sc_params *p = plan->params;
    sc_world *w = town->world;
    double margin = p->ground.margin_m, period_m = sc_plan_period_m(plan), half = canal_half(p);
    double toe = (p->dike.crest_m - p->river.bank_m) * p->dike.slope + p->dike.crest_width_m / 2;
    for (int c = 0; c < p->factor; c++) {
        double x0 = p->edge_m + c * period_m, x1 = x0 + period_m,
               sluice = p->dike.sluice_at_m + c * period_m;
        double gap0 = sluice - p->dike.sluice_width_m / 2,
               gap1 = sluice + p->dike.sluice_width_m / 2;
        if (c == 0) x0 = -margin;
        if (c == p->factor - 1) x1 = plan->width_m + margin;
        sc_ring ring;
        strip(&ring, p, sc_shore_y, x0, x1, -p->river.width_m, 0);
        add_water(w, "river", c, &ring, p->river.level_m, "Linjiang River", "临江");
        strip(&ring, p, sc_dike_y, x0, x1, p->dike.canal_offset_m - half,
              p->dike.canal_offset_m + half);
        add_water(w, "canal", c, &ring, p->dike.canal_level_m, "Drainage canal", "滨河排水渠");
        add_dike(w, p, c, x0, gap0, gap1, x1);
        const double from[2] = {fmax(x0, 0), gap1 + 4}, to[2] = {gap0 - 4, fmin(x1, plan->width_m)};
        for (int k = 0; k < 2; k++) {
            strip(&ring, p, sc_shore_y, from[k], to[k], 5, p->dike.offset_m - toe);
            add_lawn(w, c, 2 * k + 1, &ring, "lawn");
            strip(&ring, p, sc_dike_y, from[k], to[k],
                  p->dike.canal_offset_m + p->dike.canal_top_m / 2 + 0.5,
                  p->dike.canal_offset_m + p->dike.canal_top_m / 2 + 4);
            add_lawn(w, c, 2 * k + 2, &ring, "trees");
        }
    }
    add_links(town);
    add_greenway(town);
}
