// Small readings of elements: ids and lengths; and the bound of the work.
#include <stdlib.h>
#include <string.h>

#include "ingest/measure.h"
#include "ingest/osm_indoor/inside.h"

ct_err ct_osm__spend(ct_osm__inside *in, double steps) {
    const double most = 4e9, piece = 2e7;
    in->steps += steps;
    if (in->steps > most)
        return ct_fail(CT_LIMIT, "too many spaces of too many points lie over each other");
    if (in->steps < in->looked + piece) return CT_OK;
    in->looked = in->steps;
    return ct_ingest__progress(in->job, 0.5) ? CT_OK : ct_fail(CT_CANCELLED, "cancelled");
}

ct_err ct_osm__source(const char **out, ct_osm__inside *in, const ct_osm__element *e) {
    *out = ct_arena_printf(in->arena, "%s/%lld", ct_osm__kind_name(e->kind), (long long)e->id);
    return *out ? CT_OK : CT_NOMEM;
}

ct_err ct_osm__id(const char **out, ct_osm__inside *in, const char *cls, const ct_osm__element *e,
                  const char *suffix) {
    *out = ct_arena_printf(in->arena, "%s-%c%lld%s", cls, e->kind, (long long)e->id, suffix);
    return *out ? CT_OK : CT_NOMEM;
}

double ct_osm__length_m(const ct_osm__element *e, const char *key) {
    const ct_attr any = {.name = key, .type = CT_ATTR_REAL};
    const char *text = ct_osm__get(e, key);
    ct_value v;
    if (!text || ct_ingest__measure_read(&v, NULL, &any, CT_INGEST__LENGTH, 1, text) != CT_OK)
        return NAN;
    return v.kind == CT_VALUE_REAL ? v.as.real : (double)NAN;
}
