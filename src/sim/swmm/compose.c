// A project file written section by section; curves and series come to the end.
#include "sim/swmm/compose.h"
#include "sim/core/curve.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/swmm/reader.h"

enum { MAX_NAME = 200 };

typedef struct writer {
    const ct_drains_params *p;
    const ct_swmm_options *o;
    const ct_swmm_naming *names;
    ct_diagnostics *findings;
    ct_buf out, curves, series, transects;
    size_t tables;  // numbered on
    double area_m2; // of most junctions
} writer;

static void lacks(const writer *w, const char *name, const char *what) {
    if (w->findings)
        ct_diagnostics_add(w->findings, CT_SEVERITY_WARNING, "swmm-compose", name,
                           "%s: the format has no %s", name, what);
}

// ---- words -------------------------------------------------------------------------------------

static void put_word(ct_buf *out, const char *word) {
    const bool quote = !*word || strpbrk(word, " \t");
    ct_buf_printf(out, quote ? "\"%s\" " : "%s ", word);
}

static void put_number(ct_buf *out, double value) {
    ct_buf_printf(out, "%.17g ", value);
}

static const char *node_name(const writer *w, size_t i, char made[32]) {
    if (w->names && w->names->nodes) return w->names->nodes[i];
    snprintf(made, 32, "N%zu", i + 1);
    return made;
}

static const char *link_name(const writer *w, ct_swmm_link_kind kind, size_t i, char made[32]) {
    if (w->names && w->names->links[kind]) return w->names->links[kind][i];
    snprintf(made, 32, "%c%zu", "CPRWL"[kind], i + 1);
    return made;
}

static void put_node(writer *w, size_t i) {
    char made[32];
    put_word(&w->out, node_name(w, i, made));
}

static void put_link(writer *w, ct_swmm_link_kind kind, size_t i, uint32_t from, uint32_t to) {
    char made[32];
    put_word(&w->out, link_name(w, kind, i, made));
    put_node(w, from);
    put_node(w, to);
}

static void end_line(ct_buf *out) {
    ct_buf_putc(out, '\n');
}

static void put_yes(ct_buf *out, bool yes) {
    ct_buf_puts(out, yes ? "YES " : "NO ");
}

// A new curve; its name goes into the line that is being written.
static void put_curve(writer *w, const ct_drains_curve *c, const char *kind) {
    const size_t number = ++w->tables;
    ct_buf_printf(&w->out, "T%zu ", number);
    for (size_t i = 0; i < c->count; i++) {
        ct_buf_printf(&w->curves, "T%zu %s ", number, i == 0 ? kind : "");
        put_number(&w->curves, c->x[i]);
        put_number(&w->curves, c->y[i]);
        end_line(&w->curves);
    }
}

// H:M:S, of which no bit is lost.
static void put_time(ct_buf *out, double time_s) {
    const double hours = floor(time_s / 3600), rest = time_s - hours * 3600;
    const double minutes = fmin(59, floor(rest / 60));
    ct_buf_printf(out, "%.0f:%02.0f:%.17g ", hours, minutes, rest - minutes * 60);
}

// From the start to the end of the run, between which the format's series must lie.
static void put_series(writer *w, const ct_drains_curve *c) {
    const size_t number = ++w->tables;
    const double end_s = w->o->duration_s;
    ct_buf_printf(&w->out, "T%zu ", number);
    ct_buf_printf(&w->series, "T%zu 0:00 %.17g\n", number,
                  ct_curve_linear(c->x, c->y, c->count, 0));
    for (size_t i = 0; i < c->count; i++) {
        if (c->x[i] <= 0 || c->x[i] >= end_s) continue;
        ct_buf_printf(&w->series, "T%zu ", number);
        put_time(&w->series, c->x[i]);
        put_number(&w->series, c->y[i]);
        end_line(&w->series);
    }
    ct_buf_printf(&w->series, "T%zu ", number);
    put_time(&w->series, end_s);
    put_number(&w->series, ct_curve_linear(c->x, c->y, c->count, end_s));
    end_line(&w->series);
}

// ---- options -----------------------------------------------------------------------------------

