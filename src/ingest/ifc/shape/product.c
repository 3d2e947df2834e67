// The shape of one product: which of its representations, its openings, its box where all fails.
#include <math.h>
#include <string.h>
#include <strings.h>

#include "ingest/ifc/shape/product.h"

enum { MAX_WHOLES = 8, MAX_OPENINGS = 5000, MAX_REPRESENTATIONS = 64 };

// ---- which representation -----------------------------------------------------------------------

bool ct_ifc__is_word(const ct_ifc__work *w, uint32_t slot, const char *attribute,
                     const char *word) {
    const ct_step__value v = ct_ifc__get(w->m, slot, attribute);
    const size_t n = strlen(word);
    return v.kind == CT_STEP__STRING && (size_t)(v.end - v.at) == n &&
           strncasecmp(v.at, word, n) == 0;
}

// The lower, the better; 0: never.
static int rank_of(const ct_ifc__work *w, uint32_t representation) {
    static const char *const never[] = {"Axis", "FootPrint", "Annotation", "Plan",      "Profile",
                                        "CoG",  "Lighting",  "Clearance",  "Reference", "Survey"};
    static const char *const first[] = {"Body",         "Body-Fallback", "Facetation",
                                        "Tessellation", "SurfaceModel",  "Surface"};
    if (ct_ifc__is_word(w, representation, "RepresentationType", "BoundingBox") ||
        ct_ifc__is_word(w, representation, "RepresentationIdentifier", "Box"))
        return 0;
    for (size_t i = 0; i < sizeof first / sizeof *first; i++)
        if (ct_ifc__is_word(w, representation, "RepresentationIdentifier", first[i]))
            return (int)i + 1;
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        if (ct_ifc__is_word(w, representation, "RepresentationIdentifier", never[i])) return 0;
    return 10;
}

static bool is_box(const ct_ifc__work *w, uint32_t representation) {
    return ct_ifc__is_word(w, representation, "RepresentationIdentifier", "Box") ||
           ct_ifc__is_word(w, representation, "RepresentationType", "BoundingBox");
}

// The product's representations, the best ones first; equal ones in the order of the list.
static ct_err candidates(uint32_t *out, size_t *n, uint32_t *box, ct_ifc__work *w,
                         uint32_t product) {
    int ranks[MAX_REPRESENTATIONS];
    ct_ifc__slots all;
    *n = 0;
    *box = CT_STEP__NONE;
    const uint32_t shape = ct_ifc__ref(w->m, product, "Representation");
    if (shape == CT_STEP__NONE) return CT_OK;
    CT_TRY(ct_ifc__refs(&all, w, shape, "Representations"));
    for (size_t i = 0; i < all.n && *n < MAX_REPRESENTATIONS; i++) {
        const int rank = rank_of(w, all.at[i]);
        if (rank == 0 && *box == CT_STEP__NONE && is_box(w, all.at[i])) *box = all.at[i];
        if (rank == 0) continue;
        size_t at = (*n)++;
        for (; at > 0 && ranks[at - 1] > rank; at--) {
            ranks[at] = ranks[at - 1];
            out[at] = out[at - 1];
        }
        ranks[at] = rank;
        out[at] = all.at[i];
    }
    return CT_OK;
}

// The first representation that gives something.
static ct_err make_body(ct_ifc__solid *out, ct_ifc__work *w, uint32_t product, uint32_t *box) {
    uint32_t all[MAX_REPRESENTATIONS];
    size_t n;
    CT_TRY(candidates(all, &n, box, w, product));
    for (size_t i = 0; i < n && out->n == 0; i++) CT_TRY(ct_ifc__representation(out, w, all[i]));
    return CT_OK;
}

// ---- openings -----------------------------------------------------------------------------------

typedef struct openings {
    ct_ifc__solid *at;
    size_t n, room;
} openings;

