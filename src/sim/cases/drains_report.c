// What a run of drains showed, for programs (JSON) and for people (tables).
#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/jsonw.h"
#include "base/mem.h"
#include "sim/cases/drains_private.h"

static void put_title(ct_jsonw *w, const ct_drains_case *c) {
    size_t count;
    const ct_swmm_line *lines = ct_swmm_lines(c->document, &count);
    for (size_t i = 0; i < count; i++) {
        const ct_swmm_line *line = &lines[i];
        if (line->section != CT_SWMM_TITLE || line->header || !*line->text || *line->text == ';')
            continue;
        ct_jsonw_kv_string(w, "title", line->text);
        return;
    }
}

static void put_peak(ct_jsonw *w, const char *key, const char *at_key, const ct_drains__peak *p) {
    ct_jsonw_kv_double(w, key, p->value);
    ct_jsonw_kv_double(w, at_key, p->at_s);
}

static void put_nodes(ct_jsonw *w, const ct_drains_case *c) {
    ct_jsonw_key(w, "nodes");
    ct_jsonw_array(w);
    for (size_t i = 0; i < c->network->drains.node_count; i++) {
        const ct_drains__node_seen *n = &c->nodes[i];
        ct_jsonw_object(w);
        ct_jsonw_kv_string(w, "name", c->network->nodes[i].name);
        put_peak(w, "max_depth_m", "max_depth_at_s", &n->depth);
        ct_jsonw_kv_double(w, "max_level_m", c->network->drains.nodes[i].invert_m + n->depth.value);
        ct_jsonw_kv_double(w, "flooded_m3", n->flooded_m3);
        ct_jsonw_kv_double(w, "flooded_from_s", n->flooded_from_s);
        ct_jsonw_end_object(w);
    }
    ct_jsonw_end_array(w);
}

static void put_links(ct_jsonw *w, const ct_drains_case *c) {
    ct_jsonw_key(w, "links");
    ct_jsonw_array(w);
    for (int k = 0; k < CT_SWMM_LINK_KINDS; k++) {
        for (size_t i = 0; i < ct_swmm_link_count(c->network, (ct_swmm_link_kind)k); i++) {
            const ct_drains__link_seen *l = &c->links[k][i];
            ct_jsonw_object(w);
            ct_jsonw_kv_string(w, "name", c->network->links[k][i].name);
            ct_jsonw_kv_string(w, "kind", ct_swmm_link_kind_name((ct_swmm_link_kind)k));
            put_peak(w, "max_flow_m3s", "max_flow_at_s", &l->flow);
            ct_jsonw_kv_double(w, "volume_m3", l->volume_m3);
            if (k == CT_SWMM_CONDUIT) {
                put_peak(w, "max_velocity_ms", "max_velocity_at_s", &l->velocity);
                put_peak(w, "max_depth_m", "max_depth_at_s", &l->depth);
            }
            if (k == CT_SWMM_PUMP) {
                ct_jsonw_kv_int(w, "starts", l->starts);
                ct_jsonw_kv_double(w, "running_s", l->running_s);
            }
            ct_jsonw_end_object(w);
        }
    }
    ct_jsonw_end_array(w);
}

static void put_runoff(ct_jsonw *w, const ct_drains_case *c) {
    const ct_swmm_network *net = c->network;
    const ct_runoff_ledger *l = &net->runoff;
    if (net->subcatchment_count == 0) return;
    ct_jsonw_key(w, "subcatchments");
    ct_jsonw_array(w);
    for (size_t i = 0; i < net->subcatchment_count; i++) {
        const ct_swmm_subcatchment *s = &net->subcatchments[i];
        const ct_drains__peak peak = {s->peak_m3s, s->peak_at_s};
        ct_jsonw_object(w);
        ct_jsonw_kv_string(w, "name", s->name);
        put_peak(w, "max_runoff_m3s", "max_runoff_at_s", &peak);
        ct_jsonw_kv_double(w, "volume_m3", s->volume_m3);
        ct_jsonw_end_object(w);
    }
    ct_jsonw_end_array(w);
    ct_jsonw_key(w, "runoff");
    ct_jsonw_object(w);
    ct_jsonw_kv_double(w, "rain_m3", l->rain_m3);
    ct_jsonw_kv_double(w, "evaporated_m3", l->evaporated_m3);
    ct_jsonw_kv_double(w, "infiltrated_m3", l->infiltrated_m3);
    ct_jsonw_kv_double(w, "left_m3", l->left_m3);
    ct_jsonw_kv_double(w, "to_nodes_m3", net->runoff_to_nodes_m3);
    ct_jsonw_kv_double(w, "stored_m3", l->stored_m3);
    ct_jsonw_kv_double(w, "error_m3", l->error_m3);
    ct_jsonw_end_object(w);
}

