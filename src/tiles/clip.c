// Clipping to boxes. A point made on an edge does not depend on the edge's direction, so that two
// polygons that share it get the same one.
#include "tiles/clip.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"

void ct_tiles__points_fini(ct_tiles__points *list) {
    ct_free(list->xy);
    *list = (ct_tiles__points){0};
}

ct_err ct_tiles__points_reserve(ct_tiles__points *list, size_t room) {
    if (room <= list->room) return CT_OK;
    size_t bytes = 0;
    if (room < 2 * list->room) room = 2 * list->room;
    if (room < 64) room = 64;
    if (!ct_mul_ok(room, 2 * sizeof *list->xy, &bytes))
        return ct_fail(CT_LIMIT, "too many points to clip");
    double *xy = ct_realloc(list->xy, bytes);
    if (!xy) return CT_NOMEM;
    list->xy = xy;
    list->room = room;
    return CT_OK;
}

bool ct_tiles__points_box(ct_bbox *out, const ct_tiles__points *list) {
    if (!list->n) return false;
    ct_bbox box = {list->xy[0], list->xy[1], list->xy[0], list->xy[1]};
    bool finite = true;
    for (size_t i = 0; i < list->n; i++) {
        const double x = list->xy[2 * i], y = list->xy[2 * i + 1];
        box.min_x = x < box.min_x ? x : box.min_x;
        box.max_x = x > box.max_x ? x : box.max_x;
        box.min_y = y < box.min_y ? y : box.min_y;
        box.max_y = y > box.max_y ? y : box.max_y;
        finite = finite && isfinite(x) && isfinite(y);
    }
    *out = box;
    return finite;
}

static void put(ct_tiles__points *list, const double p[2]) {
    memcpy(list->xy + 2 * list->n, p, 2 * sizeof *p);
    list->n++;
}

static double pieces_of(const double *a, const double *b, double size_m) {
    return ceil(fmax(fabs(b[0] - a[0]), fabs(b[1] - a[1])) / size_m);
}

ct_err ct_tiles__split_edges(ct_tiles__points *list, ct_tiles__points *spare, bool ring,
                             double size_m) {
    enum { MOST = 1000000 };
    const size_t edges = ring ? list->n : list->n - 1;
    double total = 1;
    for (size_t i = 0; i < edges; i++)
        total += fmax(1, pieces_of(list->xy + 2 * i, list->xy + 2 * ((i + 1) % list->n), size_m));
    if (!(total <= (double)list->n + MOST)) return ct_fail(CT_LIMIT, "edges too long for the tile");
    CT_TRY(ct_tiles__points_reserve(spare, (size_t)total));
    spare->n = 0;
    for (size_t i = 0; i < edges; i++) {
        const double *a = list->xy + 2 * i, *b = list->xy + 2 * ((i + 1) % list->n);
        const bool forward = a[0] < b[0] || (a[0] == b[0] && a[1] < b[1]);
        const double *from = forward ? a : b, *to = forward ? b : a, n = pieces_of(a, b, size_m);
        put(spare, a);
        for (size_t piece = 1; piece < (size_t)n; piece++) {
            const double k = (double)piece, t = forward ? k / n : (n - k) / n;
            put(spare,
                (double[2]){from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1])});
        }
    }
    if (!ring) put(spare, list->xy + 2 * edges);
    const ct_tiles__points swap = *list;
    *list = *spare;
    *spare = swap;
    return CT_OK;
}

// Where the edge a-b meets axis = at.
static void crossing(double out[2], const double *a, const double *b, int axis, double at) {
    if (b[axis] < a[axis]) {
        const double *swap = a;
        a = b;
        b = swap;
    }
    const double share = (at - a[axis]) / (b[axis] - a[axis]);
    out[axis] = at;
    out[1 - axis] = a[1 - axis] + share * (b[1 - axis] - a[1 - axis]);
}

