// The communities themselves, their governance cells of 300 to 500 households, and the extent of
// the terrain.
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "town.h"

#define CELL_HOUSEHOLDS 550.0 // at most

typedef struct cell_work {
    sc_town *town;
    const sc_block *block;
    int number; // cells of the block so far
} cell_work;

static void extent(const sc_building *b, const sc_frame *f, bool upright, double *low,
                   double *high) {
    *low = INFINITY;
    *high = -INFINITY;
    for (int k = 0; k < b->ring.n; k++) {
        double p, q;
        sc_in(&p, &q, f, b->ring.at[k]);
        *low = fmin(*low, upright ? p : q);
        *high = fmax(*high, upright ? p : q);
    }
}

// Households of the buildings that lie below the cut; -1 if the cut goes through one.
static int below(const cell_work *w, const int *list, int n, bool upright, double cut) {
    int sum = 0;
    for (int k = 0; k < n; k++) {
        const sc_building *b = &w->town->buildings[list[k]];
        double low, high;
        extent(b, &w->block->frame, upright, &low, &high);
        if (low < cut && high > cut) return -1;
        if (high <= cut) sum += b->households;
    }
    return sum;
}

static int total(const cell_work *w, const int *list, int n) {
    int sum = 0;
    for (int k = 0; k < n; k++) sum += w->town->buildings[list[k]].households;
    return sum;
}

static void add_cell(cell_work *w, const int *list, int n, const sc_ring *region) {
    sc_world *world = w->town->world;
    int residents = 0;
    for (int k = 0; k < n; k++) residents += w->town->buildings[list[k]].residents;
    int households = total(w, list, n);
    const sc_block *b = w->block;
    w->number++;
    ct_feature *f = sc_add(world, "grid_cell", "cell-%02d%d-%d", b->column, b->row, w->number);
    sc_text(world, f, "code", "LJ-BH%02d-%02d%d-%d", b->community + 1, b->column, b->row,
            w->number);
    sc_text(world, f, "keeper", "Keeper %02d%d%d", b->column, b->row, w->number);
    sc_number(world, f, "households", households);
    sc_number(world, f, "residents", residents);
    sc_text(world, f, "name", "%s, grid %d", b->programme->name.en, w->number);
    sc_text(world, f, "name_zh", households ? "%s第%d网格" : "%s专属网格%d", b->programme->name.zh,
            w->number);
    sc_set_ring(world, f, region, 0);
}

// Cuts the region between buildings, as evenly as they allow, until each part has the wanted number
// of households.
static void divide(cell_work *w, const int *list, int n, const sc_ring *region, int parts) {
    const sc_frame *f = &w->block->frame;
    int sum = total(w, list, n), best_miss = sum + 1, half = parts / 2;
    double best_cut = 0;
    bool best_upright = false;
    for (int upright = 0; upright < 2; upright++)
        for (int k = 0; parts > 1 && k < n; k++) { // just beyond each building
            double low, high;
            extent(&w->town->buildings[list[k]], f, upright, &low, &high);
            double cut = high + 3;
            int under = below(w, list, n, upright, cut);
            int miss = abs(under * parts - sum * half);
            if (under <= 0 || under >= sum || miss >= best_miss) continue;
            best_miss = miss;
            best_cut = cut;
            best_upright = upright;
        }
    if (parts <= 1 || best_miss > sum) {
        add_cell(w, list, n, region);
        return;
    }
    double nx = best_upright ? f->cosine : -f->sine, ny = best_upright ? f->sine : f->cosine;
    double limit = nx * f->origin.x + ny * f->origin.y + best_cut;
    int side[256], m[2] = {0, 0}, lists[2][256];
    sc_ring part[2] = {*region, *region};
    for (int k = 0; k < n && k < 256; k++) {
        double low, high;
        extent(&w->town->buildings[list[k]], f, best_upright, &low, &high);
        side[k] = low > best_cut;
        lists[side[k]][m[side[k]]++] = list[k];
    }
    sc_ring_cut(&part[0], nx, ny, limit);
    sc_ring_cut(&part[1], -nx, -ny, -limit);
    divide(w, lists[0], m[0], &part[0], half);
    divide(w, lists[1], m[1], &part[1], parts - half);
}

