// Boolean results of items.
//
// A chain of results, each the first operand of the next, is unrolled from its innermost operand
// outwards. Planes clip at once; other things that are taken away, or joined, wait until something
// else comes, and are then taken away, or joined, together. Half-spaces that are combined before a
// solid comes are as large as that solid's box and a margin.
#include <math.h>
#include <string.h>

#include "geo/geos.h"
#include "geo/mesh_half_space.h"
#include "ingest/ifc/shape/cut.h"

enum { MAX_CHAIN = 4096 };

typedef struct csg {
    ct_ifc__work *w;
    ct_ifc__solid solid;
    ct_ifc__solid waiting; // to be taken away
    bool joining;          // parts of `solid` that touch are to become one
    uint32_t node;         // the result at work
    const ct_box3 *within; // how far things without end matter; NULL: there must be none
} csg;

static const ct_affine k_down = {{1, 0, 0, 0, 0, -1, 0, 0, 0, 0, -1, 0}};

#define MARGIN_M 1.0 // of things without end about what they are combined with

static unsigned long long id_of(const ct_ifc__work *w, uint32_t slot) {
    return slot == CT_STEP__NONE ? 0 : (unsigned long long)ct_step__id(w->m->step, slot);
}

static bool is_half_space(const ct_ifc__work *w, uint32_t slot) {
    const ct_ifc__kind kind = ct_ifc__kind_of(w, slot);
    return kind == CT_IFC__K_HALF_SPACE || kind == CT_IFC__K_HALF_SPACE_BOXED ||
           kind == CT_IFC__K_HALF_SPACE_POLYGONAL;
}

static bool is_result(const ct_ifc__work *w, uint32_t slot) {
    const ct_ifc__kind kind = ct_ifc__kind_of(w, slot);
    return kind == CT_IFC__K_BOOLEAN_CLIPPING || kind == CT_IFC__K_BOOLEAN_RESULT;
}

static ct_err could_not(csg *c, uint32_t slot, const char *why) {
    return ct_ifc__find(c->w, CT_SEVERITY_WARNING, "shape-boolean", slot,
                        "an operand of #%llu was left out: %s", id_of(c->w, c->node), why);
}

// The same with the error that has just come, if it is one about the item.
static ct_err forgive(csg *c, uint32_t slot, ct_err err) {
    if (err != CT_GEOM && err != CT_ARG && err != CT_LIMIT) return err;
    const char *why = ct_arena_strdup(c->w->arena, ct_err_message());
    return why ? could_not(c, slot, why) : CT_NOMEM;
}

// ---- taking away

static ct_err take_away(csg *c) {
    ct_ifc__work *w = c->w;
    if (c->waiting.n == 0) return CT_OK;
    ct_ifc__cutter *cutters = ct_arena_alloc(w->arena, c->waiting.n * sizeof *cutters);
    if (!cutters) return CT_NOMEM;
    for (size_t i = 0; i < c->waiting.n; i++)
        CT_TRY(ct_ifc__cutter_of(&cutters[i], w, &c->waiting.parts[i]));
    size_t left = 0, n_failed = 0;
    const char *reason = "";
    for (size_t i = 0; i < c->solid.n; i++) {
        ct_ifc__part part = c->solid.parts[i];
        CT_TRY(forgive(c, c->node,
                       ct_ifc__cut_part(&part, &n_failed, &reason, w, cutters, c->waiting.n)));
        if (part.mesh->n_triangles) c->solid.parts[left++] = part;
    }
    c->solid.n = left;
    c->waiting = (ct_ifc__solid){0};
    return n_failed ? could_not(c, c->node, reason) : CT_OK;
}

// ---- half-spaces

static ct_err boundary_of(ct_geom *out, ct_ifc__work *w, uint32_t half_space) {
    uint32_t curve;
    ct_ifc__line line;
    CT_TRY(ct_ifc__need_ref(&curve, w, half_space, "PolygonalBoundary"));
    CT_TRY(ct_ifc__curve(&line, w, curve));
    while (line.n > 1 &&
           memcmp(line.xyz, line.xyz + 3 * (size_t)(line.n - 1), 3 * sizeof *line.xyz) == 0)
        line.n--;
    if (line.n < 3) return ct_fail(CT_GEOM, "the boundary of a half-space is no polygon");
    double *xy = ct_arena_alloc(w->arena, 2 * ((size_t)line.n + 1) * sizeof *xy);
    uint32_t *end = ct_arena_alloc(w->arena, 2 * sizeof *end);
    if (!xy || !end) return CT_NOMEM;
    for (size_t i = 0; i <= line.n; i++)
        memcpy(xy + 2 * i, line.xyz + 3 * (i % line.n), 2 * sizeof *xy);
    end[0] = line.n + 1;
    end[1] = 1;
    *out = (ct_geom){CT_GEOM_POLYGON, false, line.n + 1, 1, 1, xy, &end[0], &end[1]};
    const ct_err err = ct_geos_check(out);
    return err == CT_GEOM ? ct_geos_make_valid(out, w->arena, out) : err;
}

