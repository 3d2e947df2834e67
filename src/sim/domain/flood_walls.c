// Walls, dikes and flood barriers on the faces of the flood grid: each face under the line gets the
// crest as its sill.
#include <math.h>
#include <string.h>

#include "sim/domain/flood_layers.h"

typedef struct raise {
    ct_flood_domain *domain;
    double crest_m;  // of the whole line; NaN where height_m counts
    double height_m; // above the ground at each face
    size_t faces;    // raised so far
} raise;

static double crest_at(const raise *r, size_t cell, size_t neighbour) {
    if (!isnan(r->crest_m)) return r->crest_m;
    return fmax(r->domain->bed_m[cell], r->domain->bed_m[neighbour]) + r->height_m;
}

// Where two walls share a face the higher one counts.
static void raise_face(double *face, double crest_m) {
    *face = isnan(*face) ? crest_m : fmax(*face, crest_m);
}

static void visit_edge(void *context, uint32_t row, uint32_t column, int side, int sense) {
    (void)sense;
    raise *r = context;
    ct_flood_domain *d = r->domain;
    r->faces++;
    const size_t nx = d->shape.nx, cell = (size_t)row * nx + column;
    if (side == 0) {
        if (column + 1 < nx)
            raise_face(&d->crest_x_m[row * (nx + 1) + column + 1], crest_at(r, cell, cell + 1));
    } else if (row + 1 < d->shape.ny) {
        raise_face(&d->crest_y_m[((size_t)row + 1) * nx + column], crest_at(r, cell, cell + nx));
    }
}

size_t ct_domain__raise_line(ct_flood_domain *domain, const ct_geom *line, double crest_m) {
    raise r = {domain, crest_m, NAN, 0};
    ct_grid_visit_line_edges(&domain->shape, line, visit_edge, &r);
    return r.faces;
}

// Water runs through a fence unless its record says otherwise.
static bool lets_water_pass(const ct_feature *feature) {
    const bool fence = strcmp(ct_feature_text(feature, "kind", ""), "fence") == 0;
    return ct_feature_bool(feature, "permeable", fence);
}

static ct_err visit_barrier(void *context, const ct_feature *feature) {
    ct_flood_domain *d = context;
    bool outside;
    if (feature->geom.type == CT_GEOM_NONE || lets_water_pass(feature)) return CT_OK;
    CT_TRY(ct_domain__outside(&outside, d, feature));
    if (outside) return CT_OK;
    raise r = {d, ct_feature_number(feature, "crest_m", NAN),
               ct_feature_number(feature, "height_m", NAN), 0};
    if (isnan(r.crest_m) && isnan(r.height_m))
        return ct_domain__warn(d, CT_FLOOD_RULE_BARRIER_HEIGHT, feature->id);
    ct_grid_visit_line_edges(&d->shape, &feature->geom, visit_edge, &r);
    return r.faces ? CT_OK : ct_domain__warn(d, CT_FLOOD_RULE_BARRIER_SHORT, feature->id);
}

ct_err ct_domain__walls(const ct_layers *layers) {
    return ct_merged_each(layers->reader, layers->edits,
                          ct_catalogue_by_name(layers->catalogue, "barrier"), visit_barrier,
                          layers->domain);
}
