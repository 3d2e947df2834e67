// [INFLOWS], [DWF] and runoff: all that flows into a node from outside, as one series.
//
// A node's sources are functions that are linear or in steps between their own times. Where one of
// them has a point or a step, the sum has one; a step is a ramp of STEP_S.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sim/core/curve.h"
#include "sim/core/sum.h"
#include "sim/swmm/reader.h"

#define STEP_S     0.01
#define MAX_POINTS 1000000u // of one node: what the engine takes

typedef enum source_kind { INFLOW, DRY, RUNOFF } source_kind;

typedef struct source {
    source_kind kind;
    uint32_t node;
    size_t line;
    const ct_swmm__table *series; // NULL = none; linear, nothing before and behind it
    double series_factor;         // to m3/s
    double base;                  // m3/s
    bool patterned;
    const ct_swmm__pattern *patterns[CT_SWMM__PATTERN_KINDS]; // of the base; NULL = none
} source;

typedef struct sources {
    ct_swmm__reader *r;
    source *list;
    size_t count;
} sources;

// The last of each kind counts.
static ct_err find_patterns(sources *all, const ct_swmm_line *line, size_t word, source *s) {
    for (size_t i = word; i < line->count && i < word + 4; i++) {
        size_t index;
        if (!ct_swmm__has(line, i)) continue;
        if (!ct_swmm__name_get(&index, all->r->pattern_map, line->words[i])) {
            return ct_swmm_fail(all->r->document, line, CT_PARSE,
                                "%s: there is no pattern \"%.60s\"", line->words[0],
                                line->words[i]);
        }
        const ct_swmm__pattern *pattern = &all->r->patterns[index];
        s->patterns[pattern->kind] = pattern;
        s->patterned = true;
    }
    return CT_OK;
}

static ct_err begin(sources *all, const ct_swmm_line *line, source_kind kind, source *s,
                    bool *flow) {
    *s = (source){.kind = kind, .line = ct_swmm__index(all->r, line)};
    CT_TRY(ct_swmm__need(all->r, line, 3));
    if (!ct_swmm_find_node(&s->node, all->r->net, line->words[0])) {
        return ct_swmm_fail(all->r->document, line, CT_PARSE, "there is no node \"%.60s\"",
                            line->words[0]);
    }
    *flow = ct_swmm__is(line->words[1], "FLOW");
    if (!*flow)
        ct_swmm__tell(all->r, line, "swmm-quality", "%s: the inflow of %.60s is kept only",
                      line->words[0], line->words[1]);
    if (*flow && all->r->nodes[s->node].kind == CT_DRAINS_OUTFALL) {
        ct_swmm__find(all->r, line, "swmm-inflow", "%s: what flows into an outfall is left out",
                      line->words[0]);
        *flow = false;
    }
    return CT_OK;
}

// Node FLOW series FLOW units-factor scale baseline pattern
static ct_err take_inflow(sources *all, const ct_swmm_line *line) {
    source s;
    bool flow;
    double scale;
    CT_TRY(begin(all, line, INFLOW, &s, &flow));
    if (!flow) return CT_OK;
    if (ct_swmm__has(line, 2)) CT_TRY(ct_swmm__one_series(&s.series, all->r, line, 2));
    CT_TRY(ct_swmm__number_or(&scale, all->r, line, 5, 1, "scale factor"));
    CT_TRY(ct_swmm__number_or(&s.base, all->r, line, 6, 0, "baseline"));
    CT_TRY(find_patterns(all, line, 7, &s));
    s.series_factor = scale * all->r->units.flow_m3s;
    s.base *= all->r->units.flow_m3s;
    all->list[all->count++] = s;
    return CT_OK;
}

