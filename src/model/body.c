// Bodies: names of surfaces, measures over placed parts.
#include "model/body.h"

#include <math.h>
#include <string.h>

static const char *const names[] = {
#define CT_SURFACE_NAME(name, text) text,
    CT_SURFACE_LIST(CT_SURFACE_NAME)
#undef CT_SURFACE_NAME
};

const char *ct_surface_name(ct_surface surface) {
    return (unsigned)surface < CT_SURFACE_COUNT ? names[surface] : "";
}

ct_surface ct_surface_of_name(const char *name) {
    const size_t length = strlen(name);
    for (int i = 1; i < CT_SURFACE_COUNT; i++) {
        if (strncmp(names[i], name, length) != 0 || length == 0) continue;
        if (names[i][length] == '\0' || strcmp(names[i] + length, "Surface") == 0)
            return (ct_surface)i;
    }
    return CT_SURFACE_NONE;
}

bool ct_body_box(ct_box3 *out, const ct_body *body) {
    bool any = false;
    ct_box3 box = {{0}, {0}};
    for (size_t i = 0; i < body->n_parts; i++) {
        const ct_body_part *part = &body->parts[i];
        for (uint32_t p = 0; p < part->mesh->n_points; p++) {
            double at[3];
            ct_affine_point(at, &part->place, part->mesh->xyz + 3 * (size_t)p);
            for (int k = 0; k < 3; k++) {
                box.min[k] = any ? fmin(box.min[k], at[k]) : at[k];
                box.max[k] = any ? fmax(box.max[k], at[k]) : at[k];
            }
            any = true;
        }
    }
    if (any) *out = box;
    return any;
}

// A place that mirrors turns the mesh when it is drawn, so its volume counts by size alone.
double ct_body_volume_m3(const ct_body *body) {
    double sum = 0;
    for (size_t i = 0; i < body->n_parts; i++)
        sum += ct_mesh_volume_m3(body->parts[i].mesh) *
               fabs(ct_affine_determinant(&body->parts[i].place));
    return sum;
}