static void put_date(ct_buf *out, const char *key, int64_t time_s) {
    const int64_t rest = (time_s % 86400 + 86400) % 86400, days = (time_s - rest) / 86400;
    int year, month, yearday, y, m, first;
    ct_swmm__calendar(days, &year, &month, &yearday);
    int day = 1; // counted back to the month's first
    for (int64_t d = days - 1; ct_swmm__calendar(d, &y, &m, &first), m == month; d--) day++;
    ct_buf_printf(out, "%s_DATE %02d/%02d/%04d\n", key, month, day, year);
    ct_buf_printf(out, "%s_TIME %02d:%02d:%02d\n", key, (int)(rest / 3600), (int)(rest / 60 % 60),
                  (int)(rest % 60));
}

static void put_step(ct_buf *out, const char *key, double step_s) {
    ct_buf_printf(out, "%s ", key);
    put_time(out, step_s);
    end_line(out);
}

static void put_options(writer *w) {
    ct_buf *out = &w->out;
    ct_buf_puts(out, "[OPTIONS]\nFLOW_UNITS CMS\nFLOW_ROUTING DYNWAVE\nLINK_OFFSETS DEPTH\n");
    put_date(out, "START", w->o->start_s);
    put_date(out, "END", w->o->start_s + (int64_t)ceil(w->o->duration_s));
    put_step(out, "REPORT_STEP", w->o->report_step_s);
    put_step(out, "WET_STEP", w->o->wet_step_s);
    put_step(out, "DRY_STEP", w->o->dry_step_s);
    ct_buf_printf(out, "ROUTING_STEP %.17g\n", w->o->routing_step_s);
    ct_buf_printf(out, "ALLOW_PONDING %s\n", w->o->ponding ? "YES" : "NO");
    if (w->area_m2 > 0) ct_buf_printf(out, "MIN_SURFAREA %.17g\n", w->area_m2);
    end_line(out);
}

// ---- nodes -------------------------------------------------------------------------------------

// The depth that gives the rim again when it is added to the invert, where there is one.
static double depth_of(const ct_drains_node *n) {
    double depth = n->rim_m - n->invert_m;
    if (n->invert_m + depth < n->rim_m) depth = nextafter(depth, HUGE_VAL);
    if (n->invert_m + depth > n->rim_m) depth = nextafter(depth, -HUGE_VAL);
    return fmax(0, depth);
}

static void check_top(writer *w, size_t i, double area_m2) {
    char made[32];
    const ct_drains_node *n = &w->p->nodes[i];
    const char *name = node_name(w, i, made);
    if (n->top == CT_DRAINS_SEALED || n->top == CT_DRAINS_COUPLED)
        lacks(w, name, "cover");
    else if (n->top == CT_DRAINS_PONDED && (!w->o->ponding || n->kind == CT_DRAINS_STORAGE))
        lacks(w, name, "ponding here");
    else if (n->top == CT_DRAINS_OPEN && n->opening_m != ct_swmm__opening(area_m2))
        lacks(w, name, "opening of another size than the shaft");
    if (n->kind == CT_DRAINS_JUNCTION && n->area_m2 != w->area_m2)
        lacks(w, name, "shaft of another area than the others");
}

static void put_junction(writer *w, size_t i) {
    const ct_drains_node *n = &w->p->nodes[i];
    const bool ponds = n->top == CT_DRAINS_PONDED;
    put_node(w, i);
    put_number(&w->out, n->invert_m);
    put_number(&w->out, depth_of(n));
    put_number(&w->out, n->depth_m);
    ct_buf_puts(&w->out, "0 ");
    put_number(&w->out, ponds ? n->ponded_area_m2 : 0);
    check_top(w, i, n->area_m2);
}

static void put_outfall(writer *w, size_t i) {
    const ct_drains_node *n = &w->p->nodes[i];
    put_node(w, i);
    put_number(&w->out, n->invert_m);
    if (n->outfall != CT_DRAINS_LEVEL) {
        ct_buf_puts(&w->out, n->outfall == CT_DRAINS_FREE ? "FREE " : "NORMAL ");
    } else if (n->level.count == 1) {
        ct_buf_puts(&w->out, "FIXED ");
        put_number(&w->out, n->level.y[0]);
    } else {
        ct_buf_puts(&w->out, "TIMESERIES ");
        put_series(w, &n->level);
    }
    put_yes(&w->out, n->flap);
}

