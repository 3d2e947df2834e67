// Names and properties of coordinate reference systems, read from PROJ's database.
#include "geo/crs.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "geo/thread.h"
#include "geo/transform_private.h"

// Prefixes after which "authority separator version separator code" follows.
static const struct {
    const char *prefix;
    char separator;
} spellings[] = {{"http://www.opengis.net/def/crs/", '/'},
                 {"https://www.opengis.net/def/crs/", '/'},
                 {"urn:ogc:def:crs:", ':'},
                 {"urn:x-ogc:def:crs:", ':'}};

static ct_err unknown(const char *text) {
    return ct_fail(CT_CRS, "unknown coordinate reference system \"%.80s\"", text);
}

// `authority` and `name` (not ended, `n` bytes) into the canonical code.
static bool canonical(char code[CT_GEO__CODE], const char *authority, size_t na, const char *name,
                      size_t n) {
    if (na == 4 && strncasecmp(authority, "EPSG", 4) == 0) {
        while (n > 1 && *name == '0') name++, n--;
        if (n < 1 || n > 9 || strspn(name, "0123456789") < n) return false;
        (void)snprintf(code, CT_GEO__CODE, "EPSG:%.*s", (int)n, name);
        return true;
    }
    if (na == 3 && strncasecmp(authority, "OGC", 3) == 0) {
        const bool flat = n == 5 && strncasecmp(name, "CRS84", 5) == 0;
        const bool high = n == 6 && strncasecmp(name, "CRS84h", 6) == 0;
        if (flat || high) (void)snprintf(code, CT_GEO__CODE, "OGC:CRS84%s", high ? "h" : "");
        return flat || high;
    }
    return false;
}

ct_err ct_geo__crs_code(char code[CT_GEO__CODE], const char *text) {
    const char *at = text;
    size_t n = strlen(text);
    if (n > 2 && at[0] == '[' && at[n - 1] == ']') at++, n -= 2;
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        const size_t skip = strlen(spellings[i].prefix);
        if (strncasecmp(at, spellings[i].prefix, skip) != 0) continue;
        const char *authority = at + skip;
        const char *version = memchr(authority, spellings[i].separator, n - skip);
        if (!version) return unknown(text);
        version++;
        const char *name = memchr(version, spellings[i].separator, (size_t)(at + n - version));
        if (!name) return unknown(text);
        name++;
        if (!canonical(code, authority, (size_t)(version - 1 - authority), name,
                       (size_t)(at + n - name)))
            return unknown(text);
        return CT_OK;
    }
    const char *colon = memchr(at, ':', n);
    bool ok;
    if (colon)
        ok = canonical(code, at, (size_t)(colon - at), colon + 1, (size_t)(at + n - colon - 1));
    else
        ok = canonical(code, "EPSG", 4, at, n) || canonical(code, "OGC", 3, at, n);
    return ok ? CT_OK : unknown(text);
}

const char *ct_geo__crs_proj_name(const char *code) {
    return strcmp(code, "OGC:CRS84h") == 0 ? "OGC:CRS84" : code;
}

static void write_uri(ct_crs_info *info) {
    if (strcmp(info->code, "OGC:CRS84") == 0)
        (void)snprintf(info->uri, sizeof info->uri, "%s", CT_CRS84_URI);
    else if (strcmp(info->code, "OGC:CRS84h") == 0)
        (void)snprintf(info->uri, sizeof info->uri, "%s", CT_CRS84H_URI);
    else
        (void)snprintf(info->uri, sizeof info->uri, "http://www.opengis.net/def/crs/EPSG/0/%s",
                       info->code + strlen("EPSG:"));
}

// Directions and units of the first two axes. Only systems whose axes point east and north can be
// worked with.
static ct_err read_axes(ct_crs_info *info, PJ_CONTEXT *context, const PJ *crs) {
    PJ *system = proj_crs_get_coordinate_system(context, crs);
    if (!system) return ct_fail(CT_CRS, "%s: has no coordinate system", info->code);
    const char *direction[2] = {"", ""};
    double unit[2] = {0, 0};
    for (int i = 0; i < 2; i++)
        if (!proj_cs_get_axis_info(context, system, i, NULL, NULL, &direction[i], &unit[i], NULL,
                                   NULL, NULL))
            direction[i] = "";
    const bool east_north = strcmp(direction[0], "east") == 0 && strcmp(direction[1], "north") == 0;
    const bool north_east = strcmp(direction[0], "north") == 0 && strcmp(direction[1], "east") == 0;
    ct_err err = CT_OK;
    if (!east_north && !north_east)
        err = ct_fail(CT_CRS, "%s: axes point %s and %s, not east and north", info->code,
                      direction[0], direction[1]);
    // Metres, or degrees in radians.
    const double wanted = info->projected ? 1 : M_PI / 180;
    if (!err && (fabs(unit[0] / wanted - 1) > 1e-9 || fabs(unit[1] / wanted - 1) > 1e-9))
        err = ct_fail(CT_CRS, "%s: unit is not the %s", info->code,
                      info->projected ? "metre" : "degree");
    info->swapped = north_east;
    proj_destroy(system);
    return err;
}

