// Triangles into pieces: cuts and edges are split where they meet, and the pieces are the rounds
// between them.
//
// All within one triangle at a time, seen along its axis. Parts of the drawing that hang together
// with the border have one round that runs the other way, the outside; an island has one too, which
// is a hole in the piece that it lies in.
#include "geo/boolean_private.h"

#include <stdlib.h>
#include <string.h>

typedef struct segment { // of the drawing: the triangle's edges first, then its cuts
    uint32_t p, q, plane;
} segment;

typedef struct split {
    uint32_t segment, point;
} split;

typedef struct half {
    uint32_t from, to; // places in `corners`
    uint32_t next;     // after it on its round
    uint32_t round;
} half;

typedef struct corner {
    uint32_t point;
    uint32_t begin, end; // halves that leave it, in `leaving`
    uint32_t part;       // of the drawing: a corner that stands for it
} corner;

typedef struct round_of {
    uint32_t begin, n; // its halves in `walk`
    uint32_t part;     // corner that stands for its part
    uint32_t leftmost; // corner
    bool outside;      // runs the other way
    uint32_t owner;    // of an island's outside: the round that it is a hole of
} round_of;

typedef struct drawing {
    ct_geo__kernel *k;
    const ct_geo__triangle *t;
    segment *segments;
    size_t n_segments, segments_room;
    split *splits;
    size_t n_splits, splits_room;
    uint64_t *edges; // low << 32 | high, each once
    size_t n_edges, edges_room;
    half *halves; // 2 an edge: there and back
    size_t halves_room;
    corner *corners;
    size_t n_corners, corners_room;
    uint32_t *leaving;
    size_t leaving_room;
    uint32_t *walk;
    size_t walk_room;
    round_of *rounds;
    size_t n_rounds, rounds_room;
} drawing;

static void drawing_fini(drawing *d) {
    ct_free(d->segments);
    ct_free(d->splits);
    ct_free(d->edges);
    ct_free(d->halves);
    ct_free(d->corners);
    ct_free(d->leaving);
    ct_free(d->walk);
    ct_free(d->rounds);
}

static int orient(const drawing *d, uint32_t a, uint32_t b, uint32_t c) {
    return ct_geo__orient(&d->k->points, d->t->axis, a, b, c);
}

// Left before right, then below before above.
static int compare_plane(const drawing *d, uint32_t a, uint32_t b) {
    if (a == b) return 0;
    const int x = ct_geo__compare_coordinate(&d->k->points, a, b, (d->t->axis + 1) % 3);
    return x ? x : ct_geo__compare_coordinate(&d->k->points, a, b, (d->t->axis + 2) % 3);
}

// ---- segments meet

static ct_err put_split(drawing *d, size_t segment_at, uint32_t point) {
    const segment *s = &d->segments[segment_at];
    if (point == s->p || point == s->q) return CT_OK;
    CT_TRY(ct_grow(&d->splits, &d->splits_room, d->n_splits + 1, sizeof *d->splits));
    d->splits[d->n_splits++] = (split){(uint32_t)segment_at, point};
    return CT_OK;
}

// A point of the segment's line splits it if it lies between the ends.
static ct_err split_if_between(drawing *d, size_t at, uint32_t point) {
    const segment *s = &d->segments[at];
    if (compare_plane(d, s->p, point) * compare_plane(d, point, s->q) <= 0) return CT_OK;
    return put_split(d, at, point);
}

static void minor(ct_wide *out, const ct_geo__plane *a, const ct_geo__plane *b, int k) {
    const int i = (k + 1) % 3, j = (k + 2) % 3;
    ct_wide p, q, r, s;
    ct_wide_set(&p, a->normal[i]);
    ct_wide_set(&q, b->normal[j]);
    ct_wide_mul(&r, &p, &q);
    ct_wide_set(&p, a->normal[j]);
    ct_wide_set(&q, b->normal[i]);
    ct_wide_mul(&s, &p, &q);
    ct_wide_sub(out, &r, &s);
}

