// Geometry on a tile's grid: hostile polygons stay valid and within a unit of their source, lines
// and points are cut right, neighbouring tiles meet.
#include <ogr_api.h>

#include "base/rng.h"
#include "fixture.h"
#include "tiles/shape.h"

// ---- another's geometry to compare with
// ----------------------------------------------------------------------
static OGRGeometryH rings_to_ogr(const ct_tiles__shape *s) {
    OGRGeometryH multi = OGR_G_CreateGeometry(wkbMultiPolygon), polygon = NULL;
    for (uint32_t r = 0; r < s->n_rings; r++) {
        const ct_tiles__ring *ring = &s->rings[r];
        OGRGeometryH line = OGR_G_CreateGeometry(wkbLinearRing);
        for (uint32_t i = ring->begin; i <= ring->end; i++) {
            const int32_t *p = s->xy[i < ring->end ? i : ring->begin];
            OGR_G_AddPoint_2D(line, p[0], p[1]);
        }
        if (!ring->hole) {
            if (polygon) OGR_G_AddGeometryDirectly(multi, polygon);
            polygon = OGR_G_CreateGeometry(wkbPolygon);
        }
        assert_non_null(polygon);
        OGR_G_AddGeometryDirectly(polygon, line);
    }
    if (polygon) OGR_G_AddGeometryDirectly(multi, polygon);
    return multi;
}

static OGRGeometryH frame_ogr(void) {
    OGRGeometryH g = NULL;
    char *text = "POLYGON ((-64 -64,4160 -64,4160 4160,-64 4160,-64 -64))";
    assert_int_equal(OGR_G_CreateFromWkt(&text, NULL, &g), OGRERR_NONE);
    return g;
}

static OGRGeometryH to_ogr(const ct_geom *g) {
    OGRGeometryH made = NULL;
    ct_buf wkb;
    ct_buf_init(&wkb, 1 << 26);
    ct_geom_to_wkb(&wkb, g);
    assert_int_equal(OGR_G_CreateFromWkb(wkb.data, NULL, &made, (int)wkb.len), OGRERR_NONE);
    ct_buf_fini(&wkb);
    return made;
}

static void from_ogr(ct_geom *out, ct_arena *arena, OGRGeometryH g) {
    ct_buf wkb;
    ct_buf_init(&wkb, 1 << 26);
    const int n = OGR_G_WkbSize(g);
    OGR_G_ExportToWkb(g, wkbNDR, (unsigned char *)ct_buf_reserve(&wkb, (size_t)n));
    ok(ct_geom_from_wkb(out, arena, wkb.data, (size_t)n, 1 << 22));
    ct_buf_fini(&wkb);
}

// The source in tile units by the exact transform, valid, cut to the tile with its buffer. Edges
// are straight in the twin's CRS: points every 200 m follow their images.
static OGRGeometryH source_ogr(const ct_geom *g, ct_tile tile) {
    ct_transform *t;
    ok(ct_transform_get(&t, CRS, CT_CRS_MERCATOR));
    ct_arena *arena = ct_arena_new(1 << 16, 0);
    ct_geom copy;
    OGRGeometryH dense = to_ogr(g);
    OGR_G_Segmentize(dense, 200);
    from_ogr(&copy, arena, dense);
    OGR_G_DestroyGeometry(dense);
    ok(ct_transform_geom(t, &copy));
    const ct_bbox bounds = ct_tile_bounds_mercator(tile);
    const double units = 4096 / (bounds.max_x - bounds.min_x);
    for (uint32_t i = 0; i < copy.n_points; i++) {
        copy.xyz[2 * i] = (copy.xyz[2 * i] - bounds.min_x) * units;
        copy.xyz[2 * i + 1] = (bounds.max_y - copy.xyz[2 * i + 1]) * units;
    }
    OGRGeometryH made = to_ogr(&copy);
    ct_arena_free(arena);
    if (!OGR_G_IsValid(made)) {
        OGRGeometryH valid = OGR_G_MakeValid(made);
        OGR_G_DestroyGeometry(made);
        made = valid;
    }
    OGRGeometryH frame = frame_ogr(), cut = OGR_G_Intersection(made, frame);
    OGR_G_DestroyGeometry(frame);
    OGR_G_DestroyGeometry(made);
    assert_non_null(cut);
    return cut;
}