// The half-space whose material an IfcHalfSpaceSolid is. AgreementFlag: the plane's normal looks
// away from it.
static ct_err half_space_of(ct_half_space *out, ct_ifc__work *w, uint32_t slot) {
    uint32_t surface;
    CT_TRY(ct_ifc__need_ref(&surface, w, slot, "BaseSurface"));
    if (ct_ifc__kind_of(w, surface) == CT_IFC__K_CURVE_BOUNDED_PLANE)
        CT_TRY(ct_ifc__need_ref(&surface, w, surface, "BasisSurface"));
    if (ct_ifc__kind_of(w, surface) != CT_IFC__K_PLANE) return ct_ifc__unsupported(w, surface);
    const ct_step__value agrees = ct_ifc__get(w->m, slot, "AgreementFlag");
    *out = (ct_half_space){.plane = ct_ifc__position(w, surface, "Position"),
                           .frame = ct_affine_identity};
    if (ct_step__logical(&agrees) != 0)
        for (int i = 0; i < 3; i++)
            for (int k = 1; k < 3; k++) out->plane.m[4 * i + k] = -out->plane.m[4 * i + k];
    if (ct_ifc__kind_of(w, slot) != CT_IFC__K_HALF_SPACE_POLYGONAL) return CT_OK;
    ct_geom *boundary = ct_arena_alloc(w->arena, sizeof *boundary);
    if (!boundary) return CT_NOMEM;
    CT_TRY(boundary_of(boundary, w, slot));
    out->boundary = boundary;
    out->frame = ct_ifc__position(w, slot, "Position");
    return CT_OK;
}

static ct_err clip(ct_ifc__part *part, ct_ifc__work *w, const ct_half_space *half, bool inside) {
    const ct_mesh *placed;
    ct_mesh *mesh = ct_arena_alloc(w->arena, sizeof *mesh);
    if (!mesh) return CT_NOMEM;
    CT_TRY(ct_ifc__placed_mesh(&placed, w, part));
    CT_TRY(ct_ifc__spend(w, placed->n_triangles));
    // Clips keep what is below.
    const ct_affine plane = inside ? ct_affine_multiply(&half->plane, &k_down) : half->plane;
    const ct_clip_options options = {plane, w->weld_m, 0};
    CT_TRY(ct_mesh_clip(mesh, w->arena, placed, &options));
    part->mesh = mesh;
    part->place = ct_affine_identity;
    part->prism = NULL;
    return CT_OK;
}

static ct_err intersect_part(ct_ifc__part *part, ct_ifc__work *w, const ct_mesh *other) {
    ct_mesh *mesh = ct_arena_alloc(w->arena, sizeof *mesh);
    const ct_mesh *pair[2] = {NULL, other};
    if (!mesh) return CT_NOMEM;
    if (!part->closed) return ct_fail(CT_GEOM, "the other operand is not closed");
    CT_TRY(ct_ifc__placed_mesh(&pair[0], w, part));
    CT_TRY(ct_ifc__boolean(mesh, w, CT_BOOLEAN_INTERSECTION, pair, 2));
    part->mesh = mesh;
    part->place = ct_affine_identity;
    part->prism = NULL;
    return CT_OK;
}

// One part with a half-space taken away from it, or with what lies in it left (`inside`).
static ct_err apply_to_part(csg *c, ct_ifc__part *part, const ct_half_space *half, bool inside) {
    ct_ifc__work *w = c->w;
    const ct_mesh *placed;
    ct_half_space_way way;
    ct_mesh *cutter = ct_arena_alloc(w->arena, sizeof *cutter);
    if (!cutter) return CT_NOMEM;
    CT_TRY(ct_ifc__placed_mesh(&placed, w, part));
    CT_TRY(ct_ifc__spend(w, 2 * (uint64_t)placed->n_triangles));
    CT_TRY(ct_mesh_half_space(&way, cutter, w->arena, placed, half, w->weld_m));
    if (way == CT_HALF_SPACE_BESIDE) {
        if (inside) part->mesh = memset(cutter, 0, sizeof *cutter);
        return CT_OK;
    }
    if (way == CT_HALF_SPACE_PLANE) return clip(part, w, half, inside);
    if (inside) return intersect_part(part, w, cutter);
    const ct_ifc__part whole = {
        .mesh = cutter, .place = ct_affine_identity, .style = CT_STEP__NONE, .closed = true};
    return ct_ifc__add_part(&c->waiting, w, &whole);
}