// Keeps the side of axis = at where sign * (p - at) >= 0. `out` has room for twice the points.
static void clip_side(ct_tiles__points *out, const ct_tiles__points *in, int axis, double at,
                      double sign) {
    out->n = 0;
    if (in->n == 0) return;
    const double *before = in->xy + 2 * (in->n - 1);
    bool before_in = sign * (before[axis] - at) >= 0;
    for (size_t i = 0; i < in->n; i++) {
        const double *p = in->xy + 2 * i;
        const bool p_in = sign * (p[axis] - at) >= 0;
        if (p_in != before_in) {
            double cut[2];
            crossing(cut, before, p, axis, at);
            put(out, cut);
        }
        if (p_in) put(out, p);
        before = p;
        before_in = p_in;
    }
}

ct_err ct_tiles__clip_ring(ct_tiles__points *ring, ct_tiles__points *spare, const ct_bbox *box) {
    const struct {
        int axis;
        double at, sign;
    } sides[4] = {{0, box->min_x, 1}, {0, box->max_x, -1}, {1, box->min_y, 1}, {1, box->max_y, -1}};
    for (int i = 0; i < 4; i++) {
        CT_TRY(ct_tiles__points_reserve(spare, 2 * ring->n));
        clip_side(spare, ring, sides[i].axis, sides[i].at, sides[i].sign);
        const ct_tiles__points swap = *ring;
        *ring = *spare;
        *spare = swap;
    }
    return CT_OK;
}

void ct_tiles__pieces_fini(ct_tiles__pieces *pieces) {
    ct_tiles__points_fini(&pieces->points);
    ct_free(pieces->end);
    *pieces = (ct_tiles__pieces){0};
}

static ct_err close_piece(ct_tiles__pieces *out) {
    const size_t begin = out->n ? out->end[out->n - 1] : 0;
    if (out->points.n < begin + 2) {
        out->points.n = begin;
        return CT_OK;
    }
    if (out->n == out->room) {
        const size_t room = out->room ? 2 * out->room : 16;
        size_t *end = ct_realloc(out->end, room * sizeof *end);
        if (!end) return CT_NOMEM;
        out->end = end;
        out->room = room;
    }
    out->end[out->n++] = out->points.n;
    return CT_OK;
}

// The parameters t0 .. t1 of the part of a-b inside the box; false if none is.
static bool inside_part(double *t0, double *t1, const double *a, const double *b,
                        const ct_bbox *box) {
    const double low[2] = {box->min_x, box->min_y}, high[2] = {box->max_x, box->max_y};
    *t0 = 0;
    *t1 = 1;
    for (int axis = 0; axis < 2; axis++) {
        const double d = b[axis] - a[axis];
        if (d == 0) {
            if (!(a[axis] >= low[axis] && a[axis] <= high[axis])) return false;
            continue;
        }
        const double enter = ((d > 0 ? low[axis] : high[axis]) - a[axis]) / d;
        const double leave = ((d > 0 ? high[axis] : low[axis]) - a[axis]) / d;
        if (enter > *t0) *t0 = enter;
        if (leave < *t1) *t1 = leave;
        if (!(*t0 <= *t1)) return false;
    }
    return true;
}

static void put_at(ct_tiles__points *list, const double *a, const double *b, double t) {
    put(list, (double[2]){a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])});
}

ct_err ct_tiles__clip_line(ct_tiles__pieces *out, const double *xy, size_t n, const ct_bbox *box) {
    CT_TRY(ct_tiles__points_reserve(&out->points, out->points.n + 2 * n));
    bool open = false; // a piece has begun and reaches the current point
    for (size_t i = 0; i + 1 < n; i++) {
        const double *a = xy + 2 * i, *b = a + 2;
        double t0, t1;
        if (!inside_part(&t0, &t1, a, b, box)) {
            CT_TRY(close_piece(out));
            open = false;
            continue;
        }
        if (!open) put_at(&out->points, a, b, t0);
        if (t1 < 1)
            put_at(&out->points, a, b, t1);
        else
            put(&out->points, b);
        open = t1 == 1;
        if (!open) CT_TRY(close_piece(out));
    }
    return close_piece(out);
}
