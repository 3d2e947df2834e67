// [XSECTIONS]: cross-sections of conduits, openings of orifices and weirs.
#include <math.h>
#include <string.h>

#include "sim/swmm/reader.h"

static ct_err bad(const ct_swmm__reader *r, const ct_swmm_line *line, const char *what) {
    return ct_swmm_fail(r->document, line, CT_PARSE, "%s: %s", line->words[0], what);
}

// ---- force mains -------------------------------------------------------------------------------

// The Manning that loses as much in a full pipe, at the slope that it lies on: of Hazen-Williams
// V = 0.849 C R^0.63 S^0.54, of Darcy-Weisbach with the friction of a rough wall (roughness e):
// 1 / sqrt(f) = 2 log10(3.7 D / e).
static double equivalent_manning(const ct_swmm__reader *r, const ct_drains_conduit *c,
                                 double diameter, double roughness) {
    const double radius = diameter / 4;
    if (r->net->options.darcy) {
        const double f = pow(2 * log10(3.7 * diameter / roughness), -2);
        return sqrt(f / (8 * CT_DRAINS_GRAVITY)) * pow(radius, 1.0 / 6);
    }
    const double fall = fabs(r->nodes[c->from].invert_m + c->offset_from_m -
                             r->nodes[c->to].invert_m - c->offset_to_m);
    const double slope = fmax(1e-3, fall / c->length_m);
    return pow(radius, 2.0 / 3 - 0.63) * pow(slope, 0.5 - 0.54) / (0.849 * roughness);
}

static ct_err force_main(ct_swmm__reader *r, const ct_swmm_line *line, ct_drains_conduit *c,
                         const double g[4]) {
    const double diameter = g[0] * r->units.length_m;
    // a roughness height is in inches or mm
    const double rough = r->net->options.darcy ? g[1] * r->units.rain_m : g[1];
    c->section = (ct_drains_section){.shape = CT_DRAINS_CIRCULAR, .height_m = diameter};
    if (!(diameter > 0 && rough > 0) || (r->net->options.darcy && rough > diameter))
        return bad(r, line, "a force main needs a diameter and its roughness");
    c->manning = equivalent_manning(r, c, diameter, rough);
    ct_swmm__tell(r, line, "swmm-force-main", "%s: taken with a Manning of %.4g", line->words[0],
                  c->manning);
    return CT_OK;
}

// ---- named shapes ------------------------------------------------------------------------------

static ct_err ellipse(ct_swmm__reader *r, const ct_swmm_line *line, ct_drains_section *s,
                      const double g[4], bool standing) {
    const double unit = r->units.length_m;
    double minor, major;
    s->shape = CT_DRAINS_ELLIPSE;
    s->height_m = g[0] * unit;
    s->width_m = g[1] * unit;
    // a size code: by itself, or behind the dimensions
    const double code = g[2] > 0 ? g[2] : g[1] == 0 ? g[0] : 0;
    if (code == 0) return CT_OK;
    if (!ct_swmm__standard_ellipse(code, &minor, &major))
        return bad(r, line, "there is no standard ellipse of that number");
    s->height_m = standing ? major : minor;
    s->width_m = standing ? minor : major;
    return CT_OK;
}

static ct_err arch(ct_swmm__reader *r, const ct_swmm_line *line, ct_drains_section *s,
                   const double g[4]) {
    const double unit = r->units.length_m, code = g[2] > 0 ? g[2] : g[1] == 0 ? g[0] : 0;
    s->shape = CT_DRAINS_ARCH;
    s->height_m = g[0] * unit;
    s->width_m = g[1] * unit;
    if (code > 0 && !ct_swmm__standard_arch(code, &s->height_m, &s->width_m))
        return bad(r, line, "there is no standard arch of that number");
    return CT_OK;
}

static const struct {
    const char *name;
    ct_drains_shape shape;
} k_plain[] = {
    {"CIRCULAR", CT_DRAINS_CIRCULAR},
    {"FILLED_CIRCULAR", CT_DRAINS_FILLED_CIRCULAR},
    {"RECT_CLOSED", CT_DRAINS_RECT_CLOSED},
    {"RECT_OPEN", CT_DRAINS_RECT_OPEN},
    {"TRAPEZOIDAL", CT_DRAINS_TRAPEZOIDAL},
    {"TRIANGULAR", CT_DRAINS_TRIANGULAR},
    {"PARABOLIC", CT_DRAINS_PARABOLIC},
    {"POWER", CT_DRAINS_POWER},
    {"EGG", CT_DRAINS_EGG},
    {"HORSESHOE", CT_DRAINS_HORSESHOE},
};