static double area_outside(OGRGeometryH g, OGRGeometryH of) {
    OGRGeometryH rest = OGR_G_Difference(g, of);
    assert_non_null(rest);
    const double area = OGR_G_Area(rest);
    OGR_G_DestroyGeometry(rest);
    return area;
}

// A unit, and what the arcs of a buffer lack of a circle's.
#define UNIT 1.01

static void check_directions(const ct_tiles__shape *s) {
    for (uint32_t r = 0; r < s->n_rings; r++) {
        const ct_tiles__ring *ring = &s->rings[r];
        int64_t area = 0;
        for (uint32_t i = ring->begin, j = ring->end - 1; i < ring->end; j = i++)
            area += (int64_t)s->xy[j][0] * s->xy[i][1] - (int64_t)s->xy[i][0] * s->xy[j][1];
        assert_true(ring->hole ? area < 0 : area > 0);
    }
}

static void check_polygon(const ct_tiles__shape *s, const ct_geom *g, ct_tile tile,
                          const char *what) {
    check_directions(s);
    OGRGeometryH made = rings_to_ogr(s), source = source_ogr(g, tile);
    if (!OGR_G_IsValid(made)) {
        char *text = NULL;
        OGR_G_ExportToWkt(made, &text);
        fail_msg("%s: not valid at %u/%u/%u: %.2000s", what, tile.z, tile.y, tile.x, text);
    }
    OGRGeometryH wide = OGR_G_Buffer(source, UNIT, 8), narrow = OGR_G_Buffer(source, -UNIT, 8);
    const double more = area_outside(made, wide), less = area_outside(narrow, made);
    if (more > 1e-6 || less > 1e-6) {
        char *text = NULL, *from = NULL;
        OGR_G_ExportToWkt(made, &text);
        OGR_G_ExportToWkt(source, &from);
        fail_msg("%s: %g too much, %g too little at %u/%u/%u: %.2000s from %.2000s", what, more,
                 less, tile.z, tile.y, tile.x, text, from);
    }
    OGR_G_DestroyGeometry(made);
    OGR_G_DestroyGeometry(source);
    OGR_G_DestroyGeometry(wide);
    OGR_G_DestroyGeometry(narrow);
}

// ---- making shapes
// -------------------------------------------------------------------------------------------
typedef struct bench {
    ct_arena *arena;
    ct_tiles__shape shape;
} bench;

static int setup(void **state) {
    bench *b = calloc(1, sizeof *b);
    b->arena = ct_arena_new(1 << 16, 0);
    assert_non_null(b->arena);
    ok(ct_tiles__shape_init(&b->shape));
    *state = b;
    return 0;
}

static int teardown(void **state) {
    bench *b = *state;
    ct_tiles__shape_fini(&b->shape);
    ct_arena_free(b->arena);
    free(b);
    return 0;
}

// The geometry's part in a tile; nothing (no rings) where it lies beside it.
static void make(bench *b, const ct_geom *g, ct_tile tile) {
    ct_tiles__view view;
    ct_bbox box;
    bool shown;
    assert_true(ct_geom_bbox(&box, g));
    ok(ct_tiles__view_make(&view, &shown, CRS, tile.z < CT_TILES__NEAR_ZOOM ? &box : NULL, tile));
    b->shape.n = b->shape.n_rings = 0;
    if (shown) ok(ct_tiles__shape_make(&b->shape, g, &view));
}

enum { MAX_POINTS = 4096, MAX_RINGS = 256 };

typedef struct maker { // of a multipolygon, in metres from the twin's origin
    double xyz[2 * MAX_POINTS];
    uint32_t ring_end[MAX_RINGS], part_end[MAX_RINGS];
    ct_geom g;
} maker;