static void put_storage(writer *w, size_t i) {
    const ct_drains_node *n = &w->p->nodes[i];
    put_node(w, i);
    put_number(&w->out, n->invert_m);
    put_number(&w->out, depth_of(n));
    put_number(&w->out, n->depth_m);
    if (n->area.count > 0) {
        ct_buf_puts(&w->out, "TABULAR ");
        put_curve(w, &n->area, "STORAGE");
    } else {
        ct_buf_puts(&w->out, "FUNCTIONAL ");
        put_number(&w->out, n->area_factor);
        put_number(&w->out, n->area_exponent);
        put_number(&w->out, n->area_base_m2);
    }
    check_top(w, i, ct_swmm__storage_area(n, depth_of(n)));
}

static void put_nodes(writer *w) {
    static const struct {
        ct_drains_node_kind kind;
        const char *section;
        void (*put)(writer *, size_t);
    } kinds[] = {{CT_DRAINS_JUNCTION, "JUNCTIONS", put_junction},
                 {CT_DRAINS_OUTFALL, "OUTFALLS", put_outfall},
                 {CT_DRAINS_STORAGE, "STORAGE", put_storage}};
    for (size_t k = 0; k < 3; k++) {
        ct_buf_printf(&w->out, "[%s]\n", kinds[k].section);
        for (size_t i = 0; i < w->p->node_count; i++) {
            if (w->p->nodes[i].kind != kinds[k].kind) continue;
            kinds[k].put(w, i);
            end_line(&w->out);
        }
        end_line(&w->out);
    }
}

static void put_inflows(writer *w) {
    ct_buf_puts(&w->out, "[INFLOWS]\n");
    for (size_t i = 0; i < w->p->node_count; i++) {
        const ct_drains_node *n = &w->p->nodes[i];
        if (n->kind == CT_DRAINS_OUTFALL || n->inflow.count == 0) continue;
        put_node(w, i);
        ct_buf_puts(&w->out, "FLOW ");
        if (n->inflow.count == 1) {
            ct_buf_puts(&w->out, "\"\" FLOW 1 1 ");
            put_number(&w->out, n->inflow.y[0]);
        } else {
            put_series(w, &n->inflow);
        }
        end_line(&w->out);
    }
    end_line(&w->out);
}

static void put_places(writer *w) {
    if (!w->names || !w->names->places) return;
    ct_buf_puts(&w->out, "[COORDINATES]\n");
    for (size_t i = 0; i < w->p->node_count; i++) {
        const ct_swmm_place *at = &w->names->places[i];
        if (!isfinite(at->x) || !isfinite(at->y)) continue;
        put_node(w, i);
        put_number(&w->out, at->x);
        put_number(&w->out, at->y);
        end_line(&w->out);
    }
    end_line(&w->out);
}

// ---- cross-sections ----------------------------------------------------------------------------

static void put_transect(writer *w, const ct_drains_conduit *c) {
    const ct_drains_section *s = &c->section;
    ct_buf *out = &w->transects;
    const size_t number = ++w->tables;
    ct_buf_printf(&w->out, "IRREGULAR T%zu 0 0 0 ", number);
    ct_buf_puts(out, "NC ");
    put_number(out, s->manning_left > 0 ? s->manning_left : c->manning);
    put_number(out, s->manning_right > 0 ? s->manning_right : c->manning);
    put_number(out, c->manning);
    ct_buf_printf(out, "\nX1 T%zu %zu ", number, s->table.count);
    put_number(out, s->bank_left_m);
    put_number(out, s->bank_right_m);
    ct_buf_puts(out, "0 0 0 0 0\n");
    for (size_t i = 0; i < s->table.count; i++) {
        ct_buf_puts(out, "GR ");
        put_number(out, s->table.y[i]);
        put_number(out, s->table.x[i]);
        end_line(out);
    }
}

