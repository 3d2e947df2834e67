// The mathematics of one cell and of one face, for the number of this build: everything that the
// loops of rows.h and of reference.h have in common. (No guard: a template.)
//
// Per cell and direction the surface eta = z + h, the depth h and both velocities have limited
// slopes; the bed at a face is what is left, z + (half slope of eta - half slope of h). Only
// differences of heights are ever taken: those of beds are exact, and both sides of a border
// between tiles find the same bits.
#include "sim/flood/surface/layout.h"

// Half the limited slope (van Leer's monotonised central limiter, J. Comput. Phys. 23, 1977).
CT_INLINE real half_slope(real back, real fore) {
    real highest = real_max(real_min(back, fore), R(0));
    real lowest = real_min(real_max(back, fore), R(0));
    return real_max(real_min(R(0.25) * (back + fore), highest), lowest);
}

// The same of the surface, beside that of the depth. The bed that they leave at a face stays
// between those of its two cells, give or take the shallowest depth. Else a pool between a film on
// higher ground and one on its brim, whose depth has no slope, would have a surface that tilts with
// the films, and its brim would be out of reach of the water pushed against it.
CT_INLINE real surface_slope(real depth_slope, real shallowest, real depth_back, real depth_fore,
                             real bed_back, real bed_fore) {
    real bed = half_slope(depth_back + bed_back, depth_fore + bed_fore) - depth_slope;
    real highest = real_max(real_min(bed_back, bed_fore), R(0)) + shallowest;
    real lowest = real_min(real_max(bed_back, bed_fore), R(0)) - shallowest;
    return depth_slope + real_max(real_min(bed, highest), lowest);
}

typedef struct around {
    real h, u, v, z;
} around;

typedef struct step_constants {
    real dt, ratio; // ratio = dt / cell
    real room;      // 0.99 / ratio: what a cell can lose per unit of depth, m/s
    real portion;   // of a face in what is spare: 1 / faces that may pass something
    real cell;
    real rain; // m
} step_constants;

// A cell half a step on: its state and half slopes along x and y (e: of the surface).
typedef struct forecast {
    real h, u, v;
    real hx, ex, ux, vx;
    real hy, ey, uy, vy;
} forecast;

// What the half step may add, m/s: friction takes from what drives, never more than it. drive: the
// speed gained without friction; loss: what friction would take; share: its implicit factor.
CT_INLINE real driven(real drive, real loss, real share) {
    real gain = (drive - loss) * share;
    return drive > 0 ? real_min(real_max(gain, R(0)), drive)
                     : real_max(real_min(gain, R(0)), drive);
}

// Hancock's half step (van Leer, SIAM J. Sci. Stat. Comput. 5, 1984) in h, u, v. c: the cell;
// w, e, n, s its neighbours; free_x, free_y: no thin wall on a face of that direction. Slopes are
// zero beside dry cells. `rough`: gn2 may be above zero.
CT_INLINE forecast forecast_cell(around c, around w, around e, around n, around s, bool free_x,
                                 bool free_y, real gn2, bool rough, const step_constants *k) {
    const real g = R(CT_FLOOD_GRAVITY), dry = R(CT_FLOOD_DRY_M);
    real least_x = real_min(c.h, real_min(w.h, e.h)), least_y = real_min(c.h, real_min(n.h, s.h));
    bool wet_x = free_x && least_x > dry, wet_y = free_y && least_y > dry;
    forecast f;
    real hw = c.h - w.h, he = e.h - c.h, hn = c.h - n.h, hs = s.h - c.h;
    f.hx = wet_x ? half_slope(hw, he) : R(0);
    f.ex = wet_x ? surface_slope(f.hx, least_x, hw, he, c.z - w.z, e.z - c.z) : R(0);
    f.ux = wet_x ? half_slope(c.u - w.u, e.u - c.u) : R(0);
    f.vx = wet_x ? half_slope(c.v - w.v, e.v - c.v) : R(0);
    f.hy = wet_y ? half_slope(hn, hs) : R(0);
    f.ey = wet_y ? surface_slope(f.hy, least_y, hn, hs, c.z - n.z, s.z - c.z) : R(0);
    f.uy = wet_y ? half_slope(c.u - n.u, s.u - c.u) : R(0);
    f.vy = wet_y ? half_slope(c.v - n.v, s.v - c.v) : R(0);

    // Half a step times a slope over the cell is ratio times the half slope.
    real flow = (c.u * f.hx + c.h * f.ux) + (c.v * f.hy + c.h * f.vy);
    real drive_u = -k->ratio * ((c.u * f.ux + g * f.ex) + c.v * f.uy);
    real drive_v = -k->ratio * (c.u * f.vx + (g * f.ey + c.v * f.vy));
    if (rough) {
        real safe = c.h > dry ? c.h : R(1);
        real r = real_inverse_cbrt(safe), r2 = r * r;
        real loss = k->dt * gn2 * (r2 * r2) * real_sqrt(c.u * c.u + c.v * c.v);
        real share = 1 / (1 + loss); // friction grows with the speed's square: twice half a step
        drive_u = driven(drive_u, R(0.5) * loss * c.u, share);
        drive_v = driven(drive_v, R(0.5) * loss * c.v, share);
    }
    // No face may come out negative.
    f.h = real_max(c.h - k->ratio * flow, real_max(real_abs(f.hx), real_abs(f.hy)));
    f.u = c.u + drive_u;
    f.v = c.v + drive_v;
    return f;
}