static void begin(maker *m) {
    m->g = (ct_geom){CT_GEOM_MULTIPOLYGON, false, 0, 0, 0, m->xyz, m->ring_end, m->part_end};
}

static void add_point(maker *m, double x, double y) {
    assert_true(m->g.n_points < MAX_POINTS);
    m->xyz[2 * m->g.n_points] = EAST + x;
    m->xyz[2 * m->g.n_points++ + 1] = NORTH + y;
}

static void end_ring(maker *m) {
    const uint32_t first = m->g.n_rings ? m->ring_end[m->g.n_rings - 1] : 0;
    add_point(m, m->xyz[2 * first] - EAST, m->xyz[2 * first + 1] - NORTH);
    m->ring_end[m->g.n_rings++] = m->g.n_points;
}

static void end_part(maker *m) {
    m->part_end[m->g.n_parts++] = m->g.n_rings;
}

static void add_box(maker *m, double x, double y, double w, double h) {
    add_point(m, x, y);
    add_point(m, x + w, y);
    add_point(m, x + w, y + h);
    add_point(m, x, y + h);
    end_ring(m);
}

static double draw(uint32_t n, uint32_t step, double low, double high) {
    return ct_rng_range(low, high, 99, n, step, 1);
}

// Each makes one polygon or several of about `size` metres, its details random by n.
static void star(maker *m, uint32_t n, double size) {
    const uint32_t corners = (uint32_t)draw(n, 0, 3, 120);
    for (uint32_t i = 0; i < corners; i++) {
        const double a = 2 * M_PI * i / corners, r = size * draw(n, 10 + i, 0.02, 0.5);
        add_point(m, r * cos(a), r * sin(a));
    }
    end_ring(m);
    end_part(m);
}

static void comb(maker *m, uint32_t n, double size) { // teeth and gaps far thinner than the whole
    const int teeth = (int)draw(n, 0, 2, 60);
    const double w = size / teeth, tooth = w * draw(n, 1, 0.02, 0.98);
    for (int i = 0; i < teeth; i++) {
        add_point(m, i * w, size * draw(n, 100 + (uint32_t)i, 0.1, 1));
        add_point(m, i * w + tooth, size * draw(n, 200 + (uint32_t)i, 0.1, 1));
        add_point(m, i * w + tooth, 0.05 * size);
        add_point(m, (i + 1) * w, 0.05 * size);
    }
    add_point(m, size, 0);
    add_point(m, 0, 0);
    end_ring(m);
    end_part(m);
}

static void sliver(maker *m, uint32_t n, double size) {
    const double a = draw(n, 0, 0, 2 * M_PI), wide = size * draw(n, 1, 1e-6, 0.02);
    add_point(m, 0, 0);
    add_point(m, size * cos(a), size * sin(a));
    add_point(m, size * cos(a) - wide * sin(a), size * sin(a) + wide * cos(a));
    end_ring(m);
    end_part(m);
}

static void holes(maker *m, uint32_t n, double size) { // some so near each other that they meet
    const int side = (int)draw(n, 0, 1, 9);
    const double cell = size / side, hole = cell * draw(n, 1, 0.3, 0.9999);
    add_box(m, 0, 0, size, size);
    for (int i = 0; i < side * side; i++)
        add_box(m, cell * (i % side) + (cell - hole) / 2, cell * (i / side) + (cell - hole) / 2,
                hole, hole);
    end_part(m);
}

static void touching_holes(maker *m, uint32_t n, double size) { // valid: they touch at points
    const double h = size / 4, shift = size * draw(n, 0, 0.1, 0.4);
    add_box(m, 0, 0, size, size);
    add_point(m, 0, size / 2); // on the exterior's west side
    add_point(m, h, size / 2 + h / 3);
    add_point(m, h, size / 2 - h / 3);
    end_ring(m);
    add_point(m, h, size / 2 + h / 3); // at the first hole's corner
    add_point(m, h + shift, size / 2 + h);
    add_point(m, h + shift, size / 2);
    end_ring(m);
    end_part(m);
}

