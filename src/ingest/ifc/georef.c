// Georeferencing of IFC files. Map conversion: ISO 16739-1, IfcMapConversion; the rest by
// buildingSMART's user guide for georeferencing in IFC (levels of georeferencing 20 to 60).
#include "ingest/ifc/georef.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "geo/crs.h"
#include "ingest/ifc/properties.h"

typedef struct finder {
    ct_ifc__model *m;
    const ct_ifc__units *units;
    ct_ifc__places *places;
    const char *twin_crs, *source_crs;
    ct_arena *arena;
    ct_affine world; // the frame of the 3D context that the outermost placements lie in
    bool refused;    // the file tells a place that cannot be used; the finding is made
    ct_ifc__georef *out;
} finder;

enum { PROPERTIES_BLOCK = 64 << 10, PROPERTIES_MAX = 256 << 20 }; // bytes, of one object's

// A similarity to a map: scale, turn, shift.
typedef struct conversion {
    uint32_t slot; // that tells it, for findings
    double east_m, north_m, height_m, x_axis, y_axis, scale[3];
} conversion;

static const double k_map_numbers_m = 1e5; // coordinates beyond are of a map, not of a building
static const double k_step_m = 100;        // over which a change of CRS is taken as affine
static const double k_scale_tolerance = 0.1;

const char *ct_ifc__georef_name(ct_ifc__georef_kind kind) {
    static const char *const names[] = {"none",
                                        "the user's anchor",
                                        "IfcMapConversion",
                                        "IfcRigidOperation",
                                        "ePSet_MapConversion",
                                        "the site's latitude and longitude",
                                        "coordinates of a map"};
    return names[kind];
}

static bool settled(const finder *f) {
    return f->refused || f->out->kind != CT_IFC__GEOREF_NONE;
}

// ---- maps ---------------------------------------------------------------------------------------

static ct_affine shift(double x, double y, double z) {
    ct_affine a = ct_affine_identity;
    a.m[3] = x;
    a.m[7] = y;
    a.m[11] = z;
    return a;
}

static ct_affine affine_of(const conversion *c) {
    const double length = hypot(c->x_axis, c->y_axis);
    const double cosine = length > 0 ? c->x_axis / length : 1;
    const double sine = length > 0 ? c->y_axis / length : 0;
    return (ct_affine){{c->scale[0] * cosine, -c->scale[1] * sine, 0, c->east_m, c->scale[0] * sine,
                        c->scale[1] * cosine, 0, c->north_m, 0, 0, c->scale[2], c->height_m}};
}

// The change from one CRS to another around a place of the first, as an affine map. `d`: the step
// in units of the first.
static ct_err around(ct_affine *out, const char *from, const char *to, double x, double y,
                     double dx, double dy) {
    ct_transform *t;
    double p[6] = {x, y, x + dx, y, x, y + dy};
    CT_TRY(ct_transform_get(&t, from, to));
    if (ct_transform_is_identity(t)) {
        *out = ct_affine_identity;
        return CT_OK;
    }
    CT_TRY(ct_transform_points(t, p, 3, 2));
    const double a = (p[2] - p[0]) / dx, b = (p[4] - p[0]) / dy, c = (p[3] - p[1]) / dx,
                 d = (p[5] - p[1]) / dy;
    *out = (ct_affine){{a, b, 0, p[0] - a * x - b * y, c, d, 0, p[1] - c * x - d * y, 0, 0, 1, 0}};
    return CT_OK;
}

static ct_err place_on_map(finder *f, const conversion *c, const char *crs) {
    ct_affine own = affine_of(c), change;
    CT_TRY(around(&change, crs, f->twin_crs, c->east_m, c->north_m, k_step_m, k_step_m));
    if (!ct_crs_covers(crs, c->east_m, c->north_m))
        ct_ifc__note(f->m, CT_SEVERITY_WARNING, "ifc-georef", c->slot,
                     "east %.0f, north %.0f lie outside the area of %s", c->east_m, c->north_m,
                     crs);
    f->out->to_twin = ct_affine_multiply(&change, &own);
    f->out->height_m = c->height_m;
    return CT_OK;
}

// ---- IfcMapConversion ---------------------------------------------------------------------------