static void read_area(ct_crs_info *info, PJ_CONTEXT *context, const PJ *crs) {
    ct_bbox *a = &info->area;
    const bool known =
        proj_get_area_of_use(context, crs, &a->min_x, &a->min_y, &a->max_x, &a->max_y, NULL) &&
        a->min_x >= -180 && a->max_x <= 180 && a->min_y < a->max_y;
    if (!known) *a = (ct_bbox){-180, -90, 180, 90};
    if (a->max_x < a->min_x) a->max_x += 360;
}

static ct_err read_info(ct_crs_info *info, PJ_CONTEXT *context, const PJ *crs) {
    const PJ_TYPE type = proj_get_type(crs);
    info->projected = type == PJ_TYPE_PROJECTED_CRS;
    if (!info->projected && type != PJ_TYPE_GEOGRAPHIC_2D_CRS && type != PJ_TYPE_GEOGRAPHIC_3D_CRS)
        return ct_fail(CT_CRS, "%s: neither a projected nor a geographic system", info->code);
    CT_TRY(read_axes(info, context, crs));
    const char *name = proj_get_name(crs);
    const bool high = strcmp(info->code, "OGC:CRS84h") == 0;
    (void)snprintf(info->name, sizeof info->name, "%s%s", name ? name : info->code,
                   high ? " with ellipsoidal height" : "");
    read_area(info, context, crs);
    write_uri(info);
    return CT_OK;
}

// The system of a canonical code in this thread's context; caller destroys.
static ct_err open_crs(PJ **out, PJ_CONTEXT **context, const char *code) {
    ct_geo__thread *thread = ct_geo__thread_get();
    if (!thread) return CT_NOMEM;
    if (!thread->proj) thread->proj = ct_geo__proj_context_new();
    if (!thread->proj) return CT_NOMEM;
    PJ *crs = proj_create(thread->proj, ct_geo__crs_proj_name(code));
    if (!crs) return unknown(code);
    *context = thread->proj;
    *out = crs;
    return CT_OK;
}

static const ct_crs_info *described(const ct_geo__thread *thread, const char *code) {
    for (int i = 0; *code && i < CT_GEO__DESCRIBED; i++)
        if (strcmp(thread->described[i].code, code) == 0) return &thread->described[i];
    return NULL;
}

ct_err ct_crs_describe(ct_crs_info *out, const char *text) {
    ct_crs_info info = {.code = ""};
    ct_geo__thread *thread = ct_geo__thread_get();
    if (!thread) return CT_NOMEM;
    const ct_crs_info *known = described(thread, text); // mostly it is canonical as given
    if (!known) {
        CT_TRY(ct_geo__crs_code(info.code, text));
        known = described(thread, info.code);
    }
    if (known) {
        *out = *known;
        return CT_OK;
    }
    if (!ct_geo__description_find(&info, info.code)) {
        PJ_CONTEXT *context = NULL;
        PJ *crs = NULL;
        CT_TRY(open_crs(&crs, &context, info.code));
        const ct_err err = read_info(&info, context, crs);
        proj_destroy(crs);
        CT_TRY(err);
        ct_geo__description_keep(&info);
    }
    thread->described[thread->n_described++ % CT_GEO__DESCRIBED] = info;
    *out = info;
    return CT_OK;
}

ct_err ct_crs_wkt(char **out, const char *text, bool wkt1) {
    char code[CT_GEO__CODE];
    CT_TRY(ct_geo__crs_code(code, text));
    PJ_CONTEXT *context = NULL;
    PJ *crs = NULL;
    CT_TRY(open_crs(&crs, &context, code));
    static const char *const options[] = {"MULTILINE=NO", NULL};
    const char *wkt = proj_as_wkt(context, crs, wkt1 ? PJ_WKT1_GDAL : PJ_WKT2_2019, options);
    ct_err err = CT_OK;
    if (!wkt) {
        err = ct_fail(CT_CRS, "%s: cannot be written as WKT %s", code, wkt1 ? "1" : "2");
    } else {
        char *copy = ct_strdup(wkt);
        if (copy)
            *out = copy;
        else
            err = CT_NOMEM;
    }
    proj_destroy(crs);
    return err;
}