static void chequers(maker *m, uint32_t n, double size) { // parts that touch at corners
    const int side = 2 + (int)draw(n, 0, 0, 8);
    const double cell = size / side, turn = draw(n, 1, 0, 1);
    for (int i = 0; i < side * side; i++) {
        if ((i % side + i / side) % 2) continue;
        const double u = cell * (i % side), v = cell * (i / side);
        const double corner[4][2] = {{u, v}, {u + cell, v}, {u + cell, v + cell}, {u, v + cell}};
        for (int c = 0; c < 4; c++)
            add_point(m, corner[c][0] * cos(turn) - corner[c][1] * sin(turn),
                      corner[c][0] * sin(turn) + corner[c][1] * cos(turn));
        end_ring(m);
        end_part(m);
    }
}

static void islands(maker *m, uint32_t n, double size) { // land in water in land
    double w = size;
    for (int i = 0; i < 6; i++) {
        const double next = w * draw(n, (uint32_t)i, 0.5, 0.999);
        add_box(m, (size - w) / 2, (size - w) / 2, w, w);
        add_box(m, (size - next) / 2, (size - next) / 2, next, next);
        end_part(m);
        w = next * draw(n, 10 + (uint32_t)i, 0.5, 0.999);
    }
}

static void bow_tie(maker *m, uint32_t n, double size) { // not valid as it comes
    add_point(m, 0, 0);
    add_point(m, size, size * draw(n, 0, 0.2, 1));
    add_point(m, size, 0);
    add_point(m, 0, size * draw(n, 1, 0.2, 1));
    end_ring(m);
    end_part(m);
}

static void overlapping(maker *m, uint32_t n, double size) { // parts over each other: not valid
    add_box(m, 0, 0, size, size);
    end_part(m);
    add_box(m, size * draw(n, 0, 0, 1), size * draw(n, 1, 0, 1), size, size);
    end_part(m);
}

static void spiked(maker *m, uint32_t n, double size) { // out and back along the same line
    add_point(m, 0, 0);
    add_point(m, size, 0);
    add_point(m, size * (1 + draw(n, 0, 0.1, 3)), 0);
    add_point(m, size, 0);
    add_point(m, size, size);
    add_point(m, size, size);
    add_point(m, 0, size);
    end_ring(m);
    end_part(m);
}

static void spiral(maker *m, uint32_t n, double size) { // a band whose turns come near each other
    enum { STEPS = 240 };
    const double turns = draw(n, 0, 2, 12), wide = draw(n, 1, 0.2, 0.97);
    for (int side = 0; side < 2; side++)
        for (int k = 0; k <= STEPS; k++) {
            const int i = side ? STEPS - k : k;
            const double a = 2 * M_PI * turns * i / STEPS;
            const double r = size / 2 * (a / (2 * M_PI) + 1 + (side ? wide : 0)) / (turns + 2);
            add_point(m, r * cos(a), r * sin(a));
        }
    end_ring(m);
    end_part(m);
}

typedef struct kind {
    const char *name;
    void (*make)(maker *m, uint32_t n, double size);
} kind;

static const kind k_kinds[] = {{"star", star},
                               {"comb", comb},
                               {"sliver", sliver},
                               {"holes", holes},
                               {"touching holes", touching_holes},
                               {"chequers", chequers},
                               {"islands", islands},
                               {"bow tie", bow_tie},
                               {"overlapping", overlapping},
                               {"spiked", spiked},
                               {"spiral", spiral}};
enum { KINDS = sizeof k_kinds / sizeof *k_kinds, CASES = 10 };

static void hostile_polygons(void **state) {
    bench *b = *state;
    maker *m = calloc(1, sizeof *m);
    uint32_t drawn = 0;
    for (uint32_t k = 0; k < KINDS; k++)
        for (uint32_t n = 0; n < CASES; n++) {
            const uint32_t z = 12 + n % 7;
            // From a few units to several tiles, on both sides of a tile's edge.
            const double size = ct_tile_pixel_m(z, 4096) * exp(draw(n, 1000, log(3), log(12000)));
            begin(m);
            k_kinds[k].make(m, n + 1000 * k, size);
            ct_tile tile = tile_at(size * draw(n, 1001, -0.5, 1), size * draw(n, 1002, -0.5, 1), z);
            make(b, &m->g, tile);
            check_polygon(&b->shape, &m->g, tile, k_kinds[k].name);
            drawn += b->shape.n_rings > 0;
        }
    assert_true(drawn > KINDS * CASES / 3);
    free(m);
}