static ct_err add_opening(openings *o, ct_ifc__work *w, const ct_ifc__places_of *places,
                          const ct_affine *to_host, uint32_t opening) {
    uint32_t box;
    if (o->n == o->room) {
        const size_t room = o->room ? 2 * o->room : 8;
        ct_ifc__solid *grown = ct_arena_calloc(w->arena, room, sizeof *grown);
        if (!grown) return CT_NOMEM;
        if (o->n) memcpy(grown, o->at, o->n * sizeof *grown);
        o->at = grown;
        o->room = room;
    }
    ct_ifc__solid *solid = &o->at[o->n];
    *solid = (ct_ifc__solid){0};
    CT_TRY(ct_ifc__forgive(w, make_body(solid, w, opening, &box), opening, true));
    if (solid->n == 0 || !places->product_at[opening]) return CT_OK;
    const ct_affine place =
        ct_affine_multiply(to_host, &places->products[places->product_at[opening] - 1].place);
    ct_ifc__move(solid, 0, &place);
    o->n++;
    return CT_OK;
}

// Its own, and those of what it is a part of.
static ct_err find_openings(openings *o, ct_ifc__work *w, const ct_ifc__places_of *places,
                            const ct_ifc__product *product) {
    ct_affine to_host;
    if (!ct_affine_invert(&to_host, &product->place)) return CT_OK;
    uint32_t at = product->slot;
    for (int i = 0; i < MAX_WHOLES && ct_ifc__is(w->m, at, CT_IFC__ELEMENT); i++) {
        const ct_ifc__slots all = ct_ifc__linked(&w->m->rel.openings, at);
        for (size_t k = 0; k < all.n && o->n < MAX_OPENINGS; k++)
            CT_TRY(add_opening(o, w, places, &to_host, all.at[k]));
        at = ct_ifc__first(&w->m->rel.whole, at);
    }
    return CT_OK;
}

// ---- the box ------------------------------------------------------------------------------------

// Of what was made before it became too much.
static ct_err box_of(ct_ifc__solid *out, ct_ifc__work *w, const ct_ifc__solid *made) {
    ct_box3 all = {{HUGE_VAL, HUGE_VAL, HUGE_VAL}, {-HUGE_VAL, -HUGE_VAL, -HUGE_VAL}};
    for (size_t i = 0; i < made->n; i++) {
        const ct_ifc__part *part = &made->parts[i];
        for (size_t p = 0; p < part->mesh->n_points; p++) {
            double at[3];
            ct_affine_point(at, &part->place, part->mesh->xyz + 3 * p);
            for (int k = 0; k < 3; k++) {
                all.min[k] = fmin(all.min[k], at[k]);
                all.max[k] = fmax(all.max[k], at[k]);
            }
        }
    }
    const double x = all.max[0] - all.min[0], y = all.max[1] - all.min[1];
    const double z = all.max[2] - all.min[2];
    if (!(x > 0 && y > 0 && z > 0)) return CT_OK;
    const double xy[] = {0, 0, x, 0, x, y, 0, y};
    const ct_affine place = ct_affine_frame(all.min, NULL, NULL);
    return ct_ifc__column(out, w, xy, 4, z, &place);
}

ct_err ct_ifc__product_solid(ct_ifc__solid *out, ct_ifc__work *w, const ct_ifc__places_of *places,
                             const ct_ifc__product *product) {
    enum { SPARE = 1000 }; // steps and triangles for the box
    ct_ifc__solid made = {0};
    openings o = {0};
    uint32_t box = CT_STEP__NONE;
    ct_err err = make_body(&made, w, product->slot, &box);
    if (err == CT_OK && made.n) err = find_openings(&o, w, places, product);
    if (err == CT_OK && o.n) err = ct_ifc__cut_openings(&made, w, product->slot, o.at, o.n);
    if (err == CT_OK && made.n) {
        *out = made;
        return CT_OK;
    }
    if (err == CT_OK && box == CT_STEP__NONE) return CT_OK;
    const bool over = err == CT_LIMIT;
    CT_TRY(ct_ifc__forgive(w, err, product->slot, false));
    w->steps_left = w->triangles_left = SPARE;
    w->depth = 0;
    if (box != CT_STEP__NONE)
        CT_TRY(ct_ifc__forgive(w, ct_ifc__representation(out, w, box), box, false));
    if (out->n == 0 && over) return ct_ifc__forgive(w, box_of(out, w, &made), product->slot, false);
    return CT_OK;
}