static void put_shape(writer *w, const ct_drains_conduit *c) {
    static const char *const names[CT_DRAINS_SHAPES] = {
        "CIRCULAR",   "FILLED_CIRCULAR", "RECT_CLOSED", "RECT_OPEN", "TRAPEZOIDAL",
        "TRIANGULAR", "PARABOLIC",       "POWER",       "EGG",       "HORSESHOE",
        "ARCH",       "HORIZ_ELLIPSE",   "CUSTOM",      "IRREGULAR"};
    const ct_drains_section *s = &c->section;
    ct_buf *out = &w->out;
    if (s->shape == CT_DRAINS_TRANSECT) {
        put_transect(w, c);
        return;
    }
    const bool round = s->shape == CT_DRAINS_CIRCULAR || s->shape == CT_DRAINS_EGG ||
                       s->shape == CT_DRAINS_HORSESHOE;
    const bool sides = s->shape == CT_DRAINS_TRAPEZOIDAL;
    ct_buf_printf(out, "%s ", names[s->shape]);
    put_number(out, s->height_m);
    if (s->shape == CT_DRAINS_CUSTOM) {
        put_curve(w, &s->table, "SHAPE");
        ct_buf_puts(out, "0 0 ");
        return;
    }
    put_number(out, s->shape == CT_DRAINS_FILLED_CIRCULAR ? s->fill_m : round ? 0 : s->width_m);
    put_number(out, sides ? s->slope_left : s->shape == CT_DRAINS_POWER ? s->exponent : 0);
    put_number(out, sides ? s->slope_right : 0);
}

static bool grows(const ct_drains_section *s) {
    static const bool open[CT_DRAINS_SHAPES] = {
        [CT_DRAINS_RECT_OPEN] = true, [CT_DRAINS_TRAPEZOIDAL] = true, [CT_DRAINS_TRIANGULAR] = true,
        [CT_DRAINS_PARABOLIC] = true, [CT_DRAINS_POWER] = true,       [CT_DRAINS_TRANSECT] = true};
    return open[s->shape] && !s->capped;
}

static void put_opening(writer *w, ct_swmm_link_kind kind, size_t i, const char *shape, double a,
                        double b, double c) {
    char made[32];
    put_word(&w->out, link_name(w, kind, i, made));
    ct_buf_printf(&w->out, "%s %.17g %.17g %.17g %.17g\n", shape, a, b, c, c);
}

static void put_weir_opening(writer *w, size_t i) {
    const ct_drains_weir *x = &w->p->weirs[i];
    if (x->kind == CT_DRAINS_WEIR_V_NOTCH)
        put_opening(w, CT_SWMM_WEIR, i, "TRIANGULAR", x->height_m, 2 * x->slope * x->height_m, 0);
    else if (x->kind == CT_DRAINS_WEIR_TRAPEZOIDAL)
        put_opening(w, CT_SWMM_WEIR, i, "TRAPEZOIDAL", x->height_m, x->length_m, x->slope);
    else
        put_opening(w, CT_SWMM_WEIR, i, "RECT_OPEN", x->height_m, x->length_m, 0);
}

static void put_sections(writer *w) {
    char made[32];
    ct_buf_puts(&w->out, "[XSECTIONS]\n");
    for (size_t i = 0; i < w->p->conduit_count; i++) {
        put_word(&w->out, link_name(w, CT_SWMM_CONDUIT, i, made));
        put_shape(w, &w->p->conduits[i]);
        if (grows(&w->p->conduits[i].section))
            lacks(w, link_name(w, CT_SWMM_CONDUIT, i, made), "channel that grows above its banks");
        ct_buf_printf(&w->out, "%u\n", w->p->conduits[i].barrels);
    }
    for (size_t i = 0; i < w->p->orifice_count; i++) {
        const ct_drains_orifice *o = &w->p->orifices[i];
        put_opening(w, CT_SWMM_ORIFICE, i, o->rectangular ? "RECT_CLOSED" : "CIRCULAR", o->height_m,
                    o->rectangular ? o->width_m : 0, 0);
    }
    for (size_t i = 0; i < w->p->weir_count; i++) put_weir_opening(w, i);
    ct_buf_puts(&w->out, "\n[LOSSES]\n");
    for (size_t i = 0; i < w->p->conduit_count; i++) {
        const ct_drains_conduit *c = &w->p->conduits[i];
        put_word(&w->out, link_name(w, CT_SWMM_CONDUIT, i, made));
        put_number(&w->out, c->loss_entry);
        put_number(&w->out, c->loss_exit);
        put_number(&w->out, c->loss_average);
        put_yes(&w->out, c->flap);
        end_line(&w->out);
    }
    end_line(&w->out);
}

// ---- links -------------------------------------------------------------------------------------

static void check_opening(writer *w, ct_swmm_link_kind kind, size_t i, double opening) {
    char made[32];
    if (opening != 1) lacks(w, link_name(w, kind, i, made), "initial opening");
}