static void plain_is_not_touched(void **state) { // no repair where nothing is wrong
    bench *b = *state;
    maker *m = calloc(1, sizeof *m);
    begin(m);
    add_box(m, 0, 0, 30, 20);
    add_box(m, 5, 5, 5, 5);
    end_part(m);
    const ct_tile tile = tile_at(10, 10, 16);
    make(b, &m->g, tile);
    assert_int_equal(b->shape.n_rings, 2);
    assert_int_equal(b->shape.rings[0].end - b->shape.rings[0].begin, 4);
    assert_true(!b->shape.rings[0].hole && b->shape.rings[1].hole);
    check_polygon(&b->shape, &m->g, tile, "a house with a court");
    free(m);
}

static void vanishing(void **state) { // smaller than a unit, and a hole of that size
    bench *b = *state;
    maker *m = calloc(1, sizeof *m);
    begin(m);
    add_box(m, 0, 0, 0.1, 0.1);
    end_part(m);
    add_box(m, 10, 0, 50, 50);
    add_box(m, 20, 20, 0.1, 0.1);
    end_part(m);
    make(b, &m->g, tile_at(10, 10, 14));
    assert_int_equal(b->shape.n_rings, 1);
    check_polygon(&b->shape, &m->g, tile_at(10, 10, 14), "vanishing");
    make(b, &m->g, tile_at(0.05, 0.05, 20));
    assert_true(b->shape.n_rings >= 1);
    free(m);
}

// ---- tiles side by side
// --------------------------------------------------------------------------------------
static OGRGeometryH own_square(OGRGeometryH made) { // without the buffer
    OGRGeometryH g = NULL;
    char *text = "POLYGON ((0 0,4096 0,4096 4096,0 4096,0 0))";
    assert_int_equal(OGR_G_CreateFromWkt(&text, NULL, &g), OGRERR_NONE);
    OGRGeometryH cut = OGR_G_Intersection(made, g);
    OGR_G_DestroyGeometry(g);
    assert_non_null(cut);
    return cut;
}

static OGRGeometryH moved(OGRGeometryH g, double x, double y) {
    ct_geom shape;
    ct_arena *arena = ct_arena_new(1 << 16, 0);
    from_ogr(&shape, arena, g);
    for (uint32_t i = 0; i < shape.n_points; i++) {
        shape.xyz[2 * i] += x;
        shape.xyz[2 * i + 1] += y;
    }
    OGRGeometryH out = to_ogr(&shape);
    ct_arena_free(arena);
    return out;
}

// Four tiles around a corner: together, without their buffers, they are the source within a unit,
// so no gap is left between them.
static void neighbours_meet(void **state) {
    bench *b = *state;
    maker *m = calloc(1, sizeof *m);
    for (uint32_t n = 0; n < 4; n++) {
        const uint32_t z = 13 + n % 5;
        const ct_tile first = tile_at(0, 0, z);
        const double tile_m = ct_tile_pixel_m(z, 1) * 0.86;
        begin(m);
        star(m, n, tile_m * 2.5);
        OGRGeometryH all = OGR_G_CreateGeometry(wkbMultiPolygon);
        for (uint32_t i = 0; i < 9; i++) {
            const uint32_t dx = i % 3, dy = i / 3;
            make(b, &m->g, (ct_tile){z, first.x + dx - 1, first.y + dy - 1});
            OGRGeometryH made = rings_to_ogr(&b->shape), own = own_square(made);
            if (!OGR_G_IsEmpty(own)) {
                OGRGeometryH placed = moved(own, 4096 * ((double)dx - 1), 4096 * ((double)dy - 1));
                OGRGeometryH sum = OGR_G_Union(all, placed);
                OGR_G_DestroyGeometry(all);
                OGR_G_DestroyGeometry(placed);
                all = sum;
            }
            OGR_G_DestroyGeometry(made);
            OGR_G_DestroyGeometry(own);
        }
        OGRGeometryH source = source_ogr(&m->g, first); // cut to the middle tile and its buffer
        OGRGeometryH narrow = OGR_G_Buffer(source, -UNIT, 8);
        const double gap = area_outside(narrow, all);
        if (gap > 1e-6) fail_msg("star %u at zoom %u: a gap of %g", n, z, gap);
        OGR_G_DestroyGeometry(source);
        OGR_G_DestroyGeometry(narrow);
        OGR_G_DestroyGeometry(all);
    }
    free(m);
}