// What a cell may lose through one face per second and metre, m2/s; out: its speed towards it. The
// shares of its faces never add up to more than it holds: with |u| + |v| <= room their sum is
// h (|u| + |v|) + h (room - |u| - |v|). Both sides of a face know it, so a flux is cut to what is
// there without a look at the other faces: the draining time of Bollermann, Noelle and Lukacova
// (Commun. Comput. Phys. 10, 2011), made local. spare: of the cell, below.
CT_INLINE real outlet(real h, real out, real spare) {
    return h * real_max(out, R(0)) + spare;
}

CT_INLINE real spare_of(real h, real u, real v, const step_constants *k) {
    return h * (k->portion * real_max(R(0), k->room - (real_abs(u) + real_abs(v))));
}

// narrow: no cell has more than two faces that may pass something, as in one row between walls.
CT_INLINE step_constants constants_of(double dt_s, double cell_m, double rain_m, bool narrow) {
    return (step_constants){.dt = R(dt_s),
                            .ratio = R(dt_s / cell_m),
                            .room = R(0.99 * cell_m / dt_s),
                            .portion = narrow ? R(0.5) : R(0.25),
                            .cell = R(cell_m),
                            .rain = R(rain_m)};
}

typedef struct face_side {
    real h, normal, tangential; // at the face
    real rise;                  // from the bed at the face up to the sill; +infinity: a wall
    real outlet;
} face_side;

typedef struct face_flux {
    real mass;        // m2/s, from left to right
    real left, right; // normal momentum for each side, less g h*2/2 of that side
    real cross;
} face_flux;

// The mirror image's momentum flux less g h2/2, for water of depth h and speed u towards the wall.
CT_INLINE real mirror(real h, real u, real c) {
    return h * u * (u > 0 ? R(1.5) * u + c : c);
}

