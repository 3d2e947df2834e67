// From a representation item to the function that makes it.
#include <string.h>

#include "ingest/ifc/shape/brep.h"
#include "ingest/ifc/shape/sweep.h"

typedef ct_err (*maker)(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item);

static ct_err nothing(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item) {
    (void)out;
    (void)w;
    (void)item;
    return CT_OK;
}

static ct_err csg_solid(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item) {
    uint32_t root;
    CT_TRY(ct_ifc__need_ref(&root, w, item, "TreeRootExpression"));
    return ct_ifc__make_item(out, w, root);
}

// The places of a representation map's parts in the frame of the one that is mapped.
static ct_err mapping(ct_affine *out, ct_ifc__work *w, uint32_t item, uint32_t map) {
    const uint32_t target = ct_ifc__ref(w->m, item, "MappingTarget");
    const ct_affine origin = ct_ifc__position(w, map, "MappingOrigin");
    ct_affine to = ct_affine_identity;
    if (target != CT_STEP__NONE) CT_TRY(ct_ifc__operator(&to, w, target));
    *out = ct_affine_multiply(&to, &origin);
    return CT_OK;
}

static ct_err note_shared(ct_ifc__work *w, uint32_t number) {
    for (size_t i = 0; i < w->n_shared; i++)
        if (w->shared[i] == number) return CT_OK;
    CT_TRY(ct_ifc__spend(w, w->n_shared));
    if (w->n_shared == w->shared_room) {
        const size_t room = w->shared_room ? 2 * w->shared_room : 8;
        uint32_t *grown = ct_arena_alloc(w->arena, room * sizeof *grown);
        if (!grown) return CT_NOMEM;
        if (w->n_shared) memcpy(grown, w->shared, w->n_shared * sizeof *grown);
        w->shared = grown;
        w->shared_room = room;
    }
    w->shared[w->n_shared++] = number;
    return CT_OK;
}

static ct_err known_map(ct_ifc__solid *out, ct_ifc__work *w, uint32_t number) {
    const ct_ifc__map *map = &w->maps[number];
    CT_TRY(note_shared(w, number));
    if (map->err != CT_OK) return ct_fail(map->err, "%s", map->message);
    for (size_t i = 0; i < map->solid.n; i++) {
        CT_TRY(ct_ifc__spend_triangles(w, map->solid.parts[i].mesh->n_triangles));
        CT_TRY(ct_ifc__add_part(out, w, &map->solid.parts[i]));
    }
    return CT_OK;
}

static ct_err mapped(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item) {
    uint32_t map, representation;
    ct_affine place;
    const size_t first = out->n;
    CT_TRY(ct_ifc__need_ref(&map, w, item, "MappingSource"));
    CT_TRY(mapping(&place, w, item, map));
    if (w->map_at && w->map_at[map] && w->maps[w->map_at[map] - 1].made) {
        CT_TRY(known_map(out, w, w->map_at[map] - 1));
    } else {
        CT_TRY(ct_ifc__need_ref(&representation, w, map, "MappedRepresentation"));
        CT_TRY(ct_ifc__representation(out, w, representation));
    }
    ct_ifc__move(out, first, &place);
    return CT_OK;
}

static ct_err box(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item) {
    double corner[3], x, y, z;
    CT_TRY(ct_ifc__point(corner, w, ct_ifc__ref(w->m, item, "Corner")));
    CT_TRY(ct_ifc__need_size(&x, w, item, "XDim"));
    CT_TRY(ct_ifc__need_size(&y, w, item, "YDim"));
    CT_TRY(ct_ifc__need_size(&z, w, item, "ZDim"));
    const double xy[] = {0, 0, x, 0, x, y, 0, y};
    const ct_affine place = ct_affine_frame(corner, NULL, NULL);
    return ct_ifc__column(out, w, xy, 4, z, &place);
}

static ct_err surface(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item) {
    ct_ifc__mesh_begin(w);
    CT_TRY(ct_ifc__surface(w, item));
    return ct_ifc__mesh_end(out, w, NULL);
}