// The same corners come out at the same place in both tiles that show them.
static void neighbours_agree(void **state) {
    bench *b = *state;
    maker *m = calloc(1, sizeof *m);
    const uint32_t z = 15;
    const ct_tile west = tile_at(0, 0, z), east = {z, west.x + 1, west.y};
    ct_transform *back;
    ok(ct_transform_get(&back, CT_CRS_MERCATOR, CRS));
    uint32_t seen = 0;
    for (uint32_t n = 0; n < 300; n++) {
        const ct_bbox bounds = ct_tile_bounds_mercator(east);
        double p[2] = {bounds.min_x, draw(n, 0, bounds.min_y + 20, bounds.max_y - 20)};
        ok(ct_transform_points(back, p, 1, 2));
        const double x = p[0] - EAST + draw(n, 1, -8, 0), y = p[1] - NORTH;
        begin(m);
        add_box(m, x, y, draw(n, 2, 3, 10), draw(n, 3, 3, 10));
        end_part(m);
        int32_t corners[4][2];
        make(b, &m->g, west);
        if (b->shape.n != 4) continue;
        memcpy(corners, b->shape.xy, sizeof corners);
        make(b, &m->g, east);
        if (b->shape.n != 4) continue;
        for (int i = 0; i < 4; i++) {
            assert_int_equal(b->shape.xy[i][0], corners[i][0] - 4096);
            assert_int_equal(b->shape.xy[i][1], corners[i][1]);
        }
        seen++;
    }
    assert_true(seen > 200);
    free(m);
}

// ---- lines and points
// ----------------------------------------------------------------------------------------
static void lines_are_split(void **state) {
    bench *b = *state;
    const ct_tile tile = tile_at(0, 0, 17);
    const ct_bbox bounds = ct_tile_bounds_mercator(tile);
    ct_transform *back;
    ok(ct_transform_get(&back, CT_CRS_MERCATOR, CRS));
    // In, out to the east, back in, out to the west; in tile units.
    const double units[6][2] = {{1000, 1000}, {6000, 1000}, {6000, 2000},
                                {500, 2000},  {-900, 2000}, {-900, 3000}};
    double xy[12];
    for (int i = 0; i < 6; i++) {
        xy[2 * i] = bounds.min_x + units[i][0] * ct_tile_pixel_m(17, 4096);
        xy[2 * i + 1] = bounds.max_y - units[i][1] * ct_tile_pixel_m(17, 4096);
    }
    ok(ct_transform_points(back, xy, 6, 2));
    uint32_t ring_end = 6, part_end = 1;
    const ct_geom g = {CT_GEOM_LINESTRING, false, 6, 1, 1, xy, &ring_end, &part_end};
    make(b, &g, tile);
    const int32_t expected[5][2] = {
        {1000, 1000}, {4160, 1000}, {4160, 2000}, {500, 2000}, {-64, 2000}};
    assert_int_equal(b->shape.n_rings, 2);
    assert_int_equal(b->shape.rings[0].end, 2);
    assert_int_equal(b->shape.n, 5);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(b->shape.xy[i][0], expected[i][0]);
        assert_int_equal(b->shape.xy[i][1], expected[i][1]);
    }
    make(b, &g, (ct_tile){17, tile.x, tile.y + 3}); // beside it
    assert_int_equal(b->shape.n_rings, 0);
    make(b, &g, tile_at(0, 0, 1)); // shrunk to a point
    assert_int_equal(b->shape.n_rings, 0);
}

