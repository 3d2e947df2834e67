// GeoJSON geometries (RFC 7946 section 3.1) in and out. Read in two walks like WKB; errors name the
// place inside the geometry, as in coordinates[0][3].
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "geo/geom_private.h"

enum { MAX_DEPTH = 4 };

typedef struct reader {
    size_t index[MAX_DEPTH]; // where we are: coordinates[index[0]][index[1]]...
    int depth;
    size_t stride; // numbers in a position; 0 until the first
    size_t max_points, n_points, n_rings, n_parts;
    ct_geom *fill; // NULL in the first walk
} reader;

static ct_err fail_at(const reader *r, ct_err err, const char *problem) {
    char path[128] = "coordinates";
    size_t n = strlen(path);
    for (int i = 0; i < r->depth; i++)
        n += (size_t)snprintf(path + n, sizeof path - n, "[%zu]", r->index[i]);
    return ct_fail(err, "%s: %s", path, problem);
}

typedef ct_err walker(reader *r, const json_t *value);

static ct_err take_position(reader *r, const json_t *value) {
    if (!json_is_array(value))
        return fail_at(r, CT_PARSE, "a position must be an array of numbers");
    const size_t n = json_array_size(value);
    if (n != 2 && n != 3) return fail_at(r, CT_PARSE, "a position must have 2 or 3 numbers");
    if (r->stride == 0) r->stride = n;
    if (n != r->stride)
        return fail_at(r, CT_PARSE, "positions with and without height in one geometry");
    if (r->n_points >= r->max_points) return fail_at(r, CT_LIMIT, "too many points");
    double xyz[3] = {0, 0, 0};
    for (size_t k = 0; k < n; k++) {
        const json_t *number = json_array_get(value, k);
        xyz[k] = json_number_value(number);
        if (!json_is_number(number) || !isfinite(xyz[k]))
            return fail_at(r, CT_PARSE, "a coordinate must be a finite number");
    }
    if (r->fill) memcpy(r->fill->xyz + r->n_points * n, xyz, n * sizeof(double));
    r->n_points++;
    return CT_OK;
}

static ct_err walk_each(reader *r, const json_t *array, walker *walk) {
    const int depth = r->depth++;
    for (size_t i = 0; i < json_array_size(array); i++) {
        r->index[depth] = i;
        CT_TRY(walk(r, json_array_get(array, i)));
    }
    r->depth = depth;
    return CT_OK;
}

static void end_ring(reader *r) {
    if (r->fill) r->fill->ring_end[r->n_rings] = (uint32_t)r->n_points;
    r->n_rings++;
}

static void end_part(reader *r) {
    if (r->fill) r->fill->part_end[r->n_parts] = (uint32_t)r->n_rings;
    r->n_parts++;
}

static ct_err take_point(reader *r, const json_t *value) {
    CT_TRY(take_position(r, value));
    end_ring(r);
    return CT_OK;
}

static ct_err take_line(reader *r, const json_t *value) {
    if (!json_is_array(value)) return fail_at(r, CT_PARSE, "a line must be an array of positions");
    if (json_array_size(value) < 2) return fail_at(r, CT_GEOM, "a line needs 2 positions");
    CT_TRY(walk_each(r, value, take_position));
    end_ring(r);
    return CT_OK;
}

static bool is_closed(const json_t *ring) {
    const json_t *first = json_array_get(ring, 0);
    const json_t *last = json_array_get(ring, json_array_size(ring) - 1);
    for (size_t k = 0; k < json_array_size(first); k++)
        if (json_number_value(json_array_get(first, k)) !=
            json_number_value(json_array_get(last, k)))
            return false;
    return true;
}

