// What lies round a tile, for the number of this build: the cells of its neighbours and, beyond
// edges of the model, how ground and water go on. (No guard: a template.)

// Cells of an edge of the model in the tile's arrays, and the step from them to the outside.
typedef struct edge_walk {
    ptrdiff_t count;
    const uint8_t *told;
    ptrdiff_t first, along, out; // places in the tile's arrays
} edge_walk;

// reach 0: of its own cells; 1: of those beside them too. count 0: the edge is not there.
static edge_walk walk_of(const tiles *s, const tile *t, int side, ptrdiff_t reach) {
    const bool upright = side <= CT_FLOOD_RIGHT,
               low = side == CT_FLOOD_LEFT || side == CT_FLOOD_TOP;
    const ptrdiff_t x0 = t->x0, y0 = t->y0, nx = t->nx, ny = t->ny;
    const ptrdiff_t all_x = s->nx, all_y = s->ny, row = CT_TILE_STRIDE;
    ptrdiff_t edge = upright ? (low ? 0 : all_x - 1) - x0 : (low ? 0 : all_y - 1) - y0;
    if (edge < -reach || edge >= (upright ? nx : ny) + reach) return (edge_walk){0};
    ptrdiff_t start = upright ? y0 : x0, first = start - reach;
    ptrdiff_t end = start + (upright ? ny : nx) + reach, all = upright ? all_y : all_x;
    if (first < 0) first = 0;
    if (end > all) end = all;
    ptrdiff_t along = upright ? row : 1, inwards = upright ? 1 : row;
    return (edge_walk){end - first, s->rim[side].told + first,
                       edge * inwards + (first - start) * along, along, low ? -inwards : inwards};
}

// Where ground and water go on beyond an edge, the halo has the cell's own water, on ground that
// goes on as it came. Beyond the cells beside the tile too: their slopes are part of the fluxes
// between tiles, which both sides must find alike.
static void go_on(const tiles *s, tile *t, bool ground) {
    for (int side = 0; side < CT_FLOOD_SIDES; side++) {
        edge_walk w = walk_of(s, t, side, 1);
        for (ptrdiff_t k = 0; k < w.count; k++) {
            if (w.told[k] != CT_SURFACE_GOES_ON) continue;
            ptrdiff_t at = w.first + k * w.along, to = at + w.out, back = at - w.out;
            t->h[to] = t->h[at];
            t->u[to] = t->u[at];
            t->v[to] = t->v[at];
            bool comes = t->z[back] < R(CT_TILE_BLOCKED_M);
            if (ground) t->z[to] = comes ? 2 * t->z[at] - t->z[back] : t->z[at];
        }
    }
}

// A halo's width, by far the most frequent, without a call.
static inline void copy_cells(real *to, const real *from, ptrdiff_t n) {
    if (n == CT_TILE_HALO) {
        memcpy(to, from, CT_TILE_HALO * sizeof *to);
    } else {
        memcpy(to, from, (size_t)n * sizeof *to);
    }
}

// Cells of a tile's halo that lie d_j, d_i tiles away, in rows j0 to j1 and columns i0 to i1, and
// whose they are: place `at` here is at + shift there.
typedef struct halo_range {
    const tile *from; // NULL = there is none; the range is empty
    ptrdiff_t j0, j1, i0, i1, shift;
} halo_range;

static halo_range halo_of(const tiles *s, const tile *t, int d_j, int d_i) {
    ptrdiff_t row = (ptrdiff_t)(t->y0 / CT_TILE_SIDE) + d_j;
    ptrdiff_t column = (ptrdiff_t)(t->x0 / CT_TILE_SIDE) + d_i;
    if (row < 0 || column < 0 || row >= s->down || column >= s->across || (!d_j && !d_i))
        return (halo_range){0};
    const tile *from = &s->tile[row * s->across + column];
    const ptrdiff_t nx = t->nx, ny = t->ny, halo = CT_TILE_HALO;
    ptrdiff_t j0 = d_j < 0 ? -halo : (d_j > 0 ? ny : 0);
    ptrdiff_t j1 = d_j < 0 ? 0 : (d_j > 0 ? ny + halo : ny);
    ptrdiff_t i0 = d_i < 0 ? -halo : (d_i > 0 ? nx : 0);
    ptrdiff_t i1 = d_i < 0 ? 0 : (d_i > 0 ? nx + halo : nx);
    if (j1 > j0 + from->ny) j1 = j0 + from->ny; // it may be one cell wide
    if (i1 > i0 + from->nx) i1 = i0 + from->nx;
    ptrdiff_t shift =
        -(ptrdiff_t)d_j * CT_TILE_SIDE * CT_TILE_STRIDE - (ptrdiff_t)d_i * CT_TILE_SIDE;
    return (halo_range){from, j0, j1, i0, i1, shift};
}

// Copies them; returns whether some of it is wet.
static bool take_over(const tiles *s, tile *t, int d_j, int d_i) {
    const halo_range r = halo_of(s, t, d_j, d_i);
    bool wet = false;
    for (ptrdiff_t j = r.j0; j < r.j1; j++) {
        ptrdiff_t to = j * CT_TILE_STRIDE + r.i0, at = to + r.shift, n = r.i1 - r.i0;
        copy_cells(t->h + to, r.from->h + at, n);
        copy_cells(t->u + to, r.from->u + at, n);
        copy_cells(t->v + to, r.from->v + at, n);
        for (ptrdiff_t i = 0; i < n; i++) wet = wet || t->h[to + i] > 0;
    }
    return wet;
}

static bool at_told_edge(const tiles *s, const tile *t) {
    for (int side = 0; side < CT_FLOOD_SIDES; side++) {
        edge_walk w = walk_of(s, t, side, 0);
        for (ptrdiff_t k = 0; k < w.count; k++) {
            if (w.told[k]) return true;
        }
    }
    return false;
}

static void exchange(void *context, size_t index) {
    tiles *s = context;
    tile *t = &s->tile[index];
    bool wet = t->wet || (t->rains && s->rain_m > 0);
    for (int d_j = -1; d_j <= 1; d_j++) {
        for (int d_i = -1; d_i <= 1; d_i++) {
            if ((d_j || d_i) && take_over(s, t, d_j, d_i)) wet = true;
        }
    }
    t->active = wet || at_told_edge(s, t);
    if (t->active) go_on(s, t, false);
}