static ct_err join_parts(csg *c);
static ct_err settle(csg *c);

static ct_err apply_half_space(csg *c, uint32_t slot, bool inside) {
    ct_half_space half;
    size_t left = 0;
    CT_TRY(inside ? settle(c) : join_parts(c));
    const ct_err err = half_space_of(&half, c->w, slot);
    if (err) return ct_ifc__forgive(c->w, err, slot, true);
    for (size_t i = 0; i < c->solid.n; i++) {
        ct_ifc__part part = c->solid.parts[i];
        CT_TRY(forgive(c, slot, apply_to_part(c, &part, &half, inside)));
        if (part.mesh->n_triangles) c->solid.parts[left++] = part;
    }
    c->solid.n = left;
    return CT_OK;
}

// ---- solids

// One closed mesh of all parts.
static ct_err unite(ct_ifc__part *out, ct_ifc__work *w, const ct_ifc__part *const *parts,
                    size_t n) {
    const ct_mesh **list = ct_arena_alloc(w->arena, (n + 1) * sizeof(ct_mesh *));
    ct_mesh *mesh = ct_arena_alloc(w->arena, sizeof *mesh);
    if (!list || !mesh) return CT_NOMEM;
    for (size_t i = 0; i < n; i++) {
        if (!parts[i]->closed) return ct_fail(CT_GEOM, "a surface that is not closed");
        CT_TRY(ct_ifc__placed_mesh(&list[i], w, parts[i]));
    }
    CT_TRY(ct_ifc__boolean(mesh, w, CT_BOOLEAN_UNION, list, (uint32_t)n));
    *out = (ct_ifc__part){
        .mesh = mesh, .place = ct_affine_identity, .style = parts[0]->style, .closed = true};
    return CT_OK;
}

// For each part the first of those that it hangs together with, by their boxes.
static ct_err find_groups(uint32_t *group, ct_ifc__work *w, const ct_ifc__solid *solid) {
    ct_ifc__cutter *boxes = ct_arena_alloc(w->arena, (solid->n + 1) * sizeof *boxes);
    if (!boxes) return CT_NOMEM;
    CT_TRY(ct_ifc__spend(w, (uint64_t)solid->n * solid->n / 4));
    for (size_t i = 0; i < solid->n; i++) {
        CT_TRY(ct_ifc__cutter_of(&boxes[i], w, &solid->parts[i]));
        group[i] = (uint32_t)i;
        for (size_t k = 0; k < i; k++) {
            if (group[k] == group[i] || !ct_ifc__boxes_touch(w, &boxes[i].box, &boxes[k].box))
                continue;
            const uint32_t low = group[k] < group[i] ? group[k] : group[i];
            const uint32_t high = group[k] ^ group[i] ^ low;
            for (size_t j = 0; j <= i; j++)
                if (group[j] == high) group[j] = low;
        }
    }
    return CT_OK;
}

// Parts that touch become one; the others stay beside it. What cannot be joined stays side by side,
// which looks the same.
static ct_err join_parts(csg *c) {
    ct_ifc__work *w = c->w;
    ct_ifc__solid joined = {0};
    if (!c->joining) return CT_OK;
    c->joining = false;
    uint32_t *group = ct_arena_alloc(w->arena, (c->solid.n + 1) * sizeof *group);
    const ct_ifc__part **list = ct_arena_alloc(w->arena, (c->solid.n + 1) * sizeof(ct_ifc__part *));
    if (!group || !list) return CT_NOMEM;
    CT_TRY(find_groups(group, w, &c->solid));
    for (size_t i = 0; i < c->solid.n; i++) {
        size_t n = 0;
        ct_ifc__part one = c->solid.parts[i];
        if (group[i] != i) continue;
        for (size_t k = i; k < c->solid.n; k++)
            if (group[k] == i) list[n++] = &c->solid.parts[k];
        const ct_err err = n > 1 ? unite(&one, w, list, n) : CT_OK;
        CT_TRY(forgive(c, c->node, err));
        for (size_t k = 0; k < n && err; k++) CT_TRY(ct_ifc__add_part(&joined, w, list[k]));
        if (!err) CT_TRY(ct_ifc__add_part(&joined, w, &one));
    }
    c->solid = joined;
    return CT_OK;
}

