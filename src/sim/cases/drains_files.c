// The files of a case of drains: what nodes and links did, a row for each report.
#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "sim/cases/drains_private.h"
#include "sim/cases/table.h"

#define MAX_BYTES  ((size_t)1 << 32) // of one file
#define MAX_VALUES 4e8               // of all of them

static const struct {
    const char *name;
    ct_drains_array array; // of nodes, of conduits; of all links' flows the conduits'
    bool links, conduits;
} k_tables[] = {
    {"node_depth_m.csv", CT_DRAINS_DEPTH, false, false},
    {"node_level_m.csv", CT_DRAINS_HEAD, false, false},
    {"node_flooded_m3.csv", CT_DRAINS_FLOODED, false, false},
    {"link_flow_m3s.csv", CT_DRAINS_FLOW, true, false},
    {"conduit_depth_m.csv", CT_DRAINS_CONDUIT_DEPTH, false, true},
    {"conduit_velocity_ms.csv", CT_DRAINS_VELOCITY, false, true},
};
enum { TABLES = sizeof k_tables / sizeof *k_tables };

struct ct_drains__tables {
    ct_buf text[TABLES];
};

static void put_name(ct_buf *out, const char *name) {
    ct_buf_putc(out, ',');
    if (!strpbrk(name, ",\"")) {
        ct_buf_puts(out, name);
        return;
    }
    ct_buf_putc(out, '"');
    for (; *name; name++) {
        if (*name == '"') ct_buf_putc(out, '"');
        ct_buf_putc(out, *name);
    }
    ct_buf_putc(out, '"');
}

static void put_head(ct_buf *out, const ct_swmm_network *net, size_t table) {
    ct_buf_puts(out, "time_s");
    if (k_tables[table].links) {
        for (int k = 0; k < CT_SWMM_LINK_KINDS; k++)
            for (size_t i = 0; i < ct_swmm_link_count(net, (ct_swmm_link_kind)k); i++)
                put_name(out, net->links[k][i].name);
    } else if (k_tables[table].conduits) {
        for (size_t i = 0; i < net->drains.conduit_count; i++)
            put_name(out, net->links[CT_SWMM_CONDUIT][i].name);
    } else {
        for (size_t i = 0; i < net->drains.node_count; i++) put_name(out, net->nodes[i].name);
    }
    ct_buf_putc(out, '\n');
}

ct_err ct_drains__tables_new(ct_drains__tables **out, const ct_drains_case *c) {
    const ct_swmm_network *net = c->network;
    double columns = 3.0 * (double)net->drains.node_count + 2.0 * (double)net->drains.conduit_count;
    for (int k = 0; k < CT_SWMM_LINK_KINDS; k++)
        columns += (double)ct_swmm_link_count(net, (ct_swmm_link_kind)k);
    if (columns * net->options.duration_s / net->options.report_step_s > MAX_VALUES) {
        return ct_fail(CT_LIMIT, "more than %g values to write: a longer REPORT_STEP is needed",
                       MAX_VALUES);
    }
    ct_drains__tables *t = ct_calloc(1, sizeof *t);
    if (!t) return CT_NOMEM;
    for (size_t i = 0; i < TABLES; i++) {
        ct_buf_init(&t->text[i], MAX_BYTES);
        put_head(&t->text[i], net, i);
    }
    *out = t;
    return CT_OK;
}

void ct_drains__tables_free(ct_drains__tables *tables) {
    for (size_t i = 0; tables && i < TABLES; i++) ct_buf_fini(&tables->text[i]);
    ct_free(tables);
}

static void put_values(ct_buf *out, const ct_drains *drains, ct_drains_array array) {
    size_t count;
    const double *values = ct_drains_get(drains, array, &count);
    for (size_t i = 0; i < count; i++) ct_buf_printf(out, ",%.7g", values[i]);
}

void ct_drains__tables_row(ct_drains__tables *tables, const ct_drains_case *c, double time_s) {
    for (size_t i = 0; i < TABLES; i++) {
        ct_buf *out = &tables->text[i];
        ct_buf_printf(out, "%.9g", time_s);
        put_values(out, c->drains, k_tables[i].array);
        for (int k = 1; k_tables[i].links && k < CT_SWMM_LINK_KINDS; k++)
            put_values(out, c->drains, ct_drains__flow_array((ct_swmm_link_kind)k));
        ct_buf_putc(out, '\n');
    }
}

ct_err ct_drains__tables_write(const ct_drains__tables *tables, const char *folder) {
    for (size_t i = 0; i < TABLES; i++) CT_TRY(ct_buf_status(&tables->text[i]));
    CT_TRY(ct_dir_make(folder));
    for (size_t i = 0; i < TABLES; i++)
        CT_TRY(ct_case__write_table(&tables->text[i], folder, k_tables[i].name));
    return CT_OK;
}
