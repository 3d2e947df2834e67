// The laws of connections: discharges from the levels on both sides and what is set. Where a law
// has an infinite slope it is made straight close by (sim/core/opening.h).
#include <math.h>

#include "sim/core/opening.h"
#include "sim/storage/state.h"

static const double dry_m = 0.01; // within this depth a pump slows down

static double root_two_g(void) {
    return sqrt(2 * CT_STORAGE_GRAVITY);
}

// Over a sill without a soffit.
static double weir(const ct_storage_connection *c, double sill, double up, double down) {
    const double h = up - sill;
    if (!(h > 0)) return 0;
    return c->weir_coefficient * c->width_m * h * sqrt(h) * ct_drowned((down - sill) / h);
}

// Through a rectangle from the sill to a height, full or not.
static double orifice(const ct_storage_connection *c, double sill, double height, double up,
                      double down) {
    const double h = up - sill, wet_m = fmin(h, height);
    if (!(wet_m > 0)) return 0;
    const double drop = h - fmax(down - sill, 0.5 * wet_m);
    return c->orifice_coefficient * c->width_m * wet_m * root_two_g() * ct_root(drop);
}

// From a sill up to the soffit of an opening.
static double through(const ct_storage_connection *c, double sill, double up, double down) {
    const double over = weir(c, sill, up, down);
    if (c->height_m == 0) return over;
    return fmin(over, orifice(c, sill, c->sill_m + c->height_m - sill, up, down));
}

static double leak(const ct_storage_connection *c, double sill, double up, double down) {
    return c->orifice_coefficient * c->leak_m2 * root_two_g() * ct_root(up - fmax(down, sill));
}

static double opening(const ct_storage_connection *c, double setting, double crest, double sill,
                      double up, double down) {
    const double open = through(c, sill, up, down);
    double q = setting * open;
    // What is closed never passes more than what is open.
    if (c->leak_m2 > 0 && setting < 1) q += (1 - setting) * fmin(open, leak(c, sill, up, down));
    return crest > sill ? fmin(q, through(c, crest, up, down)) : q;
}

static double shaft(const ct_storage_connection *c, double sill, double up, double down) {
    const double drop = up - fmax(down, sill);
    const double hole = c->orifice_coefficient * c->area_m2 * root_two_g() * ct_root(drop);
    return fmin(weir(c, sill, up, down), hole);
}

// The share of a free sluice's discharge that a tailwater of depth d leaves (Swamee 1992), straight
// near equal depths.
static double sluice_share(double h, double d, double open_m) {
    const double over = d > 0 ? 0.81 * d * pow(d / open_m, 0.72) - h : -1;
    if (!(over > 0)) return 1;
    const double straight_m = 1e-4, drop = fmax(0, h - d);
    const double share = 1 / (1 + 0.32 * pow(over / fmax(drop, straight_m), 0.7));
    return share * fmin(1, drop / straight_m);
}

static double gate(const ct_storage_connection *c, double setting, double sill, double up,
                   double down) {
    const double open_m = c->sill_m + setting * c->height_m - sill, h = up - sill;
    if (!(open_m > 0) || !(h > 0)) return 0;
    const double jet_m = c->orifice_coefficient * open_m;
    const double free = c->width_m * jet_m * root_two_g() * sqrt(h / (1 + jet_m / h));
    return fmin(weir(c, sill, up, down), free * sluice_share(h, down - sill, open_m));
}

static double pump(const ct_storage *s, size_t index, double up, double down, double floor_m) {
    const ct_storage__connection *c = &s->connections[index];
    const double depth_m = up - floor_m;
    if (!(s->setting_now[index] > 0) || !(depth_m > 0)) return 0;
    const double lift_m = fmax(down, c->what.outlet_m) - up;
    return s->setting_now[index] * ct_curve_at(&c->curve, lift_m) * fmin(1, depth_m / dry_m);
}

static double one_way(const ct_storage *s, size_t index, bool back, double up, double down,
                      double floor_m) {
    const ct_storage_connection *c = &s->connections[index].what;
    const double sill = fmax(c->sill_m, floor_m), setting = s->setting_now[index];
    switch (c->kind) {
    case CT_STORAGE_OPENING: return opening(c, setting, s->crest_now[index], sill, up, down);
    case CT_STORAGE_ORIFICE:
        return setting * orifice(c, sill, c->sill_m + c->height_m - sill, up, down);
    case CT_STORAGE_SHAFT: return setting * shaft(c, sill, up, down);
    case CT_STORAGE_CULVERT:
        return setting * ct_storage__culvert_flow(&s->connections[index], back, up, down, floor_m);
    case CT_STORAGE_GATE: return gate(c, setting, sill, up, down);
    case CT_STORAGE_PUMP: return pump(s, index, up, down, floor_m);
    case CT_STORAGE_KINDS: break;
    }
    return 0;
}

double ct_storage__discharge(const ct_storage *s, size_t connection, double a, double b,
                             double floor_a, double floor_b) {
    const ct_storage_connection *c = &s->connections[connection].what;
    // A hole lies over both floors, whatever its sill says: it lets through alike both ways.
    if (c->kind != CT_STORAGE_PUMP && c->kind != CT_STORAGE_CULVERT)
        floor_a = floor_b = fmax(floor_a, floor_b);
    if (a >= b || c->kind == CT_STORAGE_PUMP) return one_way(s, connection, false, a, b, floor_a);
    return c->flap ? 0 : -one_way(s, connection, true, b, a, floor_b);
}

void ct_storage__settle(ct_storage *s, double time_s) {
    for (size_t i = 0; i < s->outside_count; i++) {
        const double by_hand = s->live.outside[i];
        s->outside_now[i] = !isnan(by_hand)            ? by_hand
                            : s->outsides[i].count > 0 ? ct_curve_at(&s->outsides[i], time_s)
                                                       : -HUGE_VAL;
    }
    for (size_t i = 0; i < s->connection_count; i++) {
        const ct_storage__connection *c = &s->connections[i];
        const double setting = s->live.setting[i], crest = s->live.crest[i];
        const double planned = c->setting.count > 0 ? ct_curve_at(&c->setting, time_s) : 1;
        s->setting_now[i] = isnan(setting) ? planned * s->live.runs[i] : setting;
        s->crest_now[i] = !isnan(crest)        ? crest
                          : c->crest.count > 0 ? ct_curve_at(&c->crest, time_s)
                                               : -HUGE_VAL;
    }
}

void ct_storage__pumps_switch(ct_storage *s) {
    for (size_t i = 0; i < s->connection_count; i++) {
        const ct_storage__connection *c = &s->connections[i];
        if (c->what.kind != CT_STORAGE_PUMP || c->what.on_m == c->what.off_m) continue;
        const double level = c->a >= 0 ? s->live.level[c->a] : s->outside_now[-1 - c->a];
        if (level >= c->what.on_m) {
            s->live.runs[i] = 1;
        } else if (level <= c->what.off_m) {
            s->live.runs[i] = 0;
        }
    }
}