// What waits: the one or the other.
static ct_err settle(csg *c) {
    CT_TRY(take_away(c));
    return join_parts(c);
}

static ct_err intersect_solid(csg *c, const ct_ifc__solid *other) {
    ct_ifc__part joined;
    ct_ifc__cutter b;
    size_t left = 0;
    if (other->n == 0) return CT_OK;
    const ct_ifc__part **list =
        ct_arena_alloc(c->w->arena, (other->n + 1) * sizeof(ct_ifc__part *));
    if (!list) return CT_NOMEM;
    for (size_t i = 0; i < other->n; i++) list[i] = &other->parts[i];
    CT_TRY(unite(&joined, c->w, list, other->n));
    CT_TRY(ct_ifc__cutter_of(&b, c->w, &joined));
    for (size_t i = 0; i < c->solid.n; i++) {
        ct_ifc__part part = c->solid.parts[i];
        ct_ifc__cutter a;
        CT_TRY(ct_ifc__cutter_of(&a, c->w, &part));
        if (!ct_ifc__boxes_touch(c->w, &a.box, &b.box)) continue;
        CT_TRY(intersect_part(&part, c->w, joined.mesh));
        if (part.mesh->n_triangles) c->solid.parts[left++] = part;
    }
    c->solid.n = left;
    return CT_OK;
}

// ---- things without end

static bool box_of(ct_box3 *out, csg *c, ct_err *err) {
    bool some = false;
    for (size_t i = 0; i < c->solid.n && !*err; i++) {
        ct_ifc__cutter one;
        *err = ct_ifc__cutter_of(&one, c->w, &c->solid.parts[i]);
        if (*err) break;
        for (int k = 0; k < 3; k++) {
            out->min[k] = some ? fmin(out->min[k], one.box.min[k]) : one.box.min[k];
            out->max[k] = some ? fmax(out->max[k], one.box.max[k]) : one.box.max[k];
        }
        some = true;
    }
    return some && !*err;
}

// What of a half-space lies in the box and about it.
static ct_err endless(ct_ifc__solid *out, csg *c, uint32_t slot) {
    ct_ifc__work *w = c->w;
    ct_half_space half;
    if (!c->within) return ct_ifc__unsupported(w, slot);
    CT_TRY(half_space_of(&half, w, slot));
    double low[3], high[3];
    for (int k = 0; k < 3; k++) {
        low[k] = c->within->min[k] - MARGIN_M;
        high[k] = c->within->max[k] + MARGIN_M;
    }
    const double xy[8] = {low[0], low[1], high[0], low[1], high[0], high[1], low[0], high[1]};
    const ct_affine foot = {{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, low[2]}};
    const size_t first = out->n;
    CT_TRY(ct_ifc__column(out, w, xy, 4, high[2] - low[2], &foot));
    CT_TRY(apply_to_part(c, &out->parts[first], &half, true));
    if (out->parts[first].mesh->n_triangles == 0) out->n = first;
    return CT_OK;
}

// The innermost first operand.
static ct_err base_of(uint32_t *base, ct_ifc__work *w, uint32_t item) {
    uint32_t mark = item; // where the way was at the last power of two
    *base = item;
    for (int i = 0; is_result(w, *base); i++) {
        if (i && *base == mark) return ct_ifc__circle(w, mark);
        if ((i & (i - 1)) == 0) mark = *base;
        if (i == MAX_CHAIN)
            return ct_fail(CT_LIMIT, "more than %d booleans within each other", MAX_CHAIN);
        CT_TRY(ct_ifc__spend(w, 4));
        CT_TRY(ct_ifc__need_ref(base, w, *base, "FirstOperand"));
    }
    return CT_OK;
}

// ---- the chain

static ct_err evaluate(csg *c, uint32_t item);

