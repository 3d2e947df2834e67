// Local time steps, for the number of this build. (No guard: a template.)
//
// A stretch of time, between two moments at which all tiles stand at one time, is cut in halves
// for each tile until the step that is left is within what its own waves allow: those of its cells
// and of the two cells round it, so that border cells are as safe as any. Beside each other and
// across corners, steps that start differ by 4 at most (2 where a step may cross most of a cell): a
// wave from farther away does not reach the border within the longer one. Within a stretch a tile
// may halve its step at the end of each, when waves have grown by more than LOOSE; it lengthens it
// at the next stretch only. One that is halved while its neighbour is under way may so fall further
// behind it: volume and depths are safe as ever, but the neighbour's border cells answer late. A
// stretch hangs on the state and the time asked for alone, so that a restart between two finds the
// same.
//
// Order. Short steps go first. A tile that starts a step copies the cells round it (exchange),
// those of a neighbour within a longer step as they were when that began: no state is ever ahead of
// the time of the tiles that look at it. Tiles whose steps end now then move, the shortest steps
// before the longer ones. The flux through a border is worked out by the tile of the shorter step,
// each time afresh, with half steps of the cells beyond reaching on to the middle of its own step
// (linear in time, from slopes, as Hancock's); it tells its neighbour (ct_border), which takes the
// sum for its own flux when its step ends. So nothing is ever corrected: volume is kept to
// rounding, and no cell lets out more than it holds, because each flux is cut to what the cell of
// the longer step has for that face in the whole of it (cell.h, outlet: a rate). Tiles of equal
// steps both work their border out, as ever.
//
// Still water: each flux told is zero but for g h2/2 of the face's depth, told less that of the
// first one told (ct_border, face): zero to the bit.
//
// Dry tiles (idle) look round at each tick, the end of the shortest step under way, and start with
// what they chose at the stretch's begin, halved until it fits in. While one is idle nothing passes
// its borders: the two cells round it are dry.
//
// Rain falls evenly in a stretch; sources pour and edges tell at the start of each step of the
// tile; arrivals are booked at the end of each.

// A stretch is 2^20 units long. Steps never get to one unit: a wave a hundred thousand times as
// fast is beyond the watchdog's limit before.
enum { WHOLE = 1 << 20 };
// Waves may grow by that within a stretch before its step is halved.
#define LOOSE 1.1

static void surface_begin(ct_surface *surface, double stretch_s, double rain_m, double cfl) {
    tiles *s = (tiles *)surface;
    s->stretch_s = stretch_s;
    s->rain_m = rain_m;
    // Cells may lose what they hold as long as |u| + |v| is within cell / step (cell.h, outlet).
    s->loose_m = fmax(cfl, fmin(LOOSE * cfl, s->narrow ? 0.99 : 0.495)) * s->cell_m;
    // A wave in other precision must not halve the shortest step.
    s->strict_m = fmin((1 + 1e-6) * cfl * s->cell_m, s->loose_m);
    s->most_ratio = s->loose_m > 0.5 * s->cell_m ? 2 : 4;
    s->now = 0;
    for (size_t i = 0; i < (size_t)s->across * s->down; i++) {
        tile *t = &s->tile[i];
        t->begun = t->span = 0;
        t->idle = false;
        t->raised_ms = 0;
    }
}

// The tile so many rows and columns away; NULL = beyond an edge of the model.
static const tile *neighbour(const tiles *s, const tile *t, int rows, int columns) {
    const int64_t row = (int64_t)(t->y0 / CT_TILE_SIDE) + rows,
                  column = (int64_t)(t->x0 / CT_TILE_SIDE) + columns;
    if (row < 0 || column < 0 || row >= s->down || column >= s->across) return NULL;
    return &s->tile[row * s->across + column];
}