// The point of three planes (Cramer).
static ct_err cross_planes(uint32_t *point, ct_geo__points *p, const ct_geo__plane *a,
                           const ct_geo__plane *b, const ct_geo__plane *c) {
    const ct_geo__plane *list[3] = {a, b, c};
    ct_wide x[3] = {{.n = 0}, {.n = 0}, {.n = 0}}, w = {.n = 0}, m, v, product;
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 3; k++) {
            minor(&m, list[(i + 1) % 3], list[(i + 2) % 3], k);
            ct_wide_set(&v, list[i]->offset);
            ct_wide_mul(&product, &m, &v);
            ct_wide_add(&x[k], &x[k], &product);
            if (i) continue;
            ct_wide_set(&v, list[0]->normal[k]);
            ct_wide_mul(&product, &m, &v);
            ct_wide_add(&w, &w, &product);
        }
    if (w.sign == 0) return ct_fail(CT_INTERNAL, "planes that cross in no point");
    return ct_geo__point_quotient(point, p, x, &w);
}

// The planes whose lines the segments are: an edge of the triangle has none of its own.
static const ct_geo__plane *plane_of(ct_geo__plane *made, const drawing *d, const segment *s) {
    if (s->plane != NONE) return &d->k->planes[s->plane];
    const ct_geo__points *p = &d->k->points;
    const int x = (d->t->axis + 1) % 3, y = (d->t->axis + 2) % 3;
    *made = (ct_geo__plane){.offset = 0};
    made->normal[x] = ct_geo__coordinate(p, s->p, y) - ct_geo__coordinate(p, s->q, y);
    made->normal[y] = ct_geo__coordinate(p, s->q, x) - ct_geo__coordinate(p, s->p, x);
    made->offset = made->normal[x] * ct_geo__coordinate(p, s->p, x) +
                   made->normal[y] * ct_geo__coordinate(p, s->p, y);
    return made;
}

static bool boxes_apart(const drawing *d, const segment *a, const segment *b) {
    for (int i = 1; i <= 2; i++) {
        const int k = (d->t->axis + i) % 3;
        const int64_t *spot = d->k->points.spot;
        const int64_t ap = spot[3 * (size_t)a->p + k], aq = spot[3 * (size_t)a->q + k];
        const int64_t bp = spot[3 * (size_t)b->p + k], bq = spot[3 * (size_t)b->q + k];
        if ((ap > aq ? ap : aq) + 1 < (bp < bq ? bp : bq)) return true;
        if ((bp > bq ? bp : bq) + 1 < (ap < aq ? ap : aq)) return true;
    }
    return false;
}

static ct_err meet(drawing *d, size_t i, size_t j) {
    const segment a = d->segments[i], b = d->segments[j];
    if (boxes_apart(d, &a, &b)) return CT_OK;
    const int bp = orient(d, a.p, a.q, b.p), bq = orient(d, a.p, a.q, b.q);
    if (bp * bq > 0) return CT_OK;
    const int ap = orient(d, b.p, b.q, a.p), aq = orient(d, b.p, b.q, a.q);
    if (ap * aq > 0) return CT_OK;
    if (a.p != a.q) {
        if (bp == 0) CT_TRY(split_if_between(d, i, b.p));
        if (bq == 0) CT_TRY(split_if_between(d, i, b.q));
    }
    if (b.p != b.q) {
        if (ap == 0) CT_TRY(split_if_between(d, j, a.p));
        if (aq == 0) CT_TRY(split_if_between(d, j, a.q));
    }
    if (ap == 0 || aq == 0 || bp == 0 || bq == 0) return CT_OK;
    ct_geo__plane made_a, made_b;
    uint32_t point;
    CT_TRY(cross_planes(&point, &d->k->points, &d->k->planes[d->t - d->k->triangles],
                        plane_of(&made_a, d, &a), plane_of(&made_b, d, &b)));
    CT_TRY(put_split(d, i, point));
    return put_split(d, j, point);
}

static int by_ends(const void *left, const void *right) {
    const segment *a = left, *b = right;
    if (a->p != b->p) return a->p < b->p ? -1 : 1;
    if (a->q != b->q) return a->q < b->q ? -1 : 1;
    return a->plane < b->plane ? -1 : a->plane > b->plane;
}