static void put_conduits(writer *w) {
    ct_buf_puts(&w->out, "[CONDUITS]\n");
    for (size_t i = 0; i < w->p->conduit_count; i++) {
        const ct_drains_conduit *c = &w->p->conduits[i];
        put_link(w, CT_SWMM_CONDUIT, i, c->from, c->to);
        put_number(&w->out, c->length_m);
        put_number(&w->out, c->manning);
        put_number(&w->out, c->offset_from_m);
        put_number(&w->out, c->offset_to_m);
        put_number(&w->out, c->flow_m3s);
        ct_buf_puts(&w->out, "0\n");
    }
    end_line(&w->out);
}

static void put_pumps(writer *w) {
    static const char *const kinds[] = {"PUMP1", "PUMP2", "PUMP3", "PUMP4"};
    ct_buf_puts(&w->out, "[PUMPS]\n");
    for (size_t i = 0; i < w->p->pump_count; i++) {
        const ct_drains_pump *p = &w->p->pumps[i];
        put_link(w, CT_SWMM_PUMP, i, p->from, p->to);
        if (p->kind == CT_DRAINS_PUMP_IDEAL)
            ct_buf_puts(&w->out, "* ");
        else
            put_curve(w, &p->curve, kinds[p->kind]);
        ct_buf_puts(&w->out, p->stopped ? "OFF " : "ON ");
        put_number(&w->out, p->on_m);
        put_number(&w->out, p->off_m);
        end_line(&w->out);
    }
    end_line(&w->out);
}

static void put_orifices(writer *w) {
    ct_buf_puts(&w->out, "[ORIFICES]\n");
    for (size_t i = 0; i < w->p->orifice_count; i++) {
        const ct_drains_orifice *o = &w->p->orifices[i];
        put_link(w, CT_SWMM_ORIFICE, i, o->from, o->to);
        ct_buf_puts(&w->out, o->bottom ? "BOTTOM " : "SIDE ");
        put_number(&w->out, o->offset_m);
        put_number(&w->out, o->coefficient);
        put_yes(&w->out, o->flap);
        ct_buf_puts(&w->out, "0\n");
        check_opening(w, CT_SWMM_ORIFICE, i, o->opening);
    }
    end_line(&w->out);
}

static void put_weirs(writer *w) {
    static const char *const kinds[] = {"TRANSVERSE", "SIDEFLOW", "V-NOTCH", "TRAPEZOIDAL"};
    ct_buf_puts(&w->out, "[WEIRS]\n");
    for (size_t i = 0; i < w->p->weir_count; i++) {
        const ct_drains_weir *x = &w->p->weirs[i];
        put_link(w, CT_SWMM_WEIR, i, x->from, x->to);
        ct_buf_printf(&w->out, "%s ", kinds[x->kind]);
        put_number(&w->out, x->offset_m);
        put_number(&w->out, x->coefficient);
        put_yes(&w->out, x->flap);
        ct_buf_printf(&w->out, "%u ", x->contractions);
        put_number(&w->out, x->coefficient_end);
        ct_buf_puts(&w->out, "YES\n");
        check_opening(w, CT_SWMM_WEIR, i, x->opening);
    }
    end_line(&w->out);
}

static void put_outlets(writer *w) {
    ct_buf_puts(&w->out, "[OUTLETS]\n");
    for (size_t i = 0; i < w->p->outlet_count; i++) {
        const ct_drains_outlet *o = &w->p->outlets[i];
        put_link(w, CT_SWMM_OUTLET, i, o->from, o->to);
        put_number(&w->out, o->offset_m);
        ct_buf_puts(&w->out, o->curve.count > 0 ? "TABULAR/" : "FUNCTIONAL/");
        ct_buf_puts(&w->out, o->by_head ? "HEAD " : "DEPTH ");
        if (o->curve.count > 0) {
            put_curve(w, &o->curve, "RATING");
        } else {
            put_number(&w->out, o->factor);
            put_number(&w->out, o->exponent);
        }
        put_yes(&w->out, o->flap);
        end_line(&w->out);
        check_opening(w, CT_SWMM_OUTLET, i, o->opening);
    }
    end_line(&w->out);
}

// ------------------------------------------------------------------------------------------------