// Hydrostatic reconstruction and HLLC as in sim/flood/face.h, where the sources are named; the
// fluxes of mass are cut to the outlet, what they carry with them. wet: water stands over the sill
// on both sides; what is told of it spares a third of the work and changes no bit.
CT_INLINE face_flux face(face_side l, face_side r, real cell, bool wet) {
    const real g = R(CT_FLOOD_GRAVITY);
    real over_l = real_max(R(0), l.h - l.rise), over_r = real_max(R(0), r.h - r.rise);
    if (wet) {
        over_l = l.h - l.rise;
        over_r = r.h - r.rise;
    }
    const bool from_l = wet || over_l > 0, from_r = wet || over_r > 0;
    const bool any = wet || over_l + over_r > 0; // else a wall
    real c_l = real_sqrt(g * (any ? over_l : l.h));
    real c_r = real_sqrt(g * (any ? over_r : r.h));
    real u_mid = R(0.5) * (l.normal + r.normal) + (c_l - c_r);
    real c_mid = R(0.5) * (c_l + c_r) + R(0.25) * (l.normal - r.normal);
    real slow = real_min(l.normal - c_l, from_r ? u_mid - c_mid : REAL_INFINITY);
    real fast = real_max(r.normal + c_r, from_l ? u_mid + c_mid : -REAL_INFINITY);
    slow = from_l ? slow : r.normal - 2 * c_r;
    fast = from_r ? fast : l.normal + 2 * c_l;
    slow = real_min(slow, R(0));
    fast = real_max(fast, R(0));

    real share = 1 / (any ? fast - slow : REAL_INFINITY); // through a wall: 0
    real q_l = over_l * l.normal, q_r = over_r * r.normal;
    real push = R(0.5) * g * (over_r - over_l) * (over_r + over_l);
    real both = slow * fast;
    real mass = (fast * q_l - slow * q_r + both * (over_r - over_l)) * share;
    real left =
        (fast * (q_l * l.normal) - slow * (q_r * r.normal + push) + both * (q_r - q_l)) * share;

    face_flux f;
    f.mass = real_max(real_min(mass, l.outlet), -r.outlet);
    left += (f.mass - mass) * (mass > 0 ? l.normal : r.normal);
    f.left = left;
    f.right = left - push;
    f.cross = f.mass * (f.mass > 0 ? l.tangential : r.tangential);
    if (wet) return f;
    f.left = any ? f.left : mirror(l.h, l.normal, c_l);
    f.right = any ? f.right : mirror(r.h, -r.normal, c_r);
    // Chen and Noelle's pull on what stands above a free step down.
    real drop_l = real_max(R(0), r.rise - r.h), drop_r = real_max(R(0), l.rise - l.h);
    f.left -= l.rise > 0 ? R(0) : g * l.h * real_min(drop_l, cell);
    f.right -= r.rise > 0 ? R(0) : g * r.h * real_min(drop_r, cell);
    return f;
}

typedef struct cell_fluxes {
    face_flux west, east, north, south;
} cell_fluxes;

typedef struct moved {
    real h, low, u, v;
    real speed, wave, wild; // wild: 1 where depth or speed is beyond every flood or not a number
} moved;

// The whole step. low: what h, rounded, lacks (Kahan 1965): thin films, rain and slow leaks are not
// lost beside a deep h, and volume is kept. force_x, force_y: g h times the rise of the surface
// over the cell, m2/s2.
CT_INLINE moved move_cell(around c, real low, const cell_fluxes *f, real force_x, real force_y,
                          real gn2, real gain, bool rough, const step_constants *k) {
    const real g = R(CT_FLOOD_GRAVITY), dry = R(CT_FLOOD_DRY_M);
    const real limit = R(CT_FLOOD__SPEED_LIMIT_MS * CT_FLOOD__SPEED_LIMIT_MS);
    real mass = (f->east.mass - f->west.mass) + (f->south.mass - f->north.mass);
    real push_x = (f->east.left - f->west.right) + (f->south.cross - f->north.cross) + force_x;
    real push_y = (f->south.left - f->north.right) + (f->east.cross - f->west.cross) + force_y;
    moved m;
    real added = (k->rain * gain - k->ratio * mass) + low;
    m.h = c.h + added;
    m.low = added - (m.h - c.h);
    real q_x = c.h * c.u - k->ratio * push_x, q_y = c.h * c.v - k->ratio * push_y;
    real per_depth = 1 / (m.h > dry ? m.h : R(1));
    m.u = m.h > dry ? q_x * per_depth : R(0);
    m.v = m.h > dry ? q_y * per_depth : R(0);
    real squared = m.u * m.u + m.v * m.v, speed = real_sqrt(squared);
    if (rough) {
        // Friction, implicit in the speed: with k = dt g n2 / h^(4/3) the new speed s solves
        // s + k s2 = speed (closed form of the point-implicit step: Xia and Liang, Adv. Water
        // Resour. 117, 2018). Stable for any film and step; it never turns the flow round.
        real safe = m.h > dry ? m.h : R(1);
        real r = real_inverse_cbrt(safe), r2 = r * r;
        real keep = 2 / (1 + real_sqrt(1 + 4 * (k->dt * gn2 * (r2 * r2)) * speed));
        m.u *= keep;
        m.v *= keep;
        speed *= keep;
    }
    m.speed = speed;
    m.wave = real_max(real_abs(m.u), real_abs(m.v)) + real_sqrt(g * real_max(m.h, R(0)));
    m.wild = squared <= limit && m.h >= 0 ? R(0) : R(1);
    return m;
}
