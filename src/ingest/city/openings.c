// Doors and windows that are faces with a meaning (CityJSON; CityGML gives them as objects): each
// becomes an object of its own with a copy of its faces; the faces stay in the shell too, so that
// it stays closed.
#include <stdio.h>
#include <string.h>

#include "ingest/city/city.h"

static const char *opening_type(const ct_city__surface *s) {
    if (strcmp(s->type, "Door") == 0 || strcmp(s->type, "DoorSurface") == 0) return "Door";
    if (strcmp(s->type, "Window") == 0 || strcmp(s->type, "WindowSurface") == 0) return "Window";
    return NULL;
}

static ct_err copy_face(ct_city__shape *to, ct_arena *arena, const ct_city__shape *from,
                        uint32_t face) {
    uint32_t ring = face ? from->face_end[face - 1] : 0;
    for (; ring < from->face_end[face]; ring++) {
        const uint32_t begin = ring ? from->ring_end[ring - 1] : 0;
        for (uint32_t p = begin; p < from->ring_end[ring]; p++)
            CT_TRY(ct_city__add_point(to, arena, from->xyz + 3 * (size_t)p, SIZE_MAX));
        CT_TRY(ct_city__end_ring(to, arena));
    }
    return ct_city__end_face(to, arena, (ct_surface)from->tag[face], CT_CITY__NONE,
                             from->material[face]);
}

static ct_err make_opening(ct_city__object **out, ct_city__reader *r, const ct_city__object *o,
                           const ct_city__shape *from, uint32_t surface, size_t number) {
    const ct_city__surface *of = &from->surfaces[surface];
    ct_city__object *made = ct_arena_calloc(r->family, 1, sizeof *made);
    ct_city__shape *to;
    if (!made) return CT_NOMEM;
    made->type = opening_type(of);
    made->id = of->id ? of->id : ct_arena_printf(r->family, "%s-opening-%zu", o->id, number);
    made->where = o->where;
    if (!made->id) return CT_NOMEM;
    for (size_t a = 0; a < of->n_attributes; a++)
        CT_TRY(ct_city__add_attribute(made, r->family, &of->attributes[a]));
    CT_TRY(ct_city__add_shape(&to, made, r->family));
    to->kind = CT_CITY__SURFACES;
    to->lod = from->lod;
    to->lod_text = from->lod_text;
    *out = made;
    return CT_OK;
}

// The openings among the surfaces that `first` and maybe later shapes of its LOD have in common.
static ct_err of_surfaces(ct_city__reader *r, ct_city__object *o, size_t first, size_t *number) {
    const ct_city__shape *const lead = &o->shapes[first];
    ct_city__object **made = ct_arena_calloc(r->family, lead->n_surfaces + 1, sizeof *made);
    if (!made) return CT_NOMEM;
    for (uint32_t i = 0; i < lead->n_surfaces; i++)
        if (opening_type(&lead->surfaces[i]))
            CT_TRY(make_opening(&made[i], r, o, lead, i, ++*number));
    for (size_t i = first; i < o->n_shapes; i++) {
        const ct_city__shape *s = &o->shapes[i];
        if (s->lod != lead->lod || s->surfaces != lead->surfaces) continue;
        for (uint32_t f = 0; f < s->n_faces; f++)
            if (s->surface[f] < lead->n_surfaces && made[s->surface[f]])
                CT_TRY(copy_face(made[s->surface[f]]->shapes, r->family, s, f));
    }
    for (uint32_t i = 0; i < lead->n_surfaces; i++)
        if (made[i] && made[i]->shapes->n_faces) ct_city__add_child(o, made[i]);
    return CT_OK;
}

static bool has_openings(const ct_city__shape *s) {
    for (uint32_t f = 0; f < s->n_faces; f++)
        if (s->surface[f] < s->n_surfaces && opening_type(&s->surfaces[s->surface[f]])) return true;
    return false;
}

// Of the finest LOD that tells them: coarser ones tell the same doors again.
ct_err ct_city__openings(ct_city__reader *r, ct_city__object *o) {
    int finest = -1;
    size_t number = 0;
    if (r->job->only_class) return CT_OK;
    for (size_t i = 0; i < o->n_shapes; i++)
        if (o->shapes[i].lod > finest && has_openings(&o->shapes[i])) finest = o->shapes[i].lod;
    const ct_city__surface *last = NULL;
    for (size_t i = 0; i < o->n_shapes && finest >= 0; i++) {
        const ct_city__shape *s = &o->shapes[i];
        if (s->lod != finest || s->surfaces == last || !s->surfaces) continue;
        last = s->surfaces;
        CT_TRY(of_surfaces(r, o, i, &number));
    }
    return CT_OK;
}