static ct_err gather(drawing *d, const ct_geo__cut *cuts, size_t n) {
    CT_TRY(ct_grow(&d->segments, &d->segments_room, n + 3, sizeof *d->segments));
    for (size_t i = 0; i < n; i++) {
        const uint32_t p = cuts[i].p, q = cuts[i].q;
        d->segments[3 + i] = (segment){p < q ? p : q, p < q ? q : p, cuts[i].plane};
    }
    if (n) qsort(d->segments + 3, n, sizeof *d->segments, by_ends);
    for (int i = 0; i < 3; i++)
        d->segments[i] = (segment){d->t->point[i], d->t->point[(i + 1) % 3], NONE};
    d->n_segments = 3;
    for (size_t i = 3; i < n + 3; i++) {
        const segment *last = &d->segments[d->n_segments - 1], *s = &d->segments[i];
        if (d->n_segments > 3 && last->p == s->p && last->q == s->q) continue;
        d->segments[d->n_segments++] = *s;
    }
    d->n_splits = 0;
    CT_TRY(ct_geo__worked(d->k, d->n_segments * d->n_segments / 2));
    for (size_t i = 0; i < d->n_segments; i++)
        for (size_t j = i < 3 ? 3 : i + 1; j < d->n_segments; j++) CT_TRY(meet(d, i, j));
    return CT_OK;
}

// ---- edges of the drawing

static int by_segment(const void *left, const void *right) {
    const split *a = left, *b = right;
    if (a->segment != b->segment) return a->segment < b->segment ? -1 : 1;
    return a->point < b->point ? -1 : a->point > b->point;
}

static int by_key(const void *left, const void *right) {
    const uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return a < b ? -1 : a > b;
}

static void put_edge(drawing *d, uint32_t p, uint32_t q) {
    if (p != q) d->edges[d->n_edges++] = p < q ? (uint64_t)p << 32 | q : (uint64_t)q << 32 | p;
}

// Sorts the points of one segment from left to right (few, and nearly sorted: by insertion).
static void sort_along(const drawing *d, split *list, size_t n) {
    for (size_t i = 1; i < n; i++) {
        const split moved = list[i];
        size_t at = i;
        for (; at > 0 && compare_plane(d, list[at - 1].point, moved.point) > 0; at--)
            list[at] = list[at - 1];
        list[at] = moved;
    }
}

static ct_err make_edges(drawing *d) {
    if (d->n_splits) qsort(d->splits, d->n_splits, sizeof *d->splits, by_segment);
    size_t kept = 0; // each once
    for (size_t i = 0; i < d->n_splits; i++)
        if (!kept || by_segment(&d->splits[kept - 1], &d->splits[i]) != 0)
            d->splits[kept++] = d->splits[i];
    d->n_splits = kept;
    CT_TRY(ct_grow(&d->edges, &d->edges_room, d->n_segments + kept, sizeof *d->edges));
    d->n_edges = 0;
    size_t at = 0;
    for (size_t i = 0; i < d->n_segments; i++) {
        const size_t begin = at;
        while (at < kept && d->splits[at].segment == i) at++;
        if (at > begin) sort_along(d, d->splits + begin, at - begin);
        const segment *s = &d->segments[i];
        const bool right = compare_plane(d, s->p, s->q) < 0;
        uint32_t from = right ? s->p : s->q;
        for (size_t j = begin; j < at; from = d->splits[j++].point)
            put_edge(d, from, d->splits[j].point);
        put_edge(d, from, right ? s->q : s->p);
    }
    qsort(d->edges, d->n_edges, sizeof *d->edges, by_key);
    size_t n = 0;
    for (size_t i = 0; i < d->n_edges; i++)
        if (!n || d->edges[n - 1] != d->edges[i]) d->edges[n++] = d->edges[i];
    d->n_edges = n;
    return CT_OK;
}

// ---- rounds

