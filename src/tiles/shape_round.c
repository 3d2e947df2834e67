// Rounding to the tile's grid, and what rounding makes superfluous.
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "tiles/shape.h"

#define MAX_POINTS (1U << 26)

static ct_err reserve(ct_tiles__shape *s, size_t more) {
    if (more <= s->room - s->n) return CT_OK;
    if (more > MAX_POINTS - s->n)
        return ct_fail(CT_LIMIT, "a feature has over %u points in a tile", MAX_POINTS);
    size_t room = (size_t)s->n + more;
    if (room < 2 * (size_t)s->room) room = 2 * (size_t)s->room;
    if (room < 64) room = 64;
    int32_t(*xy)[2] = ct_realloc(s->xy, room * sizeof *xy);
    if (!xy) return CT_NOMEM;
    s->xy = xy;
    s->room = (uint32_t)room;
    return CT_OK;
}

static ct_err add_part(ct_tiles__shape *s, uint32_t begin, bool hole) {
    if (s->n_rings == s->ring_room) {
        const uint32_t room = s->ring_room ? 2 * s->ring_room : 16;
        ct_tiles__ring *rings = ct_realloc(s->rings, room * sizeof *rings);
        if (!rings) return CT_NOMEM;
        s->rings = rings;
        s->ring_room = room;
    }
    s->rings[s->n_rings++] = (ct_tiles__ring){begin, s->n, hole};
    return CT_OK;
}

// Half up, like the specification's own projects do; not half away from zero, which would treat the
// sides of a tile's edge differently.
static int32_t to_unit(double v) {
    return (int32_t)floor(v + 0.5);
}

static bool same(const int32_t a[2], const int32_t b[2]) {
    return a[0] == b[0] && a[1] == b[1];
}

static int64_t cross(const int32_t a[2], const int32_t b[2], const int32_t c[2]) {
    return (int64_t)(b[0] - a[0]) * (c[1] - b[1]) - (int64_t)(b[1] - a[1]) * (c[0] - b[0]);
}

// Appends p to the ring that began at `begin`; a middle point on a straight line or at a spike's
// tip goes first.
static void push(ct_tiles__shape *s, uint32_t begin, const int32_t p[2]) {
    while (s->n > begin) {
        if (same(s->xy[s->n - 1], p)) return;
        if (s->n < begin + 2 || cross(s->xy[s->n - 2], s->xy[s->n - 1], p) != 0) break;
        s->n--;
    }
    memcpy(s->xy[s->n++], p, sizeof s->xy[0]);
}

// The same around the joint of the ring's ends. Returns the ring's new beginning.
static uint32_t close_joint(ct_tiles__shape *s, uint32_t begin) {
    bool again = true;
    while (again && s->n - begin >= 2) {
        int32_t(*p)[2] = s->xy;
        again = true;
        if (same(p[s->n - 1], p[begin]))
            s->n--;
        else if (s->n - begin >= 3 && cross(p[s->n - 2], p[s->n - 1], p[begin]) == 0)
            s->n--;
        else if (s->n - begin >= 3 && cross(p[s->n - 1], p[begin], p[begin + 1]) == 0)
            begin++;
        else
            again = false;
    }
    return begin;
}

static int64_t area2(const ct_tiles__shape *s, uint32_t begin) {
    int64_t sum = 0;
    for (uint32_t i = begin, j = s->n - 1; i < s->n; j = i++)
        sum += (int64_t)s->xy[j][0] * s->xy[i][1] - (int64_t)s->xy[i][0] * s->xy[j][1];
    return sum;
}

static void reverse(ct_tiles__shape *s, uint32_t begin) {
    for (uint32_t i = begin, j = s->n - 1; i < j; i++, j--) {
        int32_t keep[2];
        memcpy(keep, s->xy[i], sizeof keep);
        memcpy(s->xy[i], s->xy[j], sizeof keep);
        memcpy(s->xy[j], keep, sizeof keep);
    }
}

ct_err ct_tiles__shape_add_ring(ct_tiles__shape *s, bool *kept, const double *xy, size_t n,
                                bool hole) {
    CT_TRY(reserve(s, n));
    const uint32_t start = s->n;
    for (size_t i = 0; i < n; i++)
        push(s, start, (int32_t[2]){to_unit(xy[2 * i]), to_unit(xy[2 * i + 1])});
    const uint32_t begin = close_joint(s, start);
    const int64_t area = s->n - begin >= 3 ? area2(s, begin) : 0;
    *kept = area != 0;
    if (!*kept) {
        if (s->n - begin > 3) s->crossed = true;
        s->n = start;
        return CT_OK;
    }
    if ((area > 0) == hole) reverse(s, begin);
    return add_part(s, begin, hole);
}

ct_err ct_tiles__shape_add_line(ct_tiles__shape *s, const double *xy, size_t n) {
    CT_TRY(reserve(s, n));
    const uint32_t begin = s->n;
    for (size_t i = 0; i < n; i++) {
        const int32_t p[2] = {to_unit(xy[2 * i]), to_unit(xy[2 * i + 1])};
        if (s->n > begin && same(s->xy[s->n - 1], p)) continue;
        memcpy(s->xy[s->n++], p, sizeof p);
    }
    if (s->n < begin + 2) {
        s->n = begin;
        return CT_OK;
    }
    return add_part(s, begin, false);
}

ct_err ct_tiles__shape_add_points(ct_tiles__shape *s, const double *xy, size_t n) {
    const ct_bbox *f = &ct_tiles__frame;
    CT_TRY(reserve(s, n));
    const uint32_t begin = s->n;
    for (size_t i = 0; i < n; i++) {
        const double x = xy[2 * i], y = xy[2 * i + 1];
        if (!(x >= f->min_x && x <= f->max_x && y >= f->min_y && y <= f->max_y)) continue;
        const int32_t p[2] = {to_unit(x), to_unit(y)};
        memcpy(s->xy[s->n++], p, sizeof p);
    }
    return s->n > begin ? add_part(s, begin, false) : CT_OK;
}