static ct_err take_ring(reader *r, const json_t *value) {
    if (!json_is_array(value)) return fail_at(r, CT_PARSE, "a ring must be an array of positions");
    if (json_array_size(value) < 4) return fail_at(r, CT_GEOM, "a ring needs 4 positions");
    CT_TRY(walk_each(r, value, take_position));
    if (!is_closed(value))
        return fail_at(r, CT_GEOM, "the ring's last position must equal its first");
    end_ring(r);
    return CT_OK;
}

static ct_err take_polygon(reader *r, const json_t *value) {
    if (!json_is_array(value)) return fail_at(r, CT_PARSE, "a polygon must be an array of rings");
    if (json_array_size(value) == 0) return fail_at(r, CT_GEOM, "a polygon needs a ring");
    CT_TRY(walk_each(r, value, take_ring));
    end_part(r);
    return CT_OK;
}

static ct_err take_coordinates(reader *r, ct_geom_type type, const json_t *value) {
    r->n_points = r->n_rings = r->n_parts = 0;
    // RFC 7946 section 3.1 lets an empty array stand for a geometry of nothing.
    if (json_is_array(value) && json_array_size(value) == 0) return CT_OK;
    if (ct_geo__is_multi(type)) {
        if (!json_is_array(value)) return fail_at(r, CT_PARSE, "must be an array");
        walker *walk = type == CT_GEOM_MULTIPOINT        ? take_point
                       : type == CT_GEOM_MULTILINESTRING ? take_line
                                                         : take_polygon;
        CT_TRY(walk_each(r, value, walk));
    } else {
        walker *walk = type == CT_GEOM_POINT        ? take_point
                       : type == CT_GEOM_LINESTRING ? take_line
                                                    : take_polygon;
        CT_TRY(walk(r, value));
    }
    if (!ct_geo__is_polygonal(type)) end_part(r);
    return CT_OK;
}

// RFC 7946's names are case-sensitive.
static ct_err take_type(ct_geom_type *out, const json_t *object) {
    const char *name = json_string_value(json_object_get(object, "type"));
    if (!name) return ct_fail(CT_PARSE, "geometry: \"type\" is missing or no string");
    const ct_geom_type type = ct_geom_type_of_name(name);
    if (type != CT_GEOM_NONE && strcmp(name, ct_geom_type_name(type)) == 0) {
        *out = type;
        return CT_OK;
    }
    if (strcmp(name, "GeometryCollection") == 0)
        return ct_fail(CT_UNSUPPORTED, "geometry: collections are not taken");
    return ct_fail(CT_PARSE, "geometry: unknown type \"%.40s\"", name);
}

ct_err ct_geom_from_geojson(ct_geom *out, ct_arena *arena, const json_t *object,
                            size_t max_points) {
    if (json_is_null(object)) {
        *out = (ct_geom){0};
        return CT_OK;
    }
    if (!json_is_object(object)) return ct_fail(CT_PARSE, "geometry: neither an object nor null");
    ct_geom_type type = CT_GEOM_NONE;
    CT_TRY(take_type(&type, object));
    const json_t *coordinates = json_object_get(object, "coordinates");
    if (!coordinates) return ct_fail(CT_PARSE, "geometry: \"coordinates\" is missing");
    reader r = {.max_points = max_points < UINT32_MAX ? max_points : UINT32_MAX};
    CT_TRY(take_coordinates(&r, type, coordinates));
    ct_geom g;
    CT_TRY(ct_geo__alloc(&g, arena, type, r.stride == 3, r.n_points, r.n_rings, r.n_parts));
    r.fill = &g;
    CT_TRY(take_coordinates(&r, type, coordinates));
    *out = g;
    return CT_OK;
}

// How positions are written.
typedef struct writer {
    ct_jsonw *w;
    const ct_geom *g;
    int decimals;
    bool swap_xy;
} writer;

static void write_position(const writer *to, uint32_t i) {
    const double *p = ct_geo__point(to->g, i);
    ct_jsonw_array(to->w);
    ct_jsonw_fixed(to->w, p[to->swap_xy ? 1 : 0], to->decimals);
    ct_jsonw_fixed(to->w, p[to->swap_xy ? 0 : 1], to->decimals);
    if (to->g->has_z) ct_jsonw_fixed(to->w, p[2], 3);
    ct_jsonw_end_array(to->w);
}

