// The CRSs that features are served in: longitude and latitude (with and without heights), the
// twin's own, Web Mercator. Transforms go by polynomials fitted to the twin's ground with an error
// below the last digit written (a fifth of the time of PROJ's own), and by PROJ outside of it.
#include <string.h>

#include "http/api/internal.h"

enum { MARGIN_PART = 10 }; // the fitted box is this part of its size wider on each side

static const double degree_tolerance = 5e-9, metre_tolerance = 1e-4;

void ct_api__crs_init(ct_api *api) {
    api->twin_crs = *ct_store_crs(api->parts.store);
    const ct_crs_info *twin = &api->twin_crs;
    size_t n = 0;
    api->crs[n++] =
        (ct_api__crs){.uri = CT_CRS84H_URI, .code = CT_CRS_CRS84, .degrees = true, .only_z = true};
    api->crs[n++] =
        (ct_api__crs){.uri = CT_CRS84_URI, .code = CT_CRS_CRS84, .degrees = true, .flat = true};
    api->crs[n++] = (ct_api__crs){.uri = twin->uri, .code = twin->code, .swapped = twin->swapped};
    if (strcmp(twin->code, CT_CRS_MERCATOR) != 0)
        api->crs[n++] = (ct_api__crs){.uri = "http://www.opengis.net/def/crs/EPSG/0/3857",
                                      .code = CT_CRS_MERCATOR};
    api->n_crs = n;
}

static bool covers(const ct_bbox *outer, const ct_bbox *inner) {
    return outer->min_x <= inner->min_x && outer->min_y <= inner->min_y &&
           outer->max_x >= inner->max_x && outer->max_y >= inner->max_y;
}

void ct_api__crs_refit(ct_api *api, ct_reader *reader) {
    const ct_catalogue *catalogue = ct_store_catalogue(api->parts.store);
    ct_bbox all;
    bool any = false;
    for (size_t i = 0; i < ct_catalogue_count(catalogue); i++) {
        ct_bbox box;
        bool has = false;
        if (ct_reader_extent(&has, &box, reader, ct_catalogue_at(catalogue, i)) != CT_OK || !has)
            continue;
        if (any)
            ct_bbox_add(&all, &box);
        else
            all = box;
        any = true;
    }
    if (!any) return;
    double dx = (all.max_x - all.min_x) / MARGIN_PART, dy = (all.max_y - all.min_y) / MARGIN_PART;
    ct_bbox wide = {all.min_x - dx, all.min_y - dy, all.max_x + dx, all.max_y + dy};
    for (size_t i = 0; i < api->n_crs; i++) {
        ct_api__crs *crs = &api->crs[i];
        if (strcmp(crs->code, api->twin_crs.code) == 0) continue;
        pthread_mutex_lock(&api->lock);
        bool enough = crs->has_fit && covers(&crs->fit_box, &all);
        pthread_mutex_unlock(&api->lock);
        ct_transform *t;
        ct_fit fit;
        double tolerance = crs->degrees ? degree_tolerance : metre_tolerance;
        // No fit within the tolerance (a very large twin) is no fault: PROJ does it all then.
        bool fits = !enough && ct_transform_get(&t, api->twin_crs.code, crs->code) == CT_OK &&
                    ct_fit_make(&fit, t, &wide, tolerance) == CT_OK;
        if (!fits) continue;
        pthread_mutex_lock(&api->lock);
        crs->fit = fit;
        crs->fit_box = wide;
        crs->has_fit = true;
        pthread_mutex_unlock(&api->lock);
    }
}

bool ct_api__crs_offered(const ct_api__crs *crs, const ct_class *cls) {
    return cls->geometry != CT_GEOM_NONE && (cls->has_z || !crs->only_z);
}

static bool names(const char *text, const ct_api__crs *crs) {
    size_t n = strlen(crs->code);
    if (strcmp(text, crs->uri) == 0) return true;
    if (crs->only_z) return false; // its code is that of CRS84 without heights
    if (strcmp(text, crs->code) == 0) return true;
    return text[0] == '[' && strncmp(text + 1, crs->code, n) == 0 && strcmp(text + 1 + n, "]") == 0;
}

ct_err ct_api__crs_find(ct_api__crs *out, ct_api *api, const ct_class *cls, const char *name,
                        const char *text) {
    for (size_t i = 0; i < api->n_crs; i++) {
        const ct_api__crs *crs = &api->crs[i];
        if (cls->geometry == CT_GEOM_NONE ? text != NULL || crs->only_z
                                          : !ct_api__crs_offered(crs, cls))
            continue;
        if (text && !names(text, crs)) continue;
        pthread_mutex_lock(&api->lock);
        *out = *crs;
        pthread_mutex_unlock(&api->lock);
        return CT_OK;
    }
    return ct_fail(CT_CRS, "parameter %s: \"%s\" is not among the CRSs of this collection", name,
                   text);
}

void ct_api__crs_write_list(ct_jsonw *w, const ct_api *api, const ct_class *cls) {
    if (cls->geometry == CT_GEOM_NONE) return;
    ct_jsonw_key(w, "crs");
    ct_jsonw_array(w);
    for (size_t i = 0; i < api->n_crs; i++)
        if (ct_api__crs_offered(&api->crs[i], cls)) ct_jsonw_string(w, api->crs[i].uri);
    ct_jsonw_end_array(w);
    ct_jsonw_kv_string(w, "storageCrs", api->twin_crs.uri);
}

ct_err ct_api__lonlat_box(ct_bbox *box, const ct_api *api) {
    ct_transform *t;
    CT_TRY(ct_transform_get(&t, api->twin_crs.code, CT_CRS_CRS84));
    return ct_transform_bbox(t, box);
}