// The one beyond a side.
static const tile *beside(const tiles *s, const tile *t, int side) {
    switch (side) {
    case CT_FLOOD_LEFT: return neighbour(s, t, 0, -1);
    case CT_FLOOD_RIGHT: return neighbour(s, t, 0, 1);
    case CT_FLOOD_TOP: return neighbour(s, t, -1, 0);
    default: return neighbour(s, t, 1, 0);
    }
}

static void surface_raise(ct_surface *surface, size_t cell, double wave_ms) {
    tiles *s = (tiles *)surface;
    ptrdiff_t at;
    tile *t = &s->tile[tile_at(s, cell, &at) - s->tile];
    t->raised_ms = fmax(t->raised_ms, wave_ms);
}

static double surface_starts(const ct_surface *surface, size_t cell) {
    const tiles *s = (const tiles *)surface;
    ptrdiff_t at;
    const tile *t = tile_at(s, cell, &at);
    return t->starts ? s->stretch_s * t->span / WHOLE : 0;
}

// The fastest wave of n cells from place `at` on.
static real wave_along(const tile *t, ptrdiff_t at, ptrdiff_t n) {
    real wave = 0;
    for (ptrdiff_t i = at; i < at + n; i++) {
        const real speed = real_max(real_abs(t->u[i]), real_abs(t->v[i]));
        wave = real_max(wave, speed + real_sqrt(R(CT_FLOOD_GRAVITY) * t->h[i]));
    }
    return wave;
}

static real wave_within(const tile *t) {
    real wave = 0;
    for (ptrdiff_t j = 0; t->wet && j < (ptrdiff_t)t->ny; j++) {
        wave = real_max(wave, wave_along(t, j * CT_TILE_STRIDE, (ptrdiff_t)t->nx));
    }
    return wave;
}

// Of the cells round a tile, in its neighbours.
static real wave_around(const tiles *s, const tile *t) {
    real wave = 0;
    for (int n = 0; n < 9; n++) {
        const halo_range r = halo_of(s, t, n / 3 - 1, n % 3 - 1);
        for (ptrdiff_t j = r.j0; j < r.j1; j++) {
            wave = real_max(wave,
                            wave_along(r.from, j * CT_TILE_STRIDE + r.i0 + r.shift, r.i1 - r.i0));
        }
    }
    return wave;
}

// The longest step that a tile may start now.
static void find_step(void *context, size_t index) {
    const tiles *s = context;
    tile *t = &s->tile[index];
    t->starts = s->now == 0 || t->idle || t->begun + t->span == s->now;
    if (!t->starts) return;
    if (s->now == 0) t->wave_ms = wave_within(t);
    const double own_ms = t->idle ? 0 : (double)t->wave_ms;
    const double wave_ms = fmax(fmax(t->raised_ms, own_ms), (double)wave_around(s, t));
    const double limit_s =
        (s->now == 0 ? s->strict_m : s->loose_m) / fmax(wave_ms, CT_FLOOD__WAVE_FLOOR_MS);
    t->raised_ms = 0;
    if (s->now == 0) t->first = WHOLE;
    uint32_t span = t->idle || s->now == 0 ? t->first : t->span;
    while (span > 1 && (s->now % span || s->stretch_s * span / WHOLE > limit_s)) span /= 2;
    t->span = span;
}

// Halves the steps that start beside much shorter ones; whether there was one.
static bool even_out(tiles *s) {
    bool halved = false;
    for (size_t i = 0; i < (size_t)s->across * s->down; i++) {
        tile *t = &s->tile[i];
        if (!t->starts) continue;
        for (int k = 0; k < 9; k++) {
            const tile *n = neighbour(s, t, k / 3 - 1, k % 3 - 1);
            while (n && t->span > s->most_ratio * n->span) {
                t->span /= 2;
                halved = true;
            }
        }
    }
    return halved;
}