static int by_number(const void *left, const void *right) {
    const corner *a = left, *b = right;
    return a->point < b->point ? -1 : a->point > b->point;
}

static uint32_t corner_of(const drawing *d, uint32_t point) {
    size_t low = 0, high = d->n_corners;
    while (low + 1 < high) {
        const size_t middle = (low + high) / 2;
        if (d->corners[middle].point <= point)
            low = middle;
        else
            high = middle;
    }
    return (uint32_t)low;
}

static uint32_t point_of(const drawing *d, uint32_t corner_at) {
    return d->corners[corner_at].point;
}

// Around a corner, counter-clockwise from straight down: whether a comes before b.
static bool comes_before(const drawing *d, uint32_t at, uint32_t a, uint32_t b) {
    const bool a_left = compare_plane(d, at, a) > 0, b_left = compare_plane(d, at, b) > 0;
    if (a_left != b_left) return b_left;
    return orient(d, at, a, b) > 0;
}

static void sort_around(drawing *d, const corner *c) {
    uint32_t *list = d->leaving + c->begin;
    const uint32_t n = c->end - c->begin;
    for (uint32_t i = 1; i < n; i++) {
        const uint32_t moved = list[i], to = point_of(d, d->halves[moved].to);
        uint32_t at = i;
        for (; at > 0 && comes_before(d, c->point, to, point_of(d, d->halves[list[at - 1]].to));
             at--)
            list[at] = list[at - 1];
        list[at] = moved;
    }
}

static ct_err make_corners(drawing *d) {
    const size_t n = d->n_edges;
    CT_TRY(ct_grow(&d->corners, &d->corners_room, 2 * n, sizeof *d->corners));
    CT_TRY(ct_grow(&d->halves, &d->halves_room, 2 * n, sizeof *d->halves));
    CT_TRY(ct_grow(&d->leaving, &d->leaving_room, 2 * n, sizeof *d->leaving));
    CT_TRY(ct_grow(&d->walk, &d->walk_room, 2 * n, sizeof *d->walk));
    for (size_t i = 0; i < n; i++) {
        d->corners[2 * i] = (corner){.point = (uint32_t)(d->edges[i] >> 32)};
        d->corners[2 * i + 1] = (corner){.point = (uint32_t)d->edges[i]};
    }
    qsort(d->corners, 2 * n, sizeof *d->corners, by_number);
    d->n_corners = 0;
    for (size_t i = 0; i < 2 * n; i++)
        if (!d->n_corners || d->corners[d->n_corners - 1].point != d->corners[i].point)
            d->corners[d->n_corners++] = d->corners[i];
    for (size_t i = 0; i < n; i++) {
        const uint32_t a = corner_of(d, (uint32_t)(d->edges[i] >> 32));
        const uint32_t b = corner_of(d, (uint32_t)d->edges[i]);
        d->halves[2 * i] = (half){a, b, NONE, NONE};
        d->halves[2 * i + 1] = (half){b, a, NONE, NONE};
        d->corners[a].end++;
        d->corners[b].end++;
    }
    uint32_t begin = 0;
    for (size_t c = 0; c < d->n_corners; c++) {
        const uint32_t count = d->corners[c].end;
        d->corners[c].begin = d->corners[c].end = begin;
        d->corners[c].part = (uint32_t)c;
        begin += count;
    }
    for (uint32_t h = 0; h < 2 * n; h++) d->leaving[d->corners[d->halves[h].from].end++] = h;
    return CT_OK;
}

static uint32_t part_of(drawing *d, uint32_t c) {
    while (d->corners[c].part != c) {
        d->corners[c].part = d->corners[d->corners[c].part].part;
        c = d->corners[c].part;
    }
    return c;
}

// After arriving by a half, the next one clockwise from the way back.
static void link_halves(drawing *d) {
    for (size_t c = 0; c < d->n_corners; c++) {
        const corner *at = &d->corners[c];
        sort_around(d, at);
        const uint32_t n = at->end - at->begin;
        for (uint32_t i = 0; i < n; i++) {
            const uint32_t back = d->leaving[at->begin + i];
            d->halves[back ^ 1].next = d->leaving[at->begin + (i + n - 1) % n];
        }
    }
    for (size_t h = 0; h < 2 * d->n_edges; h += 2) {
        const uint32_t a = part_of(d, d->halves[h].from), b = part_of(d, d->halves[h].to);
        if (a != b) d->corners[a > b ? a : b].part = a > b ? b : a;
    }
}