// Scale takes project units to map units. Some writers leave it at 1 where the units differ, or
// give its inverse: whichever reading leaves lengths as they are is meant.
static double scale_of(finder *f, uint32_t slot, double scale, double map_m) {
    const double length_m = f->units->length_m;
    const double readings[] = {scale * map_m / length_m, scale, scale * length_m / map_m};
    for (size_t i = 0; i < 3; i++) {
        if (fabs(readings[i] - 1) > k_scale_tolerance) continue;
        if (i)
            ct_ifc__note(f->m, CT_SEVERITY_WARNING, "ifc-georef", slot,
                         "Scale %g does not take project units to map units; lengths are kept",
                         scale);
        return readings[i];
    }
    ct_ifc__note(f->m, CT_SEVERITY_WARNING, "ifc-georef", slot,
                 "Scale %g would change lengths by %g; they are kept", scale, readings[0]);
    return 1;
}

static double map_unit_m(const finder *f, uint32_t crs) {
    const ct_ifc__unit unit = ct_ifc__unit_of(f->m, ct_ifc__ref(f->m, crs, "MapUnit"));
    return unit.known ? unit.factor : f->units->length_m;
}

// The user's word for the CRS, NULL where there is none. CT_CRS where that is in degrees.
static ct_err given_crs(const char **out, const finder *f) {
    ct_crs_info info;
    *out = f->source_crs;
    if (!*out) return CT_OK;
    CT_TRY(ct_crs_describe(&info, *out));
    if (info.projected) return CT_OK;
    return ct_fail(CT_CRS,
                   "%s: its coordinates are those of a map, but %s is in degrees; give a projected "
                   "CRS with --crs",
                   f->m->file, info.code);
}

// What PROJ knows the CRS as; the user's word where the file's name is none. *out NULL: unknown.
static ct_err crs_code(const char **out, finder *f, const char *name) {
    ct_crs_info info;
    *out = NULL;
    if (name && ct_crs_describe(&info, name) == CT_OK && info.projected) {
        *out = ct_arena_strdup(f->arena, info.code);
        return *out ? CT_OK : CT_NOMEM;
    }
    return given_crs(out, f);
}

static void no_crs(finder *f, uint32_t slot, const char *name) {
    f->refused = true;
    ct_ifc__note(f->m, CT_SEVERITY_ERROR, "no-place", slot,
                 "the CRS \"%.80s\" is not known as a projected one in metres; give it with --crs",
                 name ? name : "");
}

static double number_or(const finder *f, uint32_t slot, const char *attribute, double otherwise) {
    double value;
    return ct_ifc__number(&value, f->m, slot, attribute) ? value : otherwise;
}

static ct_err try_operation(finder *f, ct_ifc__known kind) {
    ct_ifc__slots all;
    const char *name, *crs;
    const bool rigid = kind == CT_IFC__RIGID_OPERATION;
    CT_TRY(ct_ifc__all_known(&all, f->arena, f->m, kind));
    if (!all.n) return CT_OK;
    const uint32_t slot = all.at[0], target = ct_ifc__ref(f->m, slot, "TargetCRS");
    CT_TRY(ct_ifc__text(&name, f->arena, f->m, target, "Name"));
    CT_TRY(crs_code(&crs, f, name));
    if (!crs) {
        no_crs(f, slot, name);
        return CT_OK;
    }
    f->out->kind = rigid ? CT_IFC__GEOREF_RIGID : CT_IFC__GEOREF_MAP_CONVERSION;
    const double unit = map_unit_m(f, target);
    conversion c = {.slot = slot, .x_axis = 1, .scale = {1, 1, 1}};
    c.east_m = unit * number_or(f, slot, rigid ? "FirstCoordinate" : "Eastings", 0);
    c.north_m = unit * number_or(f, slot, rigid ? "SecondCoordinate" : "Northings", 0);
    c.height_m = unit * number_or(f, slot, rigid ? "Height" : "OrthogonalHeight", 0);
    if (!rigid) {
        static const char *const factors[] = {"FactorX", "FactorY", "FactorZ"};
        const double scale = scale_of(f, slot, number_or(f, slot, "Scale", 1), unit);
        c.x_axis = number_or(f, slot, "XAxisAbscissa", 1);
        c.y_axis = number_or(f, slot, "XAxisOrdinate", 0);
        for (int i = 0; i < 3; i++) c.scale[i] = scale * number_or(f, slot, factors[i], 1);
    }
    return place_on_map(f, &c, crs);
}

