// What passes between tiles whose steps differ, for the number of this build: common to the loops
// of rows.h and of reference.h; the plan is in levels.h. (No guard: a template.)

// The constants for every row and column: those of the tile, and of the cells beyond its sides.
typedef struct all_constants {
    step_constants own, beyond[CT_FLOOD_SIDES];
} all_constants;

static all_constants constants_for(const SELF(ct_tile_job) * job) {
    all_constants all;
    all.own = constants_of(job->dt_s, job->cell_m, job->rain_m, job->narrow);
    for (int side = 0; side < CT_FLOOD_SIDES; side++) {
        const SELF(ct_beyond) *b = &job->beyond[side];
        all.beyond[side] = all.own;
        if (!b->tell) continue;
        all.beyond[side] = constants_of(b->ahead_s, job->cell_m, 0, job->narrow);
        all.beyond[side].room = R(0.99 * job->cell_m / b->step_s);
    }
    return all;
}

// Tells a longer step what has passed face `entry`: push as its own side has it, whose depth at
// the face was `depth`.
static void tell_beyond(const SELF(ct_beyond) * beyond, ptrdiff_t entry, real mass, real push,
                        real cross, real depth) {
    SELF(ct_border) *b = beyond->tell;
    if (!b->passed) b->face[entry] = (double)depth;
    const double face = b->face[entry], here = (double)depth;
    const double rest = 0.5 * CT_FLOOD_GRAVITY * (here - face) * (here + face);
    b->mass[entry] += beyond->share * (double)mass;
    b->push[entry] += beyond->share * ((double)push + rest);
    b->cross[entry] += beyond->share * (double)cross;
}

// What shorter steps have passed through face `entry` of a tile whose own depth there is `depth`.
// In still water, that depth is the one that they have seen, and each term is zero.
static face_flux told_beyond(const SELF(ct_border) * b, ptrdiff_t entry, real depth) {
    const double face = b->face[entry], here = (double)depth;
    const double rest = 0.5 * CT_FLOOD_GRAVITY * (face - here) * (face + here);
    const real push = R(b->push[entry] + rest);
    return (face_flux){R(b->mass[entry]), push, push, R(b->cross[entry])};
}
