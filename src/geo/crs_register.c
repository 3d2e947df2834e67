// Entries of EPSG's register, as PROJ's database has them.
#include <proj.h>
#include <string.h>

#include "geo/crs.h"
#include "geo/thread.h"
#include "geo/transform_private.h"

// The unit that all axes of the system's projected part share; 0 if there is none.
static double unit_of(PJ_CONTEXT *context, const PJ *crs) {
    double unit = 0;
    PJ *part = proj_get_type(crs) == PJ_TYPE_COMPOUND_CRS ? proj_crs_get_sub_crs(context, crs, 0)
                                                          : proj_clone(context, crs);
    PJ *system = part && proj_get_type(part) == PJ_TYPE_PROJECTED_CRS
                     ? proj_crs_get_coordinate_system(context, part)
                     : NULL;
    for (int i = 0; system && i < proj_cs_get_axis_count(context, system); i++) {
        double one = 0;
        if (!proj_cs_get_axis_info(context, system, i, NULL, NULL, NULL, &one, NULL, NULL, NULL) ||
            (i && one != unit)) {
            unit = 0;
            break;
        }
        unit = one;
    }
    proj_destroy(system);
    proj_destroy(part);
    return unit;
}

bool ct_crs_epsg(ct_crs_entry *out, const char *number) {
    *out = (ct_crs_entry){0};
    if (!*number || number[strspn(number, "0123456789")]) return false;
    ct_geo__thread *thread = ct_geo__thread_get();
    if (thread && !thread->proj) thread->proj = ct_geo__proj_context_new();
    if (!thread || !thread->proj) return false;
    PJ_CONTEXT *context = thread->proj;
    PJ *crs = proj_create_from_database(context, "EPSG", number, PJ_CATEGORY_CRS, false, NULL);
    if (crs) {
        out->vertical = proj_get_type(crs) == PJ_TYPE_VERTICAL_CRS;
        out->compound = proj_get_type(crs) == PJ_TYPE_COMPOUND_CRS;
        out->deprecated = proj_is_deprecated(crs);
        out->unit_m = unit_of(context, crs);
    }
    const bool found = crs != NULL;
    proj_destroy(crs);
    return found;
}