// ---- property sets of IFC2x3 --------------------------------------------------------------------

static ct_err try_sets_of(finder *f, ct_arena *scratch, uint32_t object) {
    ct_ifc__properties p;
    const char *const set = "ePSet_MapConversion", *crs;
    CT_TRY(ct_ifc__properties_read(&p, scratch, f->m, f->units, object));
    if (!ct_ifc__property(&p, set, "Eastings")) return CT_OK;
    const char *name = ct_ifc__property_text(&p, "ePSet_ProjectedCRS", "Name");
    if (!name) name = ct_ifc__property_text(&p, set, "TargetCRS");
    CT_TRY(crs_code(&crs, f, name));
    if (!crs) {
        no_crs(f, object, name);
        return CT_OK;
    }
    f->out->kind = CT_IFC__GEOREF_PROPERTY_SET;
    // Lengths came in metres already.
    const double scale = ct_ifc__property_number(&p, set, "Scale", 1);
    conversion c = {.slot = object,
                    .east_m = ct_ifc__property_number(&p, set, "Eastings", 0),
                    .north_m = ct_ifc__property_number(&p, set, "Northings", 0),
                    .height_m = ct_ifc__property_number(&p, set, "OrthogonalHeight", 0),
                    .x_axis = ct_ifc__property_number(&p, set, "XAxisAbscissa", 1),
                    .y_axis = ct_ifc__property_number(&p, set, "XAxisOrdinate", 0)};
    for (int i = 0; i < 3; i++) c.scale[i] = scale_of(f, object, scale, 1);
    return place_on_map(f, &c, crs);
}

static ct_err try_object(finder *f, uint32_t object) {
    ct_arena *scratch = ct_arena_new(PROPERTIES_BLOCK, PROPERTIES_MAX);
    if (!scratch) return CT_NOMEM;
    const ct_err err = try_sets_of(f, scratch, object);
    ct_arena_free(scratch);
    return err;
}

static ct_err try_property_sets(finder *f) {
    static const ct_ifc__known where[] = {CT_IFC__SITE, CT_IFC__PROJECT, CT_IFC__BUILDING};
    for (size_t w = 0; w < 3; w++) {
        ct_ifc__slots all;
        CT_TRY(ct_ifc__all_known(&all, f->arena, f->m, where[w]));
        for (size_t i = 0; i < all.n && !settled(f); i++) CT_TRY(try_object(f, all.at[i]));
    }
    return CT_OK;
}

// ---- latitude and longitude of the site ---------------------------------------------------------

static bool read_angle(double *out_deg, const ct_ifc__model *m, uint32_t slot, const char *name) {
    double part[4] = {0};
    const ct_step__value list = ct_ifc__get(m, slot, name);
    const size_t n = ct_ifc__numbers(part, 4, &list);
    if (n < 3 || n > 4) return false;
    *out_deg = part[0] + part[1] / 60 + part[2] / 3600 + part[3] / 3.6e9;
    return true;
}

// Where north is in the file's frame.
static ct_err true_north(double out[2], finder *f) {
    ct_ifc__slots contexts;
    CT_TRY(ct_ifc__all_known(&contexts, f->arena, f->m, CT_IFC__GEOMETRIC_CONTEXT));
    out[0] = 0;
    out[1] = 1;
    for (size_t i = 0; i < contexts.n; i++) {
        double d[3];
        if (!ct_ifc__triple(d, f->m, ct_ifc__ref(f->m, contexts.at[i], "TrueNorth"), 1)) continue;
        const double length = hypot(d[0], d[1]);
        if (length <= 0) continue;
        out[0] = d[0] / length;
        out[1] = d[1] / length;
        return CT_OK;
    }
    return CT_OK;
}

// Where a product lies in the file's world.
static ct_affine place_in_world(const finder *f, uint32_t product) {
    const ct_affine at = ct_ifc__place_of(f->places, product);
    return ct_affine_multiply(&f->world, &at);
}

