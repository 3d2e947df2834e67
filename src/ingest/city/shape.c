// Shapes and objects as a reader builds them: arrays that grow in the arena.
#include <string.h>

#include "base/mem.h"
#include "ingest/city/city.h"

// Room for n more; at least doubles, the old array stays in the arena until its reset.
static ct_err grow_by(void *block, size_t *room, size_t used, size_t n, size_t each,
                      ct_arena *arena) {
    if (n <= *room - used) return CT_OK;
    // First about half a kilobyte; of bytes as many as of four bytes, as they stand side by side.
    enum { FIRST_BYTES = 512, LEAST = 4 };
    const size_t first = FIRST_BYTES / (each < LEAST ? LEAST : each);
    size_t wanted = *room ? 2 * *room : first > 2 ? first : 2;
    if (wanted < used + n) wanted = used + n;
    size_t bytes;
    if (!ct_mul_ok(wanted, each, &bytes)) bytes = SIZE_MAX; // too much for any arena
    void *old, *grown = ct_arena_alloc(arena, bytes);
    if (!grown) return CT_NOMEM;
    memcpy(&old, block, sizeof old);
    if (used) memcpy(grown, old, used * each);
    memcpy(block, &grown, sizeof grown);
    *room = wanted;
    return CT_OK;
}

static ct_err grow(void *block, size_t *room, size_t used, size_t each, ct_arena *arena) {
    return grow_by(block, room, used, 1, each, arena);
}

ct_err ct_city__add_points(double **out, ct_city__shape *s, ct_arena *arena, size_t n,
                           size_t max_points) {
    if (n > max_points || s->n_points > max_points - n || n > UINT32_MAX - s->n_points)
        return ct_fail(CT_LIMIT, "geometry: more than %zu points", max_points);
    *out = NULL;
    if (n == 0) return CT_OK;
    CT_TRY(grow_by(&s->xyz, &s->point_room, s->n_points, n, 3 * sizeof *s->xyz, arena));
    *out = s->xyz + 3 * (size_t)s->n_points;
    s->n_points += (uint32_t)n;
    return CT_OK;
}

ct_err ct_city__add_point(ct_city__shape *s, ct_arena *arena, const double p[3],
                          size_t max_points) {
    double *to;
    CT_TRY(ct_city__add_points(&to, s, arena, 1, max_points));
    memcpy(to, p, 3 * sizeof *p);
    return CT_OK;
}

ct_err ct_city__end_ring(ct_city__shape *s, ct_arena *arena) {
    const uint32_t begin = s->n_rings ? s->ring_end[s->n_rings - 1] : 0;
    if (s->kind != CT_CITY__LINES && s->n_points > begin + 1 &&
        ct_same_point(s->xyz + 3 * (size_t)begin, s->xyz + 3 * (size_t)(s->n_points - 1)))
        s->n_points--;
    CT_TRY(grow(&s->ring_end, &s->ring_room, s->n_rings, sizeof *s->ring_end, arena));
    s->ring_end[s->n_rings++] = s->n_points;
    return CT_OK;
}

ct_err ct_city__end_face(ct_city__shape *s, ct_arena *arena, ct_surface tag, uint32_t surface,
                         uint32_t material) {
    if (s->n_rings == (s->n_faces ? s->face_end[s->n_faces - 1] : 0))
        return ct_fail(CT_PARSE, "a polygon without a ring");
    if (s->n_faces >= s->face_room) {
        size_t room = s->face_room;
        CT_TRY(grow(&s->face_end, &room, s->n_faces, sizeof *s->face_end, arena));
        room = s->face_room;
        CT_TRY(grow(&s->tag, &room, s->n_faces, sizeof *s->tag, arena));
        room = s->face_room;
        CT_TRY(grow(&s->surface, &room, s->n_faces, sizeof *s->surface, arena));
        CT_TRY(grow(&s->material, &s->face_room, s->n_faces, sizeof *s->material, arena));
    }
    s->face_end[s->n_faces] = s->n_rings;
    s->tag[s->n_faces] = (uint8_t)tag;
    s->surface[s->n_faces] = surface;
    s->material[s->n_faces] = material;
    s->n_faces++;
    return CT_OK;
}

ct_err ct_city__add_attribute(ct_city__object *o, ct_arena *arena, const ct_property *attribute) {
    enum { MOST = 10000 };
    if (o->n_attributes >= MOST) return ct_fail(CT_LIMIT, "more than %d attributes", MOST);
    CT_TRY(grow(&o->attributes, &o->attribute_room, o->n_attributes, sizeof *o->attributes, arena));
    o->attributes[o->n_attributes++] = *attribute;
    return CT_OK;
}

ct_err ct_city__add_observation(ct_city__object *o, ct_arena *arena, int64_t time_us,
                                double value) {
    enum { MOST = 5000000 };
    if (o->n_observations >= MOST) return ct_fail(CT_LIMIT, "more than %d observations", MOST);
    CT_TRY(grow(&o->observations, &o->observation_room, o->n_observations, sizeof *o->observations,
                arena));
    o->observations[o->n_observations++] = (ct_city__observation){time_us, value};
    return CT_OK;
}

ct_err ct_city__add_shape(ct_city__shape **out, ct_city__object *o, ct_arena *arena) {
    enum { MOST = 100000 };
    if (o->n_shapes >= MOST) return ct_fail(CT_LIMIT, "more than %d geometries", MOST);
    CT_TRY(grow(&o->shapes, &o->shape_room, o->n_shapes, sizeof *o->shapes, arena));
    *out = &o->shapes[o->n_shapes++];
    **out = (ct_city__shape){.matrix = ct_affine_identity};
    return CT_OK;
}

void ct_city__add_child(ct_city__object *parent, ct_city__object *child) {
    child->parent = parent;
    child->next = NULL;
    if (parent->last)
        parent->last->next = child;
    else
        parent->child = child;
    parent->last = child;
}