static ct_err check_name(const char *name) {
    if (strlen(name) <= MAX_NAME && !strpbrk(name, "\";\r\n") && *name != '[' && *name)
        return CT_OK;
    return ct_fail(CT_ARG, "\"%.60s\" is no name that a project file can hold", name);
}

static ct_err check_title(const char *title) {
    if (title[strcspn(title, "\r\n")]) return ct_fail(CT_ARG, "the title is more than one line");
    if (title[strspn(title, " \t")] != '[') return CT_OK;
    return ct_fail(CT_ARG, "the title begins with [, as a section does");
}

// Names of nodes, and of links of all kinds, that nobody has yet, in any case of letters.
typedef struct taken {
    ct_swmm__reader keys;
    ct_strmap *nodes, *links;
} taken;

static ct_err take_name(taken *t, ct_strmap *map, const char *name) {
    size_t other;
    CT_TRY(check_name(name));
    if (!ct_swmm__name_get(&other, map, name)) return ct_swmm__name_put(&t->keys, map, name, 0);
    return ct_fail(CT_ARG, "\"%.60s\" is the name of two (in any case of letters)", name);
}

static ct_err take_names(const writer *w, taken *t) {
    char made[32];
    for (size_t i = 0; i < w->p->node_count; i++)
        CT_TRY(take_name(t, t->nodes, node_name(w, i, made)));
    const ct_drains_params *p = w->p;
    const size_t counts[] = {p->conduit_count, p->pump_count, p->orifice_count, p->weir_count,
                             p->outlet_count};
    for (int k = 0; k < CT_SWMM_LINK_KINDS; k++)
        for (size_t i = 0; i < counts[k]; i++)
            CT_TRY(take_name(t, t->links, link_name(w, (ct_swmm_link_kind)k, i, made)));
    return CT_OK;
}

static ct_err check_names(const writer *w) {
    if (w->names && w->names->title) CT_TRY(check_title(w->names->title));
    ct_arena *arena = ct_arena_new((size_t)1 << 16, 0);
    taken t = {.keys = {.arena = arena},
               .nodes = ct_strmap_new(w->p->node_count),
               .links = ct_strmap_new(w->p->conduit_count)};
    const ct_err err = arena && t.nodes && t.links ? take_names(w, &t) : CT_NOMEM;
    ct_strmap_free(t.nodes);
    ct_strmap_free(t.links);
    ct_arena_free(arena);
    return err;
}

static void put_table(writer *w, const char *section, ct_buf *table) {
    ct_buf_printf(&w->out, "[%s]\n", section);
    if (table->len > 0) ct_buf_put(&w->out, table->data, table->len);
    end_line(&w->out);
    if (w->out.err == CT_OK) w->out.err = table->err;
}

static void put_all(writer *w) {
    if (w->names && w->names->title) ct_buf_printf(&w->out, "[TITLE]\n%s\n\n", w->names->title);
    put_options(w);
    put_nodes(w);
    put_conduits(w);
    put_pumps(w);
    put_orifices(w);
    put_weirs(w);
    put_outlets(w);
    put_sections(w);
    put_inflows(w);
    put_table(w, "TRANSECTS", &w->transects);
    put_table(w, "CURVES", &w->curves);
    put_table(w, "TIMESERIES", &w->series);
    put_places(w);
    if (w->p->exchange_count > 0) lacks(w, "exchanges", "exchange with a surface");
}

ct_err ct_swmm_compose(ct_swmm_document **out, const char *name, const ct_drains_params *params,
                       const ct_swmm_options *options, const ct_swmm_naming *naming,
                       ct_diagnostics *findings) {
    writer w = {.p = params, .o = options, .names = naming, .findings = findings};
    ct_buf *const bufs[] = {&w.out, &w.curves, &w.series, &w.transects};
    CT_TRY(check_names(&w));
    for (size_t i = 0; i < 4; i++) ct_buf_init(bufs[i], CT_SWMM_MAX_BYTES);
    for (size_t i = 0; i < params->node_count && w.area_m2 == 0; i++)
        if (params->nodes[i].kind == CT_DRAINS_JUNCTION) w.area_m2 = params->nodes[i].area_m2;
    put_all(&w);
    ct_err err = ct_buf_status(&w.out);
    if (err == CT_OK) err = ct_swmm_parse(out, name, w.out.data, w.out.len);
    for (size_t i = 0; i < 4; i++) ct_buf_fini(bufs[i]);
    return err;
}