// A second operand that is no half-space by itself.
static ct_err second_operand(ct_ifc__solid *out, csg *c, uint32_t second) {
    ct_ifc__work *w = c->w;
    uint32_t base;
    CT_TRY(base_of(&base, w, second));
    if (!is_half_space(w, base)) return ct_ifc__make_item(out, w, second);
    ct_box3 box;
    ct_err err = CT_OK;
    csg inner = {.w = w, .within = c->within ? c->within : &box};
    if (!c->within && !box_of(&box, c, &err)) return err; // nothing is left to combine it with
    CT_TRY(ct_ifc__enter(w, second));
    err = evaluate(&inner, second);
    ct_ifc__leave(w);
    *out = inner.solid;
    return err;
}

// The curved surface of a half-space; CT_STEP__NONE for others.
static uint32_t curved_base(const ct_ifc__work *w, uint32_t half_space) {
    if (!is_half_space(w, half_space)) return CT_STEP__NONE;
    const uint32_t surface = ct_ifc__ref(w->m, half_space, "BaseSurface");
    const ct_ifc__kind base = ct_ifc__kind_of(w, surface);
    return base == CT_IFC__K_PLANE || base == CT_IFC__K_CURVE_BOUNDED_PLANE ? CT_STEP__NONE
                                                                            : surface;
}

// What lies over the boundary of a half-space, as far as the box reaches.
static ct_err column_over(ct_mesh *out, ct_ifc__work *w, uint32_t half_space, const ct_box3 *box) {
    ct_geom boundary;
    ct_affine into;
    const ct_affine frame = ct_ifc__position(w, half_space, "Position");
    CT_TRY(boundary_of(&boundary, w, half_space));
    if (!ct_affine_invert(&into, &frame)) return ct_fail(CT_GEOM, "a boundary is nowhere");
    double low = HUGE_VAL, high = -HUGE_VAL;
    for (int i = 0; i < 8; i++) {
        double p[3];
        for (int k = 0; k < 3; k++) p[k] = i >> k & 1 ? box->max[k] : box->min[k];
        ct_affine_point(p, &into, p);
        low = fmin(low, p[2]);
        high = fmax(high, p[2]);
    }
    const ct_affine lift = {{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, low}};
    const ct_prism prism = {&boundary, ct_affine_multiply(&frame, &lift), {0, 0, high - low}};
    CT_TRY(ct_ifc__spend(w, 16 * (uint64_t)boundary.n_points));
    return ct_mesh_extrude(out, w->arena, &prism, &(ct_prism_tags){0});
}

// The material of a half-space over a boundary, from the body behind its surface.
static ct_err bound(ct_ifc__part *body, ct_ifc__work *w, uint32_t half_space, const ct_box3 *box,
                    bool behind) {
    ct_mesh column;
    const ct_mesh *pair[2] = {&column, NULL};
    ct_mesh *mesh = ct_arena_alloc(w->arena, sizeof *mesh);
    if (!mesh) return CT_NOMEM;
    CT_TRY(column_over(&column, w, half_space, box));
    CT_TRY(ct_ifc__placed_mesh(&pair[1], w, body));
    CT_TRY(ct_ifc__boolean(mesh, w, behind ? CT_BOOLEAN_INTERSECTION : CT_BOOLEAN_DIFFERENCE, pair,
                           2));
    *body = (ct_ifc__part){
        .mesh = mesh, .place = ct_affine_identity, .style = CT_STEP__NONE, .closed = true};
    return CT_OK;
}

// A half-space with a curved base, taken away or intersected: the body behind the surface is the
// one or the other.
static ct_err apply_curved(csg *c, uint32_t half_space, uint32_t surface, bool inside) {
    ct_ifc__work *w = c->w;
    ct_ifc__solid body = {0};
    ct_box3 box;
    ct_err err = CT_OK;
    CT_TRY(settle(c));
    if (!box_of(&box, c, &err)) return err;
    for (int k = 0; k < 3; k++) {
        box.min[k] -= MARGIN_M;
        box.max[k] += MARGIN_M;
    }
    CT_TRY(ct_ifc__behind(&body, w, surface, &box));
    const ct_step__value flag = ct_ifc__get(w->m, half_space, "AgreementFlag");
    bool agrees = ct_step__logical(&flag) != 0;
    if (ct_ifc__kind_of(w, half_space) == CT_IFC__K_HALF_SPACE_POLYGONAL) {
        CT_TRY(bound(&body.parts[0], w, half_space, &box, agrees));
        agrees = true;
        if (body.parts[0].mesh->n_triangles == 0) { // it has none of the box
            if (inside) c->solid.n = 0;
            return CT_OK;
        }
    }
    if (inside == agrees) return intersect_solid(c, &body);
    return ct_ifc__add_part(&c->waiting, w, &body.parts[0]);
}