// The block with its share of the streets around it; outer blocks reach to the edge of the
// community's land.
static sc_ring region_of(const sc_plan *plan, const sc_block *b) {
    sc_ring r = {.n = 4, .at = {b->corner[0], b->corner[1], b->corner[2], b->corner[3]}};
    if (b->column == 0) r.at[0].x = r.at[3].x = 0;
    if (b->column == plan->n_columns - 2) r.at[1].x = r.at[2].x = plan->width_m;
    if (b->row == plan->n_rows - 2) r.at[2].y = r.at[3].y = plan->params->depth_m;
    return r;
}

static void cells_of(sc_town *town, const sc_block *block) {
    int members[256], n = 0;
    for (size_t i = 0; i < town->n_buildings && n < 256; i++)
        if (town->buildings[i].block == block->index) members[n++] = (int)i;
    cell_work w = {.town = town, .block = block};
    sc_ring region = region_of(town->plan, block);
    int parts = (int)fmax(1, ceil(total(&w, members, n) / CELL_HOUSEHOLDS));
    divide(&w, members, n, &region, parts);
}

// The river and its banks are a cell of their own, one a community.
static void shore_cell(sc_town *town, int community) {
    const sc_plan *plan = town->plan;
    sc_world *w = town->world;
    int period = sc_plan_period(plan), first = community * period, n = 0;
    sc_ring r = {.n = 0};
    double x0 = community == 0 ? 0 : sc_plan_node(plan, first, 0).x;
    double x1 = community == plan->params->factor - 1 ? plan->width_m
                                                      : sc_plan_node(plan, first + period, 0).x;
    r.at[r.n++] = (sc_point){x0, 0};
    r.at[r.n++] = (sc_point){x1, 0};
    for (n = period; n >= 0; n--) {
        sc_point at = sc_plan_node(plan, first + n, 0);
        if (n == period) at.x = x1;
        if (n == 0) at.x = x0;
        r.at[r.n++] = at;
    }
    ct_feature *f = sc_add(w, "grid_cell", "cell-shore-%d", community + 1);
    sc_text(w, f, "code", "LJ-BH%02d-RIVER", community + 1);
    sc_text(w, f, "keeper", "River keeper %d", community + 1);
    sc_number(w, f, "households", 0);
    sc_number(w, f, "residents", 0);
    sc_named(w, f, "Riverside, special grid", "滨河岸线专属网格");
    sc_set_ring(w, f, &r, 0);
}

static void add_site(sc_town *town, int community) {
    const sc_plan *plan = town->plan;
    const sc_params *p = plan->params;
    sc_world *w = town->world;
    double plots = 0, floors = 0, residents = 0;
    for (int k = 0; k < plan->n_blocks; k++)
        if (plan->blocks[k].community == community) plots += plan->blocks[k].plot_m2;
    for (size_t i = 0; i < town->n_buildings; i++) {
        const sc_building *b = &town->buildings[i];
        if (plan->blocks[b->block].community != community) continue;
        floors += b->footprint_m2 * b->storeys;
        residents += b->residents;
    }
    double x0 = community == 0 ? 0 : p->edge_m + community * sc_plan_period_m(plan);
    double x1 = community == p->factor - 1 ? plan->width_m
                                           : p->edge_m + (community + 1) * sc_plan_period_m(plan);
    sc_ring r = {.n = 4, .at = {{x0, 0}, {x1, 0}, {x1, p->depth_m}, {x0, p->depth_m}}};
    char en[128], zh[128];
    sc_numbered(en, sizeof en, plan, community, p->name.en);
    sc_numbered(zh, sizeof zh, plan, community, p->name.zh);
    ct_feature *f = sc_add(w, "site", "site-%d", community + 1);
    sc_number(w, f, "area_m2", sc_ring_area(&r));
    sc_number(w, f, "plot_area_m2", plots);
    sc_number(w, f, "floor_area_ratio", floors / plots);
    sc_number(w, f, "residents", residents);
    sc_named(w, f, en, zh);
    sc_set_ring(w, f, &r, 0);
}

void sc_lay_sites(sc_town *town) {
    for (int c = 0; c < town->world->params->factor; c++) {
        add_site(town, c);
        shore_cell(town, c);
    }
    for (int k = 0; k < town->plan->n_blocks; k++) cells_of(town, &town->plan->blocks[k]);
}
