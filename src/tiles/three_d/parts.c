// What a building's tileset is cut into.
#include <math.h>
#include <stdio.h>

#include "tiles/three_d/city.h"

static void widen(ct_box3 *box, const ct_box3 *other) {
    for (int i = 0; i < 3; i++) {
        box->min[i] = fmin(box->min[i], other->min[i]);
        box->max[i] = fmax(box->max[i], other->max[i]);
    }
}

static bool walls_known(const ct_tiles__scene *s, const ct_tiles__building *b) {
    for (uint32_t i = b->first_thing; i < b->first_thing + b->n_things; i++)
        if (s->things[i].kind == CT_TILES__SHELL && s->things[i].has_body) return true;
    return false;
}

static void name_part(ct_tiles__part3 *p, const ct_tiles__scene *s) {
    const char *kind = ct_tiles__kind_name(p->kind);
    if (p->storey == CT_TILES__NONE)
        (void)snprintf(p->name, sizeof p->name, "%s", kind);
    else
        (void)snprintf(p->name, sizeof p->name, "s%lld-%s", (long long)s->storeys[p->storey].fid,
                       kind);
}

static void add_own(ct_tiles__part3 *p, const ct_tiles__building *b) {
    p->own = true;
    p->triangles += b->triangles;
    // The box of all that is inside holds the building's own too.
    p->box = b->box;
}

ct_tiles__parts3 ct_tiles__parts_begin(const ct_tiles__scene *s, const ct_tiles__building *b) {
    const bool own = b->has_body || (b->has_outline && !walls_known(s, b));
    return (ct_tiles__parts3){.scene = s, .building = b, .at = b->first_thing, .own = own};
}

bool ct_tiles__parts_next(ct_tiles__part3 *out, ct_tiles__parts3 *parts) {
    const ct_tiles__scene *s = parts->scene;
    const uint32_t end = parts->building->first_thing + parts->building->n_things;
    if (parts->at == end && !parts->own) return false;
    ct_tiles__part3 p = {.storey = CT_TILES__NONE, .kind = CT_TILES__SHELL, .first = parts->at};
    if (parts->at < end) {
        const ct_tiles__thing *t = &s->things[parts->at];
        p.storey = t->storey;
        p.kind = t->kind;
        p.box = t->box;
    }
    for (; parts->at < end; parts->at++, p.n++) {
        const ct_tiles__thing *t = &s->things[parts->at];
        if (t->storey != p.storey || t->kind != p.kind) break;
        p.triangles += t->triangles;
        widen(&p.box, &t->box);
    }
    if (parts->own && p.storey == CT_TILES__NONE && p.kind == CT_TILES__SHELL) {
        add_own(&p, parts->building);
        parts->own = false;
    }
    name_part(&p, s);
    *out = p;
    return true;
}

ct_err ct_tiles__draw_part(ct_tiles__drawing *d, const ct_tiles__building *b,
                           const ct_tiles__part3 *part, ct_tiles__detail detail) {
    double sum = 0;
    for (int i = 0; i < 3; i++)
        sum += (part->box.max[i] - part->box.min[i]) * (part->box.max[i] - part->box.min[i]);
    d->least_m = sqrt(sum) / 50;
    if (part->own) CT_TRY(ct_tiles__draw_building(d, b, detail));
    for (uint32_t i = 0; i < part->n; i++)
        CT_TRY(ct_tiles__draw_thing(d, &d->scene->things[part->first + i], detail));
    return CT_OK;
}