static ct_err apply(csg *c, uint32_t node) {
    ct_ifc__work *w = c->w;
    uint32_t second;
    c->node = node;
    const ct_step__value word = ct_ifc__get(w->m, node, "Operator");
    const bool both = ct_step__is(&word, "INTERSECTION"), all = ct_step__is(&word, "UNION");
    if (!both && !all && !ct_step__is(&word, "DIFFERENCE"))
        return ct_fail(CT_PARSE, "#%llu has no operator", id_of(w, node));
    CT_TRY(ct_ifc__need_ref(&second, w, node, "SecondOperand"));
    const uint32_t surface = curved_base(w, second);
    if (surface != CT_STEP__NONE && !all)
        return ct_ifc__forgive(w, apply_curved(c, second, surface, both), second, true);
    if (is_half_space(w, second) && !all) return apply_half_space(c, second, both);
    ct_ifc__solid other = {0};
    const ct_err err =
        is_half_space(w, second) ? endless(&other, c, second) : second_operand(&other, c, second);
    CT_TRY(ct_ifc__forgive(w, err, second, true));
    if (both) {
        CT_TRY(settle(c));
        return forgive(c, second, intersect_solid(c, &other));
    }
    CT_TRY(all ? take_away(c) : join_parts(c));
    for (size_t i = 0; i < other.n; i++)
        CT_TRY(ct_ifc__add_part(all ? &c->solid : &c->waiting, w, &other.parts[i]));
    c->joining |= all && other.n > 0;
    return CT_OK;
}

// The results from `item` inwards, each the first operand of the one before.
static ct_err chain_of(uint32_t **out, size_t *n, uint32_t *base, ct_ifc__work *w, uint32_t item) {
    uint32_t *list = ct_arena_alloc(w->arena, MAX_CHAIN * sizeof *list);
    if (!list) return CT_NOMEM;
    *n = 0;
    CT_TRY(base_of(base, w, item));
    for (uint32_t at = item; is_result(w, at); at = ct_ifc__ref(w->m, at, "FirstOperand"))
        list[(*n)++] = at;
    *out = list;
    return CT_OK;
}

// A half-space to begin with: what it is first combined with tells how large it must be.
static ct_err find_extent(ct_box3 *out, csg *c, uint32_t first) {
    uint32_t second;
    csg other = {.w = c->w};
    ct_err err = CT_OK;
    const ct_step__value word = ct_ifc__get(c->w->m, first, "Operator");
    CT_TRY(ct_ifc__need_ref(&second, c->w, first, "SecondOperand"));
    if (!ct_step__is(&word, "INTERSECTION") || is_half_space(c->w, second))
        return ct_fail(CT_GEOM, "#%llu goes on without end", id_of(c->w, first));
    CT_TRY(ct_ifc__make_item(&other.solid, c->w, second));
    if (box_of(out, &other, &err)) return CT_OK;
    return err ? err : ct_fail(CT_GEOM, "#%llu is empty", id_of(c->w, first));
}

// The result into c->solid.
static ct_err evaluate(csg *c, uint32_t item) {
    ct_ifc__work *w = c->w;
    uint32_t *chain, base = item;
    size_t n;
    ct_box3 box;
    c->node = item;
    CT_TRY(chain_of(&chain, &n, &base, w, item));
    const bool starts_endless = is_half_space(w, base), unknown = starts_endless && !c->within;
    if (unknown) {
        CT_TRY(find_extent(&box, c, chain[n - 1]));
        c->within = &box;
    }
    CT_TRY(starts_endless ? endless(&c->solid, c, base) : ct_ifc__make_item(&c->solid, w, base));
    while (n > 0) {
        CT_TRY(apply(c, chain[--n]));
        if (unknown) c->within = NULL;
        if (ct_ifc__linked(&w->m->rel.styles, chain[n]).n == 0) continue;
        for (size_t i = 0; i < c->solid.n; i++) // the innermost style counts
            if (c->solid.parts[i].style == CT_STEP__NONE) c->solid.parts[i].style = chain[n];
    }
    return settle(c);
}

ct_err ct_ifc__boolean_result(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item) {
    csg c = {.w = w};
    CT_TRY(evaluate(&c, item));
    for (size_t i = 0; i < c.solid.n; i++) CT_TRY(ct_ifc__add_part(out, w, &c.solid.parts[i]));
    return CT_OK;
}