static void put_ledger(ct_jsonw *w, const ct_drains_case *c) {
    const ct_drains_ledger *l = &c->ledger;
    ct_jsonw_key(w, "volumes");
    ct_jsonw_object(w);
    ct_jsonw_kv_double(w, "initial_m3", l->initial_m3);
    ct_jsonw_kv_double(w, "inflow_m3", l->inflow_m3);
    ct_jsonw_kv_double(w, "taken_m3", l->taken_m3);
    ct_jsonw_kv_double(w, "outfall_in_m3", l->outfall_in_m3);
    ct_jsonw_kv_double(w, "outfall_out_m3", l->outfall_out_m3);
    ct_jsonw_kv_double(w, "flooded_m3", l->flooded_m3);
    ct_jsonw_kv_double(w, "nodes_m3", l->node_m3);
    ct_jsonw_kv_double(w, "conduits_m3", l->conduit_m3);
    ct_jsonw_kv_double(w, "error_m3", l->error_m3);
    ct_jsonw_kv_double(w, "error_share", c->error);
    // where some node draws, what comes is not what was asked for: nothing to compare
    ct_jsonw_kv_double(w, "inflow_error_m3", c->network->draws ? (double)NAN : c->inflow_error_m3);
    ct_jsonw_end_object(w);
}

void ct_drains_case_json(ct_buf *out, const ct_drains_case *c) {
    ct_jsonw w;
    char start[32];
    ct_time_format(start, c->network->options.start_s * 1000000);
    ct_jsonw_init(&w, out);
    ct_jsonw_object(&w);
    put_title(&w, c);
    ct_jsonw_kv_string(&w, "start", start);
    ct_jsonw_kv_double(&w, "duration_s", c->network->options.duration_s);
    ct_jsonw_kv_int(&w, "steps", (int64_t)c->steps);
    ct_jsonw_key(&w, "diagnostics");
    ct_diagnostics_write_json(&w, c->findings);
    put_runoff(&w, c);
    put_nodes(&w, c);
    put_links(&w, c);
    put_ledger(&w, c);
    ct_jsonw_end_object(&w);
}

// ---- for people --------------------------------------------------------------------------------

typedef struct row {
    double weight; // larger ones come first
    size_t kind, index;
} row;

static int by_weight(const void *a, const void *b) {
    const row *r = a, *s = b;
    if (r->weight != s->weight) return r->weight > s->weight ? -1 : 1;
    if (r->kind != s->kind) return r->kind < s->kind ? -1 : 1;
    return r->index < s->index ? -1 : r->index > s->index;
}