static bool plain(const ct_swmm__reader *r, const char *shape, ct_drains_section *s,
                  const double g[4]) {
    const double unit = r->units.length_m;
    for (size_t i = 0; i < sizeof k_plain / sizeof *k_plain; i++) {
        if (!ct_swmm__is(shape, k_plain[i].name)) continue;
        *s = (ct_drains_section){.shape = k_plain[i].shape, .height_m = g[0] * unit};
        if (s->shape == CT_DRAINS_FILLED_CIRCULAR)
            s->fill_m = g[1] * unit;
        else
            s->width_m = g[1] * unit;
        if (s->shape == CT_DRAINS_POWER) s->exponent = g[2];
        if (s->shape == CT_DRAINS_TRAPEZOIDAL) {
            s->slope_left = g[2];
            s->slope_right = g[3];
        }
        return true;
    }
    return false;
}

// ---- shapes by tables --------------------------------------------------------------------------

static ct_err profile(ct_swmm__reader *r, const ct_swmm_line *line, ct_drains_conduit *c,
                      const ct_swmm__profiles *all, const char *what) {
    size_t index;
    const char *name = ct_swmm__word(line, 2);
    if (!*name || !ct_swmm__name_get(&index, all->map, name)) {
        return ct_swmm_fail(r->document, line, CT_PARSE, "%s: there is no %s \"%.60s\"",
                            line->words[0], what, name);
    }
    c->section = all->profiles[index].section;
    if (all->profiles[index].manning > 0) c->manning = all->profiles[index].manning;
    return CT_OK;
}

// Height and a curve of width over depth, both over the height.
static ct_err custom(ct_swmm__reader *r, const ct_swmm_line *line, ct_drains_conduit *c) {
    double height;
    const ct_swmm__table *t;
    CT_TRY(ct_swmm__number(&height, r, line, 2, "height"));
    CT_TRY(ct_swmm__curve(&t, r, line, 3, "SHAPE"));
    size_t n = 0;
    double *x = ct_arena_calloc(r->arena, 2 * (t->count + 2), sizeof *x), *y = x + t->count + 2;
    if (!x) return CT_NOMEM;
    if (t->x[0] > 0) y[n++] = t->y[0]; // from the bottom ...
    for (size_t i = 0; i < t->count; i++) {
        if (t->x[i] < 0 || t->x[i] > 1) break;
        x[n] = t->x[i];
        y[n++] = t->y[i];
    }
    if (n > 0 && x[n - 1] < 1) { // ... to the top
        x[n] = 1;
        y[n] = y[n - 1];
        n++;
    }
    c->section = (ct_drains_section){.shape = CT_DRAINS_CUSTOM, .height_m = height};
    c->section.height_m *= r->units.length_m;
    c->section.table = (ct_drains_curve){n, x, y};
    return n >= 2 ? CT_OK : bad(r, line, "its curve has no depths between 0 and 1");
}

// ------------------------------------------------------------------------------------------------

static ct_err numbers(double g[4], const ct_swmm__reader *r, const ct_swmm_line *line) {
    for (size_t i = 0; i < 4; i++)
        CT_TRY(ct_swmm__number_or(&g[i], r, line, 2 + i, 0, "dimension"));
    return CT_OK;
}

// What flows in flows out at once: a pipe too short to hold much, too wide and smooth to hold back.
static void make_dummy(ct_swmm__reader *r, const ct_swmm_line *line, ct_drains_conduit *c) {
    r->dummies[c - r->conduits] = true;
    c->section = (ct_drains_section){.shape = CT_DRAINS_CIRCULAR, .height_m = 3};
    c->length_m = 1;
    c->manning = 0;
    ct_swmm__find(r, line, "swmm-dummy",
                  "%s: a dummy is computed as a smooth pipe, 1 m long and 3 m high: it holds up to "
                  "7 m3, and water that stands below it stands above it too",
                  line->words[0]);
}

static ct_err shape_of(ct_swmm__reader *r, const ct_swmm_line *line, ct_drains_conduit *c) {
    double g[4];
    bool known;
    const char *shape = line->words[1];
    if (ct_swmm__is(shape, "IRREGULAR")) return profile(r, line, c, &r->transects, "transect");
    if (ct_swmm__is(shape, "STREET")) return profile(r, line, c, &r->streets, "street");
    if (ct_swmm__is(shape, "CUSTOM")) return custom(r, line, c);
    CT_TRY(numbers(g, r, line));
    if (plain(r, shape, &c->section, g)) return CT_OK;
    if (ct_swmm__is(shape, "FORCE_MAIN")) return force_main(r, line, c, g);
    if (ct_swmm__is(shape, "HORIZ_ELLIPSE")) return ellipse(r, line, &c->section, g, false);
    if (ct_swmm__is(shape, "VERT_ELLIPSE")) return ellipse(r, line, &c->section, g, true);
    if (ct_swmm__is(shape, "ARCH")) return arch(r, line, &c->section, g);
    if (ct_swmm__is(shape, "DUMMY")) {
        make_dummy(r, line, c);
        return CT_OK;
    }
    const ct_err err = ct_swmm__shape(&c->section, &known, r, shape, g);
    if (err == CT_RANGE) return bad(r, line, "its radius is less than half its width");
    if (err == CT_OK && !known) {
        return ct_swmm_fail(r->document, line, CT_PARSE, "%s: \"%.40s\" is no shape",
                            line->words[0], shape);
    }
    return err;
}