static const maker k_makers[CT_IFC__N_KINDS] = {
    [CT_IFC__K_EXTRUDED] = ct_ifc__extruded,
    [CT_IFC__K_EXTRUDED_TAPERED] = ct_ifc__extruded_tapered,
    [CT_IFC__K_REVOLVED] = ct_ifc__revolved,
    [CT_IFC__K_REVOLVED_TAPERED] = ct_ifc__revolved,
    [CT_IFC__K_DISK] = ct_ifc__disk,
    [CT_IFC__K_DISK_POLYGONAL] = ct_ifc__disk,
    [CT_IFC__K_FIXED_REFERENCE] = ct_ifc__directrix_swept,
    [CT_IFC__K_SURFACE_CURVE_SWEPT] = ct_ifc__directrix_swept,
    [CT_IFC__K_SECTIONED_HORIZONTAL] = ct_ifc__sectioned,
    [CT_IFC__K_SECTIONED_SPINE] = ct_ifc__sectioned,
    [CT_IFC__K_SECTIONED_SURFACE] = ct_ifc__sectioned,
    [CT_IFC__K_FACETED_BREP] = ct_ifc__brep,
    [CT_IFC__K_ADVANCED_BREP] = ct_ifc__brep,
    [CT_IFC__K_MANIFOLD_BREP] = ct_ifc__brep,
    [CT_IFC__K_FACE_BASED] = ct_ifc__surface_model,
    [CT_IFC__K_SHELL_BASED] = ct_ifc__surface_model,
    [CT_IFC__K_TRIANGULATED] = ct_ifc__face_set,
    [CT_IFC__K_POLYGONAL] = ct_ifc__face_set,
    [CT_IFC__K_BLOCK] = ct_ifc__primitive,
    [CT_IFC__K_PYRAMID] = ct_ifc__primitive,
    [CT_IFC__K_CONE] = ct_ifc__primitive,
    [CT_IFC__K_CYLINDER] = ct_ifc__primitive,
    [CT_IFC__K_SPHERE] = ct_ifc__primitive,
    [CT_IFC__K_MAPPED] = mapped,
    [CT_IFC__K_CSG_SOLID] = csg_solid,
    [CT_IFC__K_BOOLEAN_CLIPPING] = ct_ifc__boolean_result,
    [CT_IFC__K_BOOLEAN_RESULT] = ct_ifc__boolean_result,
    [CT_IFC__K_SPHERICAL] = surface,
    [CT_IFC__K_TOROIDAL] = surface,
    [CT_IFC__K_LINEAR_EXTRUSION] = surface,
    [CT_IFC__K_REVOLUTION] = surface,
    [CT_IFC__K_RATIONAL_SURFACE] = surface,
    [CT_IFC__K_SPLINE_SURFACE] = surface,
    [CT_IFC__K_CURVE_BOUNDED_PLANE] = surface,
    [CT_IFC__K_CURVE_BOUNDED] = surface,
    [CT_IFC__K_RECTANGULAR_TRIMMED] = surface,
    [CT_IFC__K_BOX] = box,
    [CT_IFC__K_SET] = nothing,
    [CT_IFC__K_TEXT] = nothing,
    [CT_IFC__K_ANNOTATION_FILL] = nothing,
    [CT_IFC__K_LIGHT] = nothing,
    [CT_IFC__K_POINT] = nothing,
    [CT_IFC__K_POLYLINE] = nothing,
    [CT_IFC__K_INDEXED_CURVE] = nothing,
    [CT_IFC__K_TRIMMED] = nothing,
    [CT_IFC__K_COMPOSITE] = nothing,
    [CT_IFC__K_GRADIENT] = nothing,
    [CT_IFC__K_SEGMENTED] = nothing,
    [CT_IFC__K_LINE] = nothing,
    [CT_IFC__K_CIRCLE] = nothing,
    [CT_IFC__K_ELLIPSE] = nothing,
    [CT_IFC__K_RATIONAL_CURVE] = nothing,
    [CT_IFC__K_RATIONAL_BEZIER] = nothing,
    [CT_IFC__K_CLOTHOID] = nothing,
    [CT_IFC__K_COSINE_SPIRAL] = nothing,
    [CT_IFC__K_SINE_SPIRAL] = nothing,
    [CT_IFC__K_SPIRAL] = nothing,
    [CT_IFC__K_POLYNOMIAL] = nothing,
    [CT_IFC__K_SURFACE_CURVE] = nothing,
    [CT_IFC__K_PCURVE] = nothing,
    [CT_IFC__K_SPLINE_CURVE] = nothing,
    [CT_IFC__K_OFFSET_2D] = nothing,
    [CT_IFC__K_OFFSET_3D] = nothing,
    [CT_IFC__K_OFFSET_BY_DISTANCES] = nothing,
};