// Node FLOW average patterns
static ct_err take_dry(sources *all, const ct_swmm_line *line) {
    source s;
    bool flow;
    CT_TRY(begin(all, line, DRY, &s, &flow));
    if (!flow) return CT_OK;
    CT_TRY(ct_swmm__number(&s.base, all->r, line, 2, "average flow"));
    CT_TRY(find_patterns(all, line, 3, &s));
    s.base *= all->r->units.flow_m3s;
    all->list[all->count++] = s;
    return CT_OK;
}

// ---- the sum -----------------------------------------------------------------------------------

// A weekend's hours take the place of the others.
static double base_at(const sources *all, const source *s, double time_s) {
    double value = s->base;
    if (!s->patterned) return value;
    const bool weekend = s->patterns[CT_SWMM__WEEKEND] && ct_swmm__is_weekend(all->r, time_s);
    for (int k = 0; k < CT_SWMM__PATTERN_KINDS; k++) {
        if (!s->patterns[k] || (k == CT_SWMM__HOURLY && weekend)) continue;
        value *= ct_swmm__factor_at(all->r, s->patterns[k], time_s);
    }
    return value;
}

static double series_at(const ct_swmm__table *t, double time_s) {
    if (time_s < t->x[0] || time_s > t->x[t->count - 1]) return 0;
    return ct_curve_linear(t->x, t->y, t->count, time_s);
}

static double value_at(const sources *all, const source *first, const source *end, double time_s,
                       bool with_runoff) {
    double sum = 0;
    for (const source *s = first; s < end; s++) {
        if (s->kind == RUNOFF && !with_runoff) continue;
        sum += base_at(all, s, time_s);
        if (s->series) sum += s->series_factor * series_at(s->series, time_s);
    }
    return sum;
}