static ct_err make_rounds(drawing *d) {
    d->n_rounds = 0;
    uint32_t n_walk = 0;
    for (uint32_t h = 0; h < 2 * d->n_edges; h++) {
        if (d->halves[h].round != NONE) continue;
        CT_TRY(ct_grow(&d->rounds, &d->rounds_room, d->n_rounds + 1, sizeof *d->rounds));
        round_of r = {.begin = n_walk, .owner = NONE, .leftmost = d->halves[h].from};
        for (uint32_t e = h; d->halves[e].round == NONE; e = d->halves[e].next) {
            d->halves[e].round = (uint32_t)d->n_rounds;
            d->walk[n_walk++] = e;
            const uint32_t c = d->halves[e].from;
            if (compare_plane(d, point_of(d, c), point_of(d, r.leftmost)) < 0) r.leftmost = c;
        }
        r.n = n_walk - r.begin;
        r.part = part_of(d, r.leftmost);
        d->rounds[d->n_rounds++] = r;
    }
    return CT_OK;
}

// At the leftmost corner of a part all ways lead to the right; who comes by the lowest one and goes
// on by the highest walks outside.
static void find_outsides(drawing *d) {
    for (size_t i = 0; i < d->n_rounds; i++) {
        const round_of *r = &d->rounds[i];
        uint32_t leftmost = r->leftmost;
        bool least = true; // of all rounds of the part
        for (size_t j = 0; j < d->n_rounds && least; j++) {
            if (d->rounds[j].part != r->part) continue;
            least =
                compare_plane(d, point_of(d, d->rounds[j].leftmost), point_of(d, leftmost)) >= 0;
        }
        if (!least) continue;
        const corner *c = &d->corners[leftmost];
        d->rounds[d->halves[d->leaving[c->begin] ^ 1].round].outside = true;
    }
}

// ---- islands

// Whether the point lies in a round that does not pass through it.
static bool lies_in(const drawing *d, const round_of *r, uint32_t point) {
    const int y = (d->t->axis + 2) % 3;
    bool in = false;
    for (uint32_t i = r->begin; i < r->begin + r->n; i++) {
        const half *h = &d->halves[d->walk[i]];
        const uint32_t a = point_of(d, h->from), b = point_of(d, h->to);
        const bool a_above = ct_geo__compare_coordinate(&d->k->points, a, point, y) > 0;
        const bool b_above = ct_geo__compare_coordinate(&d->k->points, b, point, y) > 0;
        if (a_above != b_above && (orient(d, a, b, point) > 0) == b_above) in = !in;
    }
    return in;
}

// An island's outside becomes a hole of the innermost round that holds it: of those, the one that
// begins furthest to the right.
static void own_island(drawing *d, round_of *island) {
    const uint32_t point = point_of(d, island->leftmost);
    for (size_t i = 0; i < d->n_rounds; i++) {
        const round_of *r = &d->rounds[i];
        if (r->outside || r->part == island->part || !lies_in(d, r, point)) continue;
        if (island->owner != NONE &&
            compare_plane(d, point_of(d, r->leftmost),
                          point_of(d, d->rounds[island->owner].leftmost)) < 0)
            continue;
        island->owner = (uint32_t)i;
    }
}

static void own_islands(drawing *d) {
    const uint32_t border = part_of(d, corner_of(d, d->t->point[0]));
    for (size_t i = 0; i < d->n_rounds; i++) {
        round_of *r = &d->rounds[i];
        if (!r->outside || r->part == border) continue;
        bool tree = true; // without an inside: it cuts nothing off
        for (size_t j = 0; j < d->n_rounds && tree; j++)
            tree = j == i || d->rounds[j].part != r->part;
        if (!tree) own_island(d, r);
    }
}

