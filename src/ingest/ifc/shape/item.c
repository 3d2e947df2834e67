// From a representation item to the function that makes it.
#include "ingest/ifc/shape/work.h"

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
    return ct_ifc__item(out, w, root);
}

static ct_err surface(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item) {
    ct_ifc__mesh_begin(w);
    CT_TRY(ct_ifc__surface(w, item));
    return ct_ifc__mesh_end(out, w, NULL);
}

static const maker k_makers[CT_IFC__N_KINDS] = {
    [CT_IFC__K_CSG_SOLID] = csg_solid,
    [CT_IFC__K_BOOLEAN_CLIPPING] = ct_ifc__boolean_result,
    [CT_IFC__K_BOOLEAN_RESULT] = ct_ifc__boolean_result,
    [CT_IFC__K_RATIONAL_SURFACE] = surface,
    [CT_IFC__K_SPLINE_SURFACE] = surface,
    [CT_IFC__K_CURVE_BOUNDED_PLANE] = surface,
    [CT_IFC__K_CURVE_BOUNDED] = surface,
    [CT_IFC__K_RECTANGULAR_TRIMMED] = surface,
    [CT_IFC__K_BOX] = nothing,
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
    [CT_IFC__K_SPLINE_CURVE] = nothing,
    [CT_IFC__K_OFFSET_2D] = nothing,
    [CT_IFC__K_OFFSET_3D] = nothing,
};

ct_err ct_ifc__item(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item) {
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
    if (ct_ifc__linked(&w->m->rel.styles, item).n)
        for (size_t i = first; i < out->n; i++)
            if (out->parts[i].style == CT_STEP__NONE) out->parts[i].style = item;
    return CT_OK;
}