// The plane that touches the ellipsoid (WGS 84) at the site, into the twin's map.
static ct_err place_by_degrees(finder *f, uint32_t site, double lon, double lat) {
    const double a = 6378137, e2 = 0.00669437999014, phi = lat * M_PI / 180;
    const double w = sqrt(1 - e2 * sin(phi) * sin(phi));
    const double m_per_deg_east = a / w * cos(phi) * M_PI / 180;
    const double m_per_deg_north = a * (1 - e2) / (w * w * w) * M_PI / 180;
    double north[2], height = 0;
    ct_affine change;
    CT_TRY(true_north(north, f));
    CT_TRY(around(&change, CT_CRS_CRS84, f->twin_crs, lon, lat, k_step_m / m_per_deg_east,
                  k_step_m / m_per_deg_north));
    if (!ct_crs_covers(f->twin_crs, change.m[0] * lon + change.m[1] * lat + change.m[3],
                       change.m[4] * lon + change.m[5] * lat + change.m[7])) {
        ct_ifc__note(f->m, CT_SEVERITY_ERROR, "no-place", site,
                     "latitude %.5f, longitude %.5f lie outside the area of the twin's CRS %s; say "
                     "with --at where the file's origin lies",
                     lat, lon, f->twin_crs);
        f->refused = true;
        return CT_OK;
    }
    (void)ct_ifc__number(&height, f->m, site, "RefElevation");
    const ct_affine at = place_in_world(f, site);
    const ct_affine to_site = shift(-at.m[3], -at.m[7], -at.m[11]);
    const ct_affine degrees = {{north[1] / m_per_deg_east, -north[0] / m_per_deg_east, 0, lon,
                                north[0] / m_per_deg_north, north[1] / m_per_deg_north, 0, lat, 0,
                                0, 1, height * f->units->length_m}};
    const ct_affine turned = ct_affine_multiply(&degrees, &to_site);
    f->out->to_twin = ct_affine_multiply(&change, &turned);
    f->out->height_m = turned.m[11];
    f->out->kind = CT_IFC__GEOREF_SITE;
    return CT_OK;
}

static ct_err try_site(finder *f) {
    ct_ifc__slots sites;
    CT_TRY(ct_ifc__all_known(&sites, f->arena, f->m, CT_IFC__SITE));
    for (size_t i = 0; i < sites.n; i++) {
        double lat, lon;
        if (!read_angle(&lat, f->m, sites.at[i], "RefLatitude") ||
            !read_angle(&lon, f->m, sites.at[i], "RefLongitude"))
            continue;
        if (fabs(lat) > 89 || fabs(lon) > 180 || (lat == 0 && lon == 0)) continue;
        return place_by_degrees(f, sites.at[i], lon, lat);
    }
    return CT_OK;
}

// ---- numbers of a map ---------------------------------------------------------------------------

// The first placement of the spatial structure beyond what a building's own frame has.
static ct_err find_map_numbers(uint32_t *out, finder *f) {
    const ct_ifc__known spatial =
        f->m->version == CT_IFC__2X3 ? CT_IFC__SPATIAL_2X3 : CT_IFC__SPATIAL;
    ct_ifc__slots all;
    *out = CT_STEP__NONE;
    CT_TRY(ct_ifc__all_known(&all, f->arena, f->m, spatial));
    for (size_t i = 0; i < all.n; i++) {
        const ct_affine at = place_in_world(f, all.at[i]);
        if (!ct_affine_is_finite(&at)) continue;
        if (fabs(at.m[3]) < k_map_numbers_m && fabs(at.m[7]) < k_map_numbers_m) continue;
        *out = all.at[i];
        return CT_OK;
    }
    return CT_OK;
}

static ct_err take_map_numbers(finder *f, uint32_t slot) {
    const ct_affine at = place_in_world(f, slot);
    const char *crs;
    CT_TRY(given_crs(&crs, f));
    if (!crs) crs = f->twin_crs;
    if (!ct_crs_covers(crs, at.m[3], at.m[7])) return CT_OK;
    f->out->kind = CT_IFC__GEOREF_MAP_NUMBERS;
    ct_ifc__note(f->m, CT_SEVERITY_WARNING, "ifc-georef", slot,
                 "placed at %.0f, %.0f: taken as coordinates in %s", at.m[3], at.m[7], crs);
    return around(&f->out->to_twin, crs, f->twin_crs, at.m[3], at.m[7], k_step_m, k_step_m);
}