// "h:mm:ss" since the start.
static void put_time(ct_buf *out, double time_s) {
    if (isnan(time_s)) {
        ct_buf_printf(out, " %10s", "-");
        return;
    }
    const long long s = llround(time_s);
    ct_buf_printf(out, " %4lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
}

static void put_left(ct_buf *out, size_t left, const char *what) {
    if (left > 0) ct_buf_printf(out, "... and %zu %s more (--json, --out)\n", left, what);
}

static void node_rows(ct_buf *out, const ct_drains_case *c, row *rows, size_t most) {
    const size_t n = c->network->drains.node_count;
    for (size_t i = 0; i < n; i++)
        rows[i] = (row){c->nodes[i].flooded_m3 > 1e-3 ? 1e6 + c->nodes[i].flooded_m3
                                                      : c->nodes[i].depth.value,
                        0, i};
    qsort(rows, n, sizeof *rows, by_weight);
    ct_buf_printf(out, "\n%-24s %12s %10s %12s %14s %10s\n", "node", "max depth m", "at",
                  "max level m", "flooded m3", "from");
    for (size_t k = 0; k < n && k < most; k++) {
        const size_t i = rows[k].index;
        const ct_drains__node_seen *s = &c->nodes[i];
        ct_buf_printf(out, "%-24s %12.4g", c->network->nodes[i].name, s->depth.value);
        put_time(out, s->depth.at_s);
        ct_buf_printf(out, " %12.7g %14.5g", c->network->drains.nodes[i].invert_m + s->depth.value,
                      s->flooded_m3);
        put_time(out, s->flooded_from_s);
        ct_buf_putc(out, '\n');
    }
    put_left(out, n > most ? n - most : 0, "nodes");
}

static void link_row(ct_buf *out, const ct_drains_case *c, size_t kind, size_t i) {
    const ct_drains__link_seen *s = &c->links[kind][i];
    ct_buf_printf(out, "%-24s %-8s %14.5g", c->network->links[kind][i].name,
                  ct_swmm_link_kind_name((ct_swmm_link_kind)kind), s->flow.value);
    put_time(out, s->flow.at_s);
    ct_buf_printf(out, " %14.6g", s->volume_m3);
    if (kind == CT_SWMM_CONDUIT) {
        ct_buf_printf(out, " %10.4g %12.4g", s->velocity.value, s->depth.value);
    } else if (kind == CT_SWMM_PUMP) {
        ct_buf_printf(out, "  %u starts, running %.4g h", s->starts, s->running_s / 3600);
    }
    ct_buf_putc(out, '\n');
}

static void link_rows(ct_buf *out, const ct_drains_case *c, row *rows, size_t most) {
    size_t n = 0;
    for (size_t k = 0; k < CT_SWMM_LINK_KINDS; k++)
        for (size_t i = 0; i < ct_swmm_link_count(c->network, (ct_swmm_link_kind)k); i++)
            rows[n++] = (row){fabs(c->links[k][i].flow.value), k, i};
    qsort(rows, n, sizeof *rows, by_weight);
    if (n == 0) return;
    ct_buf_printf(out, "\n%-24s %-8s %14s %10s %14s %10s %12s\n", "link", "kind", "max flow m3/s",
                  "at", "volume m3", "max m/s", "max depth m");
    for (size_t k = 0; k < n && k < most; k++) link_row(out, c, rows[k].kind, rows[k].index);
    put_left(out, n > most ? n - most : 0, "links");
}

static void text_ledger(ct_buf *out, const ct_drains_case *c) {
    const ct_drains_ledger *l = &c->ledger;
    const ct_runoff_ledger *r = &c->network->runoff;
    if (c->network->subcatchment_count > 0)
        ct_buf_printf(out,
                      "\nrain, m3: %.6g fell, %.6g evaporated, %.6g infiltrated, %.6g ran off "
                      "(%.6g into nodes), %.6g remain; error %.3g\n",
                      r->rain_m3, r->evaporated_m3, r->infiltrated_m3, r->left_m3,
                      c->network->runoff_to_nodes_m3, r->stored_m3, r->error_m3);
    ct_buf_printf(
        out,
        "\nvolumes, m3: %.6g initially, %.6g flowed in, %.6g came from outfalls; %.6g left "
        "by outfalls, %.6g flooded, %.6g taken; %.6g remain\n",
        l->initial_m3, l->inflow_m3, l->outfall_in_m3, l->outfall_out_m3, l->flooded_m3,
        l->taken_m3, l->state_m3);
    ct_buf_printf(out, "volume error: %.3g m3, %.3g of all water; ", l->error_m3, c->error);
    if (c->network->draws)
        ct_buf_printf(out, "inflow not compared: some node draws (within %.0e)\n",
                      CT_DRAINS_CASE_BOUND);
    else
        ct_buf_printf(out, "inflow error: %.3g m3 (within %.0e)\n", c->inflow_error_m3,
                      CT_DRAINS_CASE_BOUND);
}

void ct_drains_case_text(ct_buf *out, const ct_drains_case *c, size_t most) {
    size_t n = c->network->drains.node_count;
    for (int k = 0; k < CT_SWMM_LINK_KINDS; k++)
        n += ct_swmm_link_count(c->network, (ct_swmm_link_kind)k);
    row *rows = ct_alloc(n * sizeof *rows);
    if (!rows) {
        out->err = CT_NOMEM;
        return;
    }
    const ct_diagnostic *d;
    for (size_t i = 0; (d = ct_diagnostics_at(c->findings, i)); i++)
        ct_buf_printf(out, "%s: %s: %s (%s)\n", ct_severity_name(d->severity), d->where, d->text,
                      d->rule);
    ct_buf_printf(out, "%.6g h in %llu steps\n", c->network->options.duration_s / 3600,
                  (unsigned long long)c->steps);
    node_rows(out, c, rows, most);
    link_rows(out, c, rows, most);
    text_ledger(out, c);
    ct_free(rows);
}