// "[x,y]," at `at`; NULL where a number needs more care.
static char *position_at(char *at, const writer *to, uint32_t i) {
    const double *p = ct_geo__point(to->g, i);
    *at++ = '[';
    at = ct_jsonw_fixed_at(at, p[to->swap_xy ? 1 : 0], to->decimals);
    if (at) *at++ = ',';
    if (at) at = ct_jsonw_fixed_at(at, p[to->swap_xy ? 0 : 1], to->decimals);
    if (at && to->g->has_z) {
        *at++ = ',';
        at = ct_jsonw_fixed_at(at, p[2], 3);
    }
    if (!at) return NULL;
    *at++ = ']';
    *at++ = ',';
    return at;
}

// Most bytes of most answers are positions: they go straight into the buffer's room, a batch at a
// time. False where one needs more care.
static bool write_batches(const writer *to, uint32_t begin, uint32_t end) {
    enum { BATCH = 64, POSITION_BYTES = 3 * (CT_JSONW_FIXED_BYTES + 1) + 2 };
    ct_buf *out = to->w->out;
    for (uint32_t i = begin; i < end;) {
        const uint32_t stop = end - i > BATCH ? i + BATCH : end;
        char *at = ct_buf_reserve(out, (size_t)(stop - i) * POSITION_BYTES);
        for (; at && i < stop; i++) at = position_at(at, to, i);
        if (!at) return false;
        out->len = (size_t)(at - out->data);
    }
    if (begin < end) out->len--; // the last comma
    return true;
}

static void write_positions(const writer *to, uint32_t ring) {
    ct_buf *out = to->w->out;
    const uint32_t begin = ct_geo__ring_begin(to->g, ring), end = to->g->ring_end[ring];
    ct_jsonw_array(to->w);
    const size_t start = out->len;
    if (!write_batches(to, begin, end)) {
        out->len = start;
        for (uint32_t i = begin; i < end; i++) write_position(to, i);
    }
    ct_jsonw_end_array(to->w);
}

static void write_polygon(const writer *to, uint32_t part) {
    ct_jsonw_array(to->w);
    for (uint32_t ring = ct_geo__part_begin(to->g, part); ring < to->g->part_end[part]; ring++)
        write_positions(to, ring);
    ct_jsonw_end_array(to->w);
}

static void write_coordinates(const writer *to) {
    const ct_geom *g = to->g;
    const ct_geom_type single = ct_geo__single_of(g->type);
    const bool bare = single == g->type && g->n_points > 0; // not wrapped in an array of members
    const uint32_t members = single == CT_GEOM_POLYGON ? g->n_parts : g->n_rings;
    if (!bare) ct_jsonw_array(to->w);
    for (uint32_t i = 0; i < members; i++) {
        if (single == CT_GEOM_POLYGON)
            write_polygon(to, i);
        else if (single == CT_GEOM_LINESTRING)
            write_positions(to, i);
        else
            write_position(to, ct_geo__ring_begin(g, i));
    }
    if (!bare) ct_jsonw_end_array(to->w);
}

void ct_geom_write_geojson(ct_jsonw *w, const ct_geom *g, int decimals, bool swap_xy) {
    if (g->type == CT_GEOM_NONE) {
        ct_jsonw_null(w);
        return;
    }
    ct_jsonw_object(w);
    ct_buf_puts(w->out, "\"type\":\""); // known texts, without escapes: they need no writer
    ct_buf_puts(w->out, ct_geom_type_name(g->type));
    ct_buf_puts(w->out, "\",\"coordinates\":");
    write_coordinates(&(writer){w, g, decimals, swap_xy});
    ct_jsonw_end_object(w);
}