static void surface_choose(ct_surface *surface) {
    tiles *s = (tiles *)surface;
    const size_t count = (size_t)s->across * s->down;
    ct_pool_run(s->pool, count, find_step, s);
    while (even_out(s)) continue;
    for (size_t i = 0; s->now == 0 && i < count; i++) s->tile[i].first = s->tile[i].span;
}

static void exchange_if_starting(void *context, size_t index) {
    tiles *s = context;
    tile *t = &s->tile[index];
    if (!t->starts) return;
    exchange(s, index);
    t->idle = !t->active;
    t->begun = s->now;
    for (int side = 0; side < CT_FLOOD_SIDES; side++) {
        SELF(ct_border) *b = &t->border[side];
        if (b->passed) memset(b, 0, sizeof *b);
    }
}

// What lies beyond a side of a tile that moves.
static SELF(ct_beyond) beyond(const tiles *s, const tile *t, int side) {
    const double unit_s = s->stretch_s / WHOLE;
    const tile *n = beside(s, t, side);
    SELF(ct_beyond) b = {0};
    if (t->border[side].passed) b.told = &t->border[side];
    if (!n || n->idle || n->span <= t->span) return b;
    b.tell = &n->border[side ^ 1];
    b.share = (double)t->span / n->span;
    b.step_s = unit_s * n->span;
    b.ahead_s = unit_s * (2 * (t->begun - n->begun) + t->span);
    return b;
}

static void move_listed(void *context, size_t index) {
    const tiles *s = context;
    const tile *t = &s->tile[s->list[index]];
    SELF(ct_beyond) sides[CT_FLOOD_SIDES];
    for (int side = 0; side < CT_FLOOD_SIDES; side++) sides[side] = beyond(s, t, side);
    const double share = (double)t->span / WHOLE;
    move_by(s, s->list[index], s->stretch_s * share, s->rain_m * share, sides);
    for (int side = 0; side < CT_FLOOD_SIDES; side++) {
        if (sides[side].tell) sides[side].tell->passed = true;
    }
}

// Lists the tiles whose steps of that span end; those that are in others' way have moved.
static void list_ending(tiles *s, uint32_t span) {
    s->listed = 0;
    for (size_t i = 0; i < (size_t)s->across * s->down; i++) {
        const tile *t = &s->tile[i];
        if (!t->idle && t->span == span && t->begun + span == s->next) {
            s->list[s->listed++] = (uint32_t)i;
        }
    }
}

// Sets the next tick; returns the spans that end there, or'ed: they are powers of two.
static uint32_t find_next(tiles *s) {
    uint32_t spans = 0;
    s->next = WHOLE;
    for (size_t i = 0; i < (size_t)s->across * s->down; i++) {
        const tile *t = &s->tile[i];
        if (t->idle || t->begun + t->span > s->next) continue;
        if (t->begun + t->span < s->next) spans = 0;
        s->next = t->begun + t->span;
        spans |= t->span;
    }
    return spans;
}

static ct_surface_found surface_go(ct_surface *surface, double *passed_s) {
    tiles *s = (tiles *)surface;
    const size_t count = (size_t)s->across * s->down;
    ct_surface_found found = {0, 0};
    ct_pool_run(s->pool, count, exchange_if_starting, s);
    const uint32_t spans = find_next(s);
    for (uint32_t span = 1; span <= spans; span *= 2) {
        if (!(spans & span)) continue;
        list_ending(s, span);
        ct_pool_run(s->pool, s->listed, move_listed, s);
        s->tile_steps += s->listed;
        for (size_t i = 0; i < s->listed; i++) found.wild += s->tile[s->list[i]].wild;
    }
    for (size_t i = 0; i < count; i++) {
        if (!s->tile[i].idle) found.wave_ms = fmax(found.wave_ms, (double)s->tile[i].wave_ms);
    }
    s->now = s->next;
    *passed_s = s->now == WHOLE ? s->stretch_s : s->stretch_s * s->now / WHOLE;
    return found;
}
