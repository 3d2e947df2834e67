// Thin walls of a surface, for the number of this build: their memory and their crests. A tile has
// crests as soon as some wall stands in it or beside it; without a wall they change no bit. (No
// guard: a template.)

static bool room_for_walls(tile *t) {
    if (t->crest_x) return true;
    size_t n = array_of(t);
    real *block = ct_alloc_aligned(64, 2 * n * sizeof *block);
    if (!block) return false;
    for (size_t i = 0; i < 2 * n; i++) block[i] = -REAL_INFINITY;
    t->crest_x = block + CT_TILE_ORIGIN;
    t->crest_y = block + n + CT_TILE_ORIGIN;
    return true;
}

static void free_walls(tile *t) {
    if (t->crest_x) ct_free(t->crest_x - CT_TILE_ORIGIN); // y lies in its block
}

static double sill_at(const void *sills, size_t face) {
    double sill_m;
    memcpy(&sill_m, (const char *)sills + face * sizeof sill_m, sizeof sill_m);
    return sill_m;
}

// The sill of the face on the left (along_x) or upper side of a cell where a thin wall makes it
// higher than both beds; else -infinity. Edges of the model and buildings need none.
static double wall_m(const tiles *s, const tile *t, const ct_surface_walls *w, place c,
                     bool along_x) {
    size_t x = c.cell % s->nx, y = c.cell / s->nx;
    if (!c.inside || (along_x ? x : y) == 0) return -HUGE_VAL;
    size_t before = along_x ? c.cell - 1 : c.cell - s->nx;
    if (w->blocked && (w->blocked[c.cell] || w->blocked[before])) return -HUGE_VAL;
    double sill_m =
        along_x ? sill_at(w->sill_x, y * ((size_t)s->nx + 1) + x) : sill_at(w->sill_y, c.cell);
    return sill_m > fmax(w->z_m[c.cell], w->z_m[before]) ? sill_m - t->datum_m : -HUGE_VAL;
}

static bool has_walls(const tiles *s, const tile *t, const ct_surface_walls *w) {
    for (ptrdiff_t j = -1; j < (ptrdiff_t)t->ny + CT_TILE_HALO; j++) {
        for (ptrdiff_t i = -1; i < (ptrdiff_t)t->nx + CT_TILE_HALO; i++) {
            place c = place_of(s, t, j, i);
            if (wall_m(s, t, w, c, true) > -HUGE_VAL) return true;
            if (wall_m(s, t, w, c, false) > -HUGE_VAL) return true;
        }
    }
    return false;
}

static ct_err surface_room_for_walls(ct_surface *surface, const ct_surface_walls *walls) {
    tiles *s = (tiles *)surface;
    for (size_t n = 0; n < (size_t)s->across * s->down; n++) {
        tile *t = &s->tile[n];
        if (!t->crest_x && has_walls(s, t, walls) && !room_for_walls(t)) return CT_NOMEM;
    }
    return CT_OK;
}

// Where there is no room there is no wall.
static void set_walls(tiles *s, const ct_surface_walls *walls) {
    for (size_t n = 0; n < (size_t)s->across * s->down; n++) {
        tile *t = &s->tile[n];
        if (!t->crest_x) continue;
        for (ptrdiff_t j = -1; j < (ptrdiff_t)t->ny + CT_TILE_HALO; j++) {
            for (ptrdiff_t i = -1; i < (ptrdiff_t)t->nx + CT_TILE_HALO; i++) {
                place c = place_of(s, t, j, i);
                t->crest_x[c.at] = R(wall_m(s, t, walls, c, true));
                t->crest_y[c.at] = R(wall_m(s, t, walls, c, false));
            }
        }
    }
}

// The tiles that know a face, up to four: those with the cell on its right or below among their own
// cells, one before them or two behind.
typedef struct tile_range {
    size_t column, row, end_column, end_row;
} tile_range;

static tile_range that_know(const tiles *s, size_t x, size_t y) {
    tile_range r = {x < 2 ? 0 : (x - 2) / CT_TILE_SIDE, y < 2 ? 0 : (y - 2) / CT_TILE_SIDE,
                    (x + 1) / CT_TILE_SIDE + 1, (y + 1) / CT_TILE_SIDE + 1};
    if (r.end_column > s->across) r.end_column = s->across;
    if (r.end_row > s->down) r.end_row = s->down;
    return r;
}

static ct_err surface_set_crest(ct_surface *surface, bool along_x, size_t face, double crest_m) {
    tiles *s = (tiles *)surface;
    const size_t width = along_x ? (size_t)s->nx + 1 : s->nx, x = face % width, y = face / width;
    const tile_range r = that_know(s, x, y);
    // Room for all of them first: a wall that only one side knows would lose water.
    for (size_t row = r.row; row < r.end_row && !isnan(crest_m); row++) {
        for (size_t column = r.column; column < r.end_column; column++) {
            if (!room_for_walls(&s->tile[row * s->across + column])) return CT_NOMEM;
        }
    }
    for (size_t row = r.row; row < r.end_row; row++) {
        for (size_t column = r.column; column < r.end_column; column++) {
            tile *t = &s->tile[row * s->across + column];
            real *crests = along_x ? t->crest_x : t->crest_y;
            if (!crests) continue;
            ptrdiff_t i = (ptrdiff_t)x - (ptrdiff_t)t->x0, j = (ptrdiff_t)y - (ptrdiff_t)t->y0;
            crests[j * CT_TILE_STRIDE + i] =
                isnan(crest_m) ? -REAL_INFINITY : R(crest_m - t->datum_m);
        }
    }
    return CT_OK;
}
