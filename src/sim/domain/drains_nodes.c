// Nodes of the drainage network: what the features say, defaults for what they lack, and their
// place on the grid.
#include <math.h>
#include <string.h>

#include "base/grow.h"
#include "sim/domain/drains_build.h"

#define COVER_M    0.7  // clear opening, GB/T 23858
#define SHAFT_M2   1.13 // a shaft of 1.2 m, SWMM's least area of a node
#define INLET_M2   0.34 // the box below a grate of 0.75 m by 0.45 m
#define JOINT_M2   0.1
#define STORAGE_M2 50.0
#define OPEN_SHARE 0.8   // of a grate: bars 48 mm apart with cross bars (HEC-22, table 4-3)
#define SHUT       0.999 // clogging from which nothing passes
#define BESIDE_M   10.0  // an open cell that far from a covered node is beside it
#define LEAST_M    0.01  // least dimension of an opening

static ct_build_kind kind_of(const ct_feature *f) {
    static const char *const words[] = {"manhole", "inlet", "outfall", "storage", "junction"};
    const char *word = ct_feature_text(f, "kind", "");
    for (int k = 0; k < (int)(sizeof words / sizeof *words); k++)
        if (strcmp(word, words[k]) == 0) return (ct_build_kind)k;
    return CT_BUILD_JUNCTION;
}

// A dimension, or what it usually is.
static double size_of(const ct_feature *f, const char *attr, double usual) {
    const double v = ct_feature_number(f, attr, usual);
    return v >= LEAST_M ? v : usual;
}

static void read_opening(ct_build_node *n, const ct_feature *f) {
    static const struct {
        const char *word;
        ct_drains_exchange_kind kind;
    } inlets[] = {{"grate", CT_DRAINS_GRATE},
                  {"curb", CT_DRAINS_CURB},
                  {"combination", CT_DRAINS_COMBINATION},
                  {"slotted", CT_DRAINS_SLOTTED}};
    ct_drains_exchange *x = &n->exchange;
    *x = (ct_drains_exchange){.kind = CT_DRAINS_MANHOLE, .count = 1};
    x->clogging = ct_feature_number(f, "clogging", 0);
    n->sealed =
        ct_feature_bool(f, "sealed", false) || x->clogging > SHUT || n->kind == CT_BUILD_JUNCTION;
    if (n->kind != CT_BUILD_INLET) {
        x->opening_m = size_of(f, "opening_m", COVER_M);
        return;
    }
    const char *word = ct_feature_text(f, "inlet", "grate");
    for (size_t k = 0; k < sizeof inlets / sizeof *inlets; k++)
        if (strcmp(word, inlets[k].word) == 0) x->kind = inlets[k].kind;
    const bool slot = x->kind == CT_DRAINS_SLOTTED;
    x->length_m = size_of(f, "inlet_length_m", slot ? 3 : 0.75);
    x->width_m = size_of(f, "inlet_width_m", slot ? 0.05 : 0.45);
    x->curb_length_m = size_of(f, "curb_length_m", 1);
    x->curb_height_m = size_of(f, "curb_height_m", 0.15);
    x->grate = CT_DRAINS_P_50_100;
    x->open_share = OPEN_SHARE;
}

static ct_err read_area(ct_build *b, ct_build_node *n, const ct_feature *f) {
    const double usual[] = {[CT_BUILD_MANHOLE] = SHAFT_M2,
                            [CT_BUILD_INLET] = INLET_M2,
                            [CT_BUILD_OUTFALL] = SHAFT_M2,
                            [CT_BUILD_STORAGE] = STORAGE_M2,
                            [CT_BUILD_JUNCTION] = JOINT_M2};
    n->area_m2 = ct_feature_number(f, "area_m2", 0);
    if (n->area_m2 >= LEAST_M) return CT_OK;
    n->area_m2 = usual[n->kind];
    return n->kind == CT_BUILD_STORAGE ? ct_build__warn(b, CT_DRAINS_RULE_STORAGE_AREA, n->id)
                                       : CT_OK;
}

// The open cell under the node, or beside the building over it.
static int64_t open_cell(const ct_flood_domain *d, double x_m, double y_m) {
    const int64_t at = ct_grid_cell_at(&d->shape, x_m, y_m);
    if (at < 0 || !d->blocked[at]) return at;
    const int64_t open = d->roof_receiver[at];
    if (open < 0) return -1;
    const double dx = ct_grid_x(&d->shape, (uint32_t)(open % d->shape.nx)) - x_m;
    const double dy = ct_grid_y(&d->shape, (uint32_t)(open / d->shape.nx)) - y_m;
    return hypot(dx, dy) <= fmax(BESIDE_M, 2 * d->shape.cell_m) ? open : -1;
}

// Of the water that an outfall lies in: in its cell or in one around it.
static double water_level(const ct_flood_domain *d, double x_m, double y_m) {
    for (int ring = 0; ring < 9; ring++) {
        const int turn = (ring + 4) % 9; // its own first
        const int64_t cell = ct_grid_cell_at(&d->shape, x_m + (turn % 3 - 1) * d->shape.cell_m,
                                             y_m + (turn / 3 - 1) * d->shape.cell_m);
        if (cell >= 0 && d->depth_m[cell] > 0) return d->level_m[cell];
    }
    return (double)NAN;
}

static ct_err place(ct_build *b, ct_build_node *n, const ct_feature *f) {
    const ct_flood_domain *d = b->ground;
    n->cell = -1;
    n->x_m = n->y_m = n->level_m = (double)NAN;
    if (f->geom.n_points > 0) {
        n->x_m = f->geom.xyz[0];
        n->y_m = f->geom.xyz[1];
        n->cell = open_cell(d, n->x_m, n->y_m);
        if (n->kind == CT_BUILD_OUTFALL) n->level_m = water_level(d, n->x_m, n->y_m);
    }
    n->ground_m = ct_feature_number(f, "ground_m", (double)NAN);
    // An edit's point may have no height, which then is 0: the terrain knows better.
    if (isnan(n->ground_m) && n->cell >= 0) n->ground_m = d->bed_m[n->cell];
    if (isnan(n->ground_m) && f->geom.n_points > 0 && f->geom.has_z) n->ground_m = f->geom.xyz[2];
    n->invert_m = ct_feature_number(f, "invert_m", (double)NAN);
    if (isnan(n->invert_m))
        n->invert_m = n->ground_m - ct_feature_number(f, "depth_m", (double)NAN);
    return CT_OK;
}

static ct_err visit_node(void *context, const ct_feature *f) {
    ct_build *b = context;
    if (!ct_build__takes_part(f)) return CT_OK;
    CT_TRY(ct_grow(&b->nodes, &b->cap_nodes, b->n_nodes + 1, sizeof *b->nodes));
    ct_build_node *n = &b->nodes[b->n_nodes];
    *n = (ct_build_node){
        .kind = kind_of(f), .flap = ct_feature_bool(f, "flap", false), .start_m = (double)NAN};
    n->id = ct_arena_strdup(b->domain->arena, f->id);
    if (!n->id) return CT_NOMEM;
    CT_TRY(read_area(b, n, f));
    CT_TRY(place(b, n, f));
    read_opening(n, f);
    CT_TRY(ct_strmap_put(b->by_id, n->id, b->n_nodes));
    b->n_nodes++;
    return CT_OK;
}

ct_err ct_build__nodes(ct_build *b) {
    return ct_merged_each(b->reader, b->edits, ct_catalogue_by_name(b->catalogue, "drain_node"),
                          visit_node, b);
}