// Whether two styled items refer to the same styles, or are one.
static bool same_style(const ct_ifc__work *w, uint32_t a, uint32_t b) {
    const ct_ifc__slots of_a = ct_ifc__linked(&w->m->rel.styles, a);
    const ct_ifc__slots of_b = ct_ifc__linked(&w->m->rel.styles, b);
    const ct_step__value x = ct_ifc__get(w->m, of_a.at[0], "Styles");
    const ct_step__value y = ct_ifc__get(w->m, of_b.at[0], "Styles");
    return x.end - x.at == y.end - y.at && x.at && memcmp(x.at, y.at, (size_t)(x.end - x.at)) == 0;
}

// Of an item told face by face: the shell that has a style of its own, or the face whose style most
// of those have that have one, as a part has one.
static uint32_t style_of_faces(const ct_ifc__work *w, uint32_t item) {
    static const char *const shells[] = {"Outer", "SbsmBoundary", "FbsmFaces"};
    uint32_t best = CT_STEP__NONE;
    size_t votes = 0;
    for (size_t s = 0; s < 3; s++) {
        const ct_step__value told = ct_ifc__get(w->m, item, shells[s]);
        ct_step__cursor c = ct_step__list(&told);
        ct_step__value v = told, face;
        while (told.kind == CT_STEP__REF ? v.kind == CT_STEP__REF : ct_step__next(&v, &c)) {
            const uint32_t shell = ct_step__ref(w->m->step, &v);
            v.kind = CT_STEP__END; // of a single one
            if (shell == CT_STEP__NONE) continue;
            if (ct_ifc__linked(&w->m->rel.styles, shell).n) return shell;
            const ct_step__value list = ct_ifc__get(w->m, shell, "CfsFaces");
            ct_step__cursor faces = ct_step__list(&list);
            while (ct_step__next(&face, &faces)) {
                const uint32_t at = ct_step__ref(w->m->step, &face);
                if (at == CT_STEP__NONE || !ct_ifc__linked(&w->m->rel.styles, at).n) continue;
                if (votes == 0) best = at;
                votes += same_style(w, best, at) ? 1 : (size_t)-1;
            }
        }
    }
    return best;
}

ct_err ct_ifc__make_item(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item) {
    const maker make = k_makers[ct_ifc__kind_of(w, item)];
    const size_t first = out->n;
    if (!make) return ct_ifc__unsupported(w, item);
    CT_TRY(ct_ifc__enter(w, item));
    const ct_err err = make(out, w, item);
    ct_ifc__leave(w);
    if (err != CT_OK) {
        out->n = first;
        return err;
    }
    // The innermost style counts.
    const bool styled = ct_ifc__linked(&w->m->rel.styles, item).n > 0;
    const uint32_t style = styled            ? item
                           : w->faces_styled ? style_of_faces(w, item)
                                             : CT_STEP__NONE;
    for (size_t i = first; i < out->n; i++)
        if (out->parts[i].style == CT_STEP__NONE) out->parts[i].style = style;
    return CT_OK;
}

ct_err ct_ifc__representation(ct_ifc__solid *out, ct_ifc__work *w, uint32_t representation) {
    ct_ifc__slots items;
    CT_TRY(ct_ifc__refs(&items, w, representation, "Items"));
    for (size_t i = 0; i < items.n; i++)
        CT_TRY(ct_ifc__forgive(w, ct_ifc__make_item(out, w, items.at[i]), items.at[i], true));
    return CT_OK;
}