static ct_err of_conduit(ct_swmm__reader *r, const ct_swmm_line *line, ct_drains_conduit *c) {
    double barrels;
    CT_TRY(ct_swmm__need(r, line, 3));
    CT_TRY(shape_of(r, line, c));
    c->section.capped = true; // as SWMM has it
    const bool named =
        ct_swmm__is(line->words[1], "IRREGULAR") || ct_swmm__is(line->words[1], "STREET");
    CT_TRY(ct_swmm__number_or(&barrels, r, line, 6, 1, "number of barrels"));
    if (barrels == 0 || (named && line->count < 7)) barrels = 1;
    if (!(barrels >= 1 && barrels <= 1000 && barrels == floor(barrels)))
        return bad(r, line, "its barrels are not a number from 1 to 1000");
    c->barrels = (uint32_t)barrels;
    double culvert;
    CT_TRY(ct_swmm__number_or(&culvert, r, line, 7, 0, "culvert code"));
    if (culvert > 0) {
        ct_swmm__find(r, line, "swmm-culvert",
                      "%s: a culvert's inlet does not limit it; its losses do", line->words[0]);
    }
    return CT_OK;
}

static ct_err of_orifice(ct_swmm__reader *r, const ct_swmm_line *line, ct_drains_orifice *o) {
    double g[4];
    CT_TRY(numbers(g, r, line));
    o->rectangular = ct_swmm__is(ct_swmm__word(line, 1), "RECT_CLOSED");
    if (!o->rectangular && !ct_swmm__is(ct_swmm__word(line, 1), "CIRCULAR"))
        return bad(r, line, "an orifice is CIRCULAR or RECT_CLOSED");
    o->height_m = g[0] * r->units.length_m;
    o->width_m = g[1] * r->units.length_m;
    return CT_OK;
}

static ct_err of_weir(ct_swmm__reader *r, const ct_swmm_line *line, ct_drains_weir *w) {
    double g[4];
    const char *shape = ct_swmm__word(line, 1);
    const double unit = r->units.length_m;
    CT_TRY(numbers(g, r, line));
    w->height_m = g[0] * unit;
    w->length_m = g[1] * unit;
    if (w->kind == CT_DRAINS_WEIR_V_NOTCH) {
        if (!ct_swmm__is(shape, "TRIANGULAR")) return bad(r, line, "a V-notch is TRIANGULAR");
        if (!(g[0] > 0)) return bad(r, line, "its height is not positive");
        w->slope = g[1] / 2 / g[0];
        return CT_OK;
    }
    if (w->kind == CT_DRAINS_WEIR_TRAPEZOIDAL) {
        if (!ct_swmm__is(shape, "TRAPEZOIDAL"))
            return bad(r, line, "a trapezoidal weir is TRAPEZOIDAL");
        w->slope = (g[2] + g[3]) / 2;
        return CT_OK;
    }
    if (ct_swmm__is(shape, "RECT_OPEN") || ct_swmm__is(shape, "RECT_CLOSED")) return CT_OK;
    return bad(r, line, "the weir is RECT_OPEN");
}

static ct_err take_section(ct_swmm__reader *r, const ct_swmm_line *line) {
    ct_swmm_link_kind kind;
    uint32_t index;
    if (!ct_swmm_find_link(&kind, &index, r->net, line->words[0])) {
        return ct_swmm_fail(r->document, line, CT_PARSE, "there is no link \"%.60s\"",
                            line->words[0]);
    }
    if (r->sectioned[kind][index]) return bad(r, line, "it has a section already");
    r->sectioned[kind][index] = true;
    switch (kind) {
    case CT_SWMM_CONDUIT: return of_conduit(r, line, &r->conduits[index]);
    case CT_SWMM_ORIFICE: return of_orifice(r, line, &r->orifices[index]);
    case CT_SWMM_WEIR: return of_weir(r, line, &r->weirs[index]);
    case CT_SWMM_PUMP:
    case CT_SWMM_OUTLET:
    case CT_SWMM_LINK_KINDS: break;
    }
    return CT_OK; // the others have none; what stands here is kept
}

ct_err ct_swmm__read_sections(ct_swmm__reader *r) {
    static const ct_swmm_link_kind need[] = {CT_SWMM_CONDUIT, CT_SWMM_ORIFICE, CT_SWMM_WEIR};
    for (size_t at = 0;;) {
        const ct_swmm_line *line = ct_swmm__next(r, CT_SWMM_XSECTIONS, &at);
        if (!line) break;
        CT_TRY(take_section(r, line));
    }
    for (size_t k = 0; k < sizeof need / sizeof *need; k++) {
        for (size_t i = 0, n = ct_swmm_link_count(r->net, need[k]); i < n; i++) {
            if (r->sectioned[need[k]][i]) continue;
            return bad(r, &r->lines[r->net->links[need[k]][i].line],
                       "it has no section in [XSECTIONS]");
        }
    }
    return CT_OK;
}