static int by_value(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

// Times at which one of the sources has a point: a step at t has one just before it too.
static ct_err gather_times(const sources *all, const source *first, const source *end,
                           double **times, size_t *count) {
    const double duration = all->r->net->options.duration_s;
    const int64_t start = all->r->net->options.start_s;
    const double to_hour = (double)((3600 - (start % 3600 + 3600) % 3600) % 3600);
    bool patterns = false;
    size_t most = 2;
    for (const source *s = first; s < end; s++) {
        patterns |= s->patterned;
        if (s->series) most += s->series->count + 2;
    }
    if (patterns) most += 2 * (size_t)(duration / 3600 + 2);
    if (most > MAX_POINTS) {
        return ct_swmm_fail(all->r->document, &all->r->lines[first->line], CT_LIMIT,
                            "the inflow has %zu points in time, more than %u", most, MAX_POINTS);
    }
    double *t = ct_alloc(most * sizeof *t);
    if (!t) return CT_NOMEM;
    size_t n = 0;
    t[n++] = 0;
    for (const source *s = first; s < end; s++) {
        if (!s->series) continue;
        const double *x = s->series->x;
        const size_t last = s->series->count - 1;
        t[n++] = x[0] - STEP_S;
        for (size_t i = 0; i <= last; i++) t[n++] = x[i];
        t[n++] = x[last] + STEP_S;
    }
    for (int64_t k = 0; patterns && to_hour + 3600.0 * (double)k <= duration; k++) {
        const double hour = to_hour + 3600.0 * (double)k;
        t[n++] = hour - STEP_S;
        t[n++] = hour;
    }
    qsort(t, n, sizeof *t, by_value);
    size_t kept = 1;
    for (size_t i = 1; i < n; i++)
        if (t[i] > t[kept - 1]) t[kept++] = t[i];
    *times = t;
    *count = kept;
    return CT_OK;
}

// The volume over the run of what is not runoff, linear between the times.
static double other_volume(const sources *all, const source *first, const source *end,
                           const double *times, size_t count) {
    const double duration = all->r->net->options.duration_s;
    double t = times[0], q = value_at(all, first, end, t, false);
    ct_sum sum = {0};
    for (size_t i = 1; i < count; i++) {
        const double t1 = times[i], q1 = value_at(all, first, end, t1, false);
        const double from = fmax(t, 0), until = fmin(t1, duration);
        const double middle = ((from + until) / 2 - t) / (t1 - t);
        if (until > from) ct_sum_add(&sum, (q * (1 - middle) + q1 * middle) * (until - from));
        t = t1;
        q = q1;
    }
    ct_sum_add(&sum, q * fmax(0, duration - fmax(t, 0))); // the end holds
    return ct_sum_value(&sum);
}

static ct_err sum_up(const sources *all, const source *first, const source *end) {
    double *times = NULL;
    size_t count = 0, n = 0;
    CT_TRY(gather_times(all, first, end, &times, &count));
    double *x = ct_arena_calloc(all->r->arena, 2 * count, sizeof *x);
    double *y = x ? x + count : NULL;
    for (size_t i = 0; x && i < count; i++) {
        const double t = times[i];
        const double value = value_at(all, first, end, t, true);
        all->r->net->draws |= value < 0;
        // nothing that a line between its neighbours does not tell
        if (n >= 2 && i + 1 < count && value == y[n - 1] && value == y[n - 2]) n--;
        x[n] = t;
        y[n++] = value;
    }
    all->r->net->other_inflow_m3 += other_volume(all, first, end, times, count);
    ct_free(times);
    if (!x) return CT_NOMEM;
    all->r->nodes[first->node].inflow = (ct_drains_curve){n, x, y};
    return CT_OK;
}

static int by_node(const void *a, const void *b) {
    const source *s = a, *t = b;
    if (s->node != t->node) return s->node < t->node ? -1 : 1;
    if (s->kind != t->kind) return s->kind < t->kind ? -1 : 1;
    return s->line < t->line ? -1 : s->line > t->line;
}

// Of a node's lines of a kind the last one counts.
static void drop_replaced(sources *all) {
    size_t kept = 0;
    for (size_t i = 0; i < all->count; i++) {
        const source *s = &all->list[i], *before = kept > 0 ? &all->list[kept - 1] : NULL;
        if (before && before->node == s->node && before->kind == s->kind) {
            const ct_swmm_line *line = &all->r->lines[s->line];
            ct_swmm__find(all->r, line, "swmm-inflow", "%s: this replaces line %zu", line->words[0],
                          all->r->lines[before->line].number);
            kept--;
        }
        all->list[kept++] = *s;
    }
    all->count = kept;
}

static ct_err take_all(sources *all) {
    const ct_swmm_line *line;
    for (size_t at = 0; (line = ct_swmm__next(all->r, CT_SWMM_INFLOWS, &at));)
        CT_TRY(take_inflow(all, line));
    for (size_t at = 0; (line = ct_swmm__next(all->r, CT_SWMM_DWF, &at));)
        CT_TRY(take_dry(all, line));
    for (size_t i = 0; i < all->r->runoff_count; i++)
        all->list[all->count++] = (source){.kind = RUNOFF,
                                           .node = all->r->runoff[i].node,
                                           .line = all->r->net->nodes[all->r->runoff[i].node].line,
                                           .series = &all->r->runoff[i].table,
                                           .series_factor = 1};
    if (all->count > 0) qsort(all->list, all->count, sizeof *all->list, by_node);
    drop_replaced(all);
    for (size_t i = 0; i < all->count;) {
        size_t end = i + 1;
        while (end < all->count && all->list[end].node == all->list[i].node) end++;
        CT_TRY(sum_up(all, &all->list[i], &all->list[end]));
        i = end;
    }
    return CT_OK;
}

ct_err ct_swmm__read_inflows(ct_swmm__reader *r) {
    const size_t most =
        ct_swmm__count(r, CT_SWMM_INFLOWS) + ct_swmm__count(r, CT_SWMM_DWF) + r->runoff_count;
    sources all = {.r = r, .list = ct_calloc(most + 1, sizeof *all.list)};
    if (!all.list) return CT_NOMEM;
    const ct_err err = take_all(&all);
    ct_free(all.list);
    return err;
}