// ---- pieces

static ct_err put_loop(ct_geo__kernel *k, const uint32_t *points, uint32_t n, bool reversed) {
    CT_TRY(ct_grow(&k->loop_points, &k->loop_points_room, k->n_loop_points + n,
                   sizeof *k->loop_points));
    CT_TRY(ct_grow(&k->loop_end, &k->loops_room, k->n_loops + 1, sizeof *k->loop_end));
    for (uint32_t i = 0; i < n; i++)
        k->loop_points[k->n_loop_points++] = points[reversed ? n - 1 - i : i];
    k->loop_end[k->n_loops++] = (uint32_t)k->n_loop_points;
    return CT_OK;
}

static ct_err put_cell(ct_geo__kernel *k, uint32_t triangle, size_t first_loop) {
    CT_TRY(ct_grow(&k->cells, &k->cells_room, k->n_cells + 1, sizeof *k->cells));
    k->cells[k->n_cells++] = (ct_geo__cell){.triangle = triangle,
                                            .first_loop = (uint32_t)first_loop,
                                            .n_loops = (uint32_t)(k->n_loops - first_loop),
                                            .region = NONE,
                                            .next = NONE};
    return CT_OK;
}

static ct_err put_round(drawing *d, const round_of *r) {
    // The walk itself has become free room for the numbers of points.
    uint32_t *points = d->walk + r->begin;
    return put_loop(d->k, points, r->n, d->t->back);
}

static ct_err put_pieces(drawing *d) {
    const uint32_t triangle = (uint32_t)(d->t - d->k->triangles);
    for (size_t i = 0; i < 2 * d->n_edges; i++)
        d->walk[i] = point_of(d, d->halves[d->walk[i]].from);
    for (size_t i = 0; i < d->n_rounds; i++) {
        if (d->rounds[i].outside) continue;
        const size_t first = d->k->n_loops;
        CT_TRY(put_round(d, &d->rounds[i]));
        for (size_t j = 0; j < d->n_rounds; j++)
            if (d->rounds[j].owner == i) CT_TRY(put_round(d, &d->rounds[j]));
        CT_TRY(put_cell(d->k, triangle, first));
    }
    return CT_OK;
}

static ct_err draw(drawing *d, uint32_t triangle, const ct_geo__cut *cuts, size_t n) {
    d->t = &d->k->triangles[triangle];
    if (n) {
        CT_TRY(gather(d, cuts, n));
        CT_TRY(make_edges(d));
    }
    if (n == 0 || d->n_edges == 3) {
        const size_t first = d->k->n_loops;
        CT_TRY(put_loop(d->k, d->t->point, 3, false));
        return put_cell(d->k, triangle, first);
    }
    CT_TRY(make_corners(d));
    link_halves(d);
    CT_TRY(make_rounds(d));
    CT_TRY(ct_geo__worked(d->k, d->n_rounds * d->n_rounds));
    find_outsides(d);
    own_islands(d);
    return put_pieces(d);
}

static int by_triangle(const void *left, const void *right) {
    const ct_geo__cut *a = left, *b = right;
    if (a->triangle != b->triangle) return a->triangle < b->triangle ? -1 : 1;
    if (a->p != b->p) return a->p < b->p ? -1 : 1;
    if (a->q != b->q) return a->q < b->q ? -1 : 1;
    return a->plane < b->plane ? -1 : a->plane > b->plane;
}

ct_err ct_geo__make_cells(ct_geo__kernel *k) {
    if (k->n_cuts) qsort(k->cuts, k->n_cuts, sizeof *k->cuts, by_triangle);
    drawing d = {.k = k};
    ct_err err = CT_OK;
    size_t at = 0;
    for (uint32_t t = 0; t < k->n_triangles && !err; t++) {
        const size_t begin = at;
        while (at < k->n_cuts && k->cuts[at].triangle == t) at++;
        err = draw(&d, t, at > begin ? k->cuts + begin : NULL, at - begin);
    }
    drawing_fini(&d);
    return err;
}