// ---- all ways -----------------------------------------------------------------------------------

// The frame of the 3D context that the file's world is given in.
static ct_err world_system(ct_affine *out, finder *f) {
    ct_ifc__slots contexts;
    *out = ct_affine_identity;
    CT_TRY(ct_ifc__all_known(&contexts, f->arena, f->m, CT_IFC__GEOMETRIC_CONTEXT));
    for (size_t i = 0; i < contexts.n; i++) {
        double dimension;
        if (!ct_ifc__number(&dimension, f->m, contexts.at[i], "CoordinateSpaceDimension") ||
            dimension != 3)
            continue;
        *out = ct_ifc__axes(f->m, ct_ifc__ref(f->m, contexts.at[i], "WorldCoordinateSystem"),
                            f->units->length_m);
        return CT_OK;
    }
    return CT_OK;
}

static ct_err look(finder *f, const ct_ifc__anchor *anchor) {
    uint32_t far = CT_STEP__NONE;
    ct_ifc__georef *out = f->out;
    if (anchor->given) {
        const conversion c = {.east_m = anchor->east_m,
                              .north_m = anchor->north_m,
                              .height_m = anchor->height_m,
                              .x_axis = cos(anchor->rotation_rad),
                              .y_axis = sin(anchor->rotation_rad),
                              .scale = {1, 1, 1}};
        out->kind = CT_IFC__GEOREF_ANCHOR;
        out->to_twin = affine_of(&c);
        out->height_m = c.height_m;
        return CT_OK;
    }
    CT_TRY(find_map_numbers(&far, f));
    CT_TRY(try_operation(f, CT_IFC__MAP_CONVERSION));
    if (!settled(f)) CT_TRY(try_operation(f, CT_IFC__RIGID_OPERATION));
    if (!settled(f)) CT_TRY(try_property_sets(f));
    if (settled(f)) {
        if (far != CT_STEP__NONE && !f->refused)
            ct_ifc__note(f->m, CT_SEVERITY_WARNING, "ifc-georef", far,
                         "placed far from the file's origin, though %s tells where that lies",
                         ct_ifc__georef_name(out->kind));
        return CT_OK;
    }
    if (far != CT_STEP__NONE) CT_TRY(take_map_numbers(f, far));
    if (out->kind == CT_IFC__GEOREF_NONE) CT_TRY(try_site(f));
    return CT_OK;
}

ct_err ct_ifc__georef_read(ct_ifc__georef *out, ct_ifc__model *m, const ct_ifc__units *units,
                           ct_ifc__places *places, const char *twin_crs, const char *source_crs,
                           const ct_ifc__anchor *anchor, ct_arena *arena) {
    *out = (ct_ifc__georef){.to_twin = ct_affine_identity};
    finder f = {.m = m,
                .units = units,
                .places = places,
                .twin_crs = twin_crs,
                .source_crs = source_crs,
                .arena = arena,
                .out = out};
    CT_TRY(world_system(&f.world, &f));
    CT_TRY(look(&f, anchor));
    if (f.refused) return CT_OK;
    out->to_twin = ct_affine_multiply(&out->to_twin, &f.world);
    if (!ct_affine_is_finite(&out->to_twin)) out->kind = CT_IFC__GEOREF_NONE;
    if (out->kind == CT_IFC__GEOREF_NONE) out->to_twin = ct_affine_identity;
    if (out->kind == CT_IFC__GEOREF_NONE)
        ct_diagnostics_add(m->diagnostics, CT_SEVERITY_ERROR, "no-place", m->file,
                           "the file does not tell where on the earth it lies; say with --at where "
                           "its origin lies in the twin");
    else
        ct_diagnostics_add(m->diagnostics, CT_SEVERITY_INFO, "ifc-georef", m->file, "placed by %s",
                           ct_ifc__georef_name(out->kind));
    return CT_OK;
}
