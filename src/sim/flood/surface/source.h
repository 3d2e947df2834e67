// Water that is put into cells and taken from them between steps, for the number of this build. (No
// guard: a template.)

static double surface_held(const ct_surface *surface, size_t cell) {
    ptrdiff_t at;
    const tile *t = tile_at((const tiles *)surface, cell, &at);
    return fmax(0, (double)t->h[at] + (double)t->low[at]);
}

// a + b = the sum that is returned + what it lacks, exactly (Knuth's two-sum).
static double two_sum(double a, double b, double *lacks) {
    double sum = a + b, b_kept = sum - a;
    *lacks = (a - (sum - b_kept)) + (b - b_kept);
    return sum;
}

// The depth and its carried rounding after `depth_m` more; all that is there where it is too
// little.
static void add_depth(real *h, real *low, double depth_m) {
    double held = (double)*h + (double)*low;
    if (!(held + depth_m > 0)) {
        *h = *low = 0;
        return;
    }
    double lacks, sum = two_sum((double)*h, depth_m + (double)*low, &lacks);
    *h = R(sum);
    *low = R((sum - (double)*h) + lacks);
}

static double surface_put(ct_surface *surface, size_t cell, double depth_m) {
    ptrdiff_t at;
    tiles *s = (tiles *)surface;
    tile *t = &s->tile[tile_at(s, cell, &at) - s->tile];
    const real h = t->h[at], low = t->low[at], dry = R(CT_FLOOD_DRY_M);
    add_depth(&t->h[at], &t->low[at], depth_m);
    // Water that comes has no momentum, water that goes takes its own.
    real keep = t->h[at] > h ? h / t->h[at] : R(1);
    t->u[at] = t->h[at] > dry ? t->u[at] * keep : R(0);
    t->v[at] = t->h[at] > dry ? t->v[at] * keep : R(0);
    if (t->h[at] > 0) t->wet = true;
    real wave = real_max(real_abs(t->u[at]), real_abs(t->v[at])) +
                real_sqrt(R(CT_FLOOD_GRAVITY) * t->h[at]);
    t->wave_ms = real_max(t->wave_ms, wave);
    return ((double)t->h[at] - (double)h) + ((double)t->low[at] - (double)low);
}