static void random_lines(void **state) { // within a unit of the source, both ways
    bench *b = *state;
    for (uint32_t n = 0; n < 40; n++) {
        enum { POINTS = 40 };
        const uint32_t z = 12 + n % 7;
        const double size = ct_tile_pixel_m(z, 4096) * exp(draw(n, 0, log(10), log(10000)));
        double xy[2 * POINTS];
        for (uint32_t i = 0; i < POINTS; i++) {
            xy[2 * i] = EAST + size * draw(n, 10 + i, -1, 1);
            xy[2 * i + 1] = NORTH + size * draw(n, 100 + i, -1, 1);
        }
        uint32_t ring_end = POINTS, part_end = 1;
        const ct_geom g = {CT_GEOM_LINESTRING, false, POINTS, 1, 1, xy, &ring_end, &part_end};
        const ct_tile tile = tile_at(size * draw(n, 1, -1, 1), size * draw(n, 2, -1, 1), z);
        make(b, &g, tile);
        OGRGeometryH made = OGR_G_CreateGeometry(wkbMultiLineString), source = source_ogr(&g, tile);
        for (uint32_t r = 0; r < b->shape.n_rings; r++) {
            OGRGeometryH line = OGR_G_CreateGeometry(wkbLineString);
            for (uint32_t i = b->shape.rings[r].begin; i < b->shape.rings[r].end; i++)
                OGR_G_AddPoint_2D(line, b->shape.xy[i][0], b->shape.xy[i][1]);
            OGR_G_AddGeometryDirectly(made, line);
        }
        OGRGeometryH near_source = OGR_G_Buffer(source, UNIT, 8),
                     near_made = OGR_G_Buffer(made, 2.5, 8); // pieces under a unit go
        OGRGeometryH more = OGR_G_Difference(made, near_source),
                     less = OGR_G_Difference(source, near_made);
        assert_near(OGR_G_Length(more), 0, 1e-6);
        assert_near(OGR_G_Length(less), 0, 1e-6);
        OGRGeometryH all[] = {made, source, near_source, near_made, more, less};
        for (int i = 0; i < 6; i++) OGR_G_DestroyGeometry(all[i]);
    }
}

static void points_with_buffer(void **state) {
    bench *b = *state;
    const ct_tile tile = tile_at(0, 0, 16);
    const ct_bbox bounds = ct_tile_bounds_mercator(tile);
    const double unit_m = ct_tile_pixel_m(16, 4096);
    ct_transform *back;
    ok(ct_transform_get(&back, CT_CRS_MERCATOR, CRS));
    const struct {
        double x, y;
        bool in;
    } cases[] = {{0, 0, true},      {4095.6, 10, true}, {4159.7, 10, true}, {4160.4, 10, false},
                 {-63.8, 5, true},  {-64.3, 5, false},  {7, -63.8, true},   {7, -64.3, false},
                 {7, 4159.8, true}, {7, 4160.3, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double xy[2] = {bounds.min_x + cases[i].x * unit_m, bounds.max_y - cases[i].y * unit_m};
        ok(ct_transform_points(back, xy, 1, 2));
        uint32_t ring_end = 1, part_end = 1;
        const ct_geom g = {CT_GEOM_POINT, false, 1, 1, 1, xy, &ring_end, &part_end};
        make(b, &g, tile);
        assert_int_equal(b->shape.n_rings, cases[i].in);
        if (!cases[i].in) continue;
        assert_near(b->shape.xy[0][0], cases[i].x, 0.51);
        assert_near(b->shape.xy[0][1], cases[i].y, 0.51);
    }
}

#define with_bench(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        with_bench(plain_is_not_touched), with_bench(vanishing),
        with_bench(hostile_polygons),     with_bench(neighbours_meet),
        with_bench(neighbours_agree),     with_bench(lines_are_split),
        with_bench(random_lines),         with_bench(points_with_buffer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
