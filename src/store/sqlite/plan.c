// How a query is answered: the statement it becomes, the way through the table, and the tests that
// SQL does not make.
#include "store/sqlite/plan.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

// Of a page (limit > 0), at most so many candidates are sorted; a box that selects more is answered
// by scanning, which then finds its page soon. Measured: a candidate costs 0.2 us, a scanned row
// 0.5 to 1 us.
enum { PAGE_CANDIDATES = 4096, CANDIDATES_A_ROW = 16 };

// Starting a statement costs as much as walking over a few rows: fids this near are read in one
// run.
enum { RUN_GAP = 4 };

enum { FIRST_FILTER = 3 }; // ?1 and ?2 are fids

// ---- the statement ------------------------------------------------------------------------------
static void put_select(ct_store__plan *plan, ct_buf *sql, const ct_store *store) {
    const ct_query *q = plan->query;
    const ct_class *cls = q->cls;
    const bool geometry =
        cls->geometry != CT_GEOM_NONE && ((plan->want_all && !q->skip_geometry) || plan->test_box);
    if (plan->want_all) {
        const ct_store__table *table = &store->tables[cls->index];
        const uint64_t left_out = plan->row.left_out;
        ct_buf_puts(sql, "SELECT ");
        if (left_out)
            ct_store__row_columns(sql, cls, q->only_shown, left_out);
        else
            ct_buf_puts(sql, q->only_shown ? table->shown : table->attrs);
        ct_buf_puts(sql, geometry ? ",geom" : "");
        plan->geometry_column = geometry ? ct_store__row_column(left_out, cls->n_attrs) : -1;
    } else {
        ct_buf_printf(sql, "SELECT fid,%s%s%s%s", plan->time_attr < 0 ? "NULL" : "\"",
                      plan->time_attr < 0 ? "" : cls->attrs[plan->time_attr].name,
                      plan->time_attr < 0 ? "" : "\"", geometry ? ",geom" : "");
        plan->geometry_column = geometry ? 2 : -1;
    }
}

static ct_err prepare_rows(ct_store__plan *plan, const ct_store *store) {
    const ct_query *q = plan->query;
    ct_buf sql;
    ct_buf_init(&sql, CT_STORE__SQL_MAX);
    put_select(plan, &sql, store);
    ct_buf_printf(&sql, " FROM \"%s\" WHERE fid%s", q->cls->collection,
                  plan->by_ids ? " BETWEEN ?1 AND ?2" : ">?1");
    for (size_t i = 0; i < q->n_filters; ++i) {
        ct_buf_printf(&sql, " AND \"%s\" IS ?%zu", q->cls->attrs[q->filters[i].attr].name,
                      FIRST_FILTER + i);
    }
    ct_buf_puts(&sql, " ORDER BY fid");
    ct_err err = ct_buf_status(&sql);
    if (err == CT_OK) err = ct_store__prepare(&plan->rows, plan->conn, sql.data);
    ct_buf_fini(&sql);
    CT_TRY(err);
    sqlite3_bind_int64(plan->rows, 1, q->after_fid);
    for (size_t i = 0; i < q->n_filters; ++i) {
        ct_store__bind_value(plan->rows, FIRST_FILTER + (int)i, &q->filters[i].value);
    }
    return CT_OK;
}

// Whether bbox says everything: a feature within it matches.
static bool box_is_all(const ct_query *q) {
    return q->n_boxes == 0 && !(q->has_heights && q->cls->has_z);
}

static ct_err choose(ct_store__plan *plan) {
    const ct_query *q = plan->query;
    bool too_many = false;
    size_t cap = 0;
    if (!plan->test_box) return CT_OK;
    if (q->limit > 0) {
        cap = q->limit > PAGE_CANDIDATES / CANDIDATES_A_ROW ? (size_t)q->limit * CANDIDATES_A_ROW
                                                            : PAGE_CANDIDATES;
    }
    const bool only_counted =
        box_is_all(q) && !plan->want_all && plan->time_attr < 0 && q->n_filters == 0;
    CT_TRY(ct_store__candidates(&plan->ids, &plan->n_ids, &too_many,
                                only_counted ? &plan->n_sure : NULL, plan->conn, q, cap));
    plan->by_ids = !too_many;
    return CT_OK;
}

// Of many rows, the attributes that none of them has are not read.
static ct_err leave_out(ct_store__plan *plan, const ct_store *store) {
    const ct_query *q = plan->query;
    int64_t n_rows = plan->by_ids ? (int64_t)plan->n_ids : INT64_MAX;
    if (q->limit > 0 && q->limit < n_rows) n_rows = q->limit;
    CT_TRY(ct_store__empty_attrs(&plan->row.left_out, store->empty, plan->conn, q->cls, n_rows));
    if (plan->time_attr >= 0 && plan->time_attr < 64)
        plan->row.left_out &= ~(UINT64_C(1) << plan->time_attr); // tested in each row
    return CT_OK;
}

ct_err ct_store__query_check(const ct_query *q) {
    if (q->n_filters > CT_QUERY_MAX_FILTERS)
        return ct_fail(CT_LIMIT, "more than %d filters", CT_QUERY_MAX_FILTERS);
    for (size_t i = 0; i < q->n_filters; ++i) {
        if (q->filters[i].attr < 0 || (size_t)q->filters[i].attr >= q->cls->n_attrs) {
            return ct_fail(CT_ARG, "filter on attribute %d of %s", q->filters[i].attr,
                           q->cls->name);
        }
    }
    return CT_OK;
}

ct_err ct_store__plan_init(ct_store__plan *plan, const ct_store *store, ct_store__conn *conn,
                           const ct_query *query, bool want_all) {
    ct_store__plan p = {
        .conn = conn, .query = query, .want_all = want_all, .time_attr = -1, .geometry_column = -1};
    CT_TRY(ct_store__query_check(query));
    if (query->has_time && query->cls->time_attr)
        p.time_attr = ct_class_attr(query->cls, query->cls->time_attr);
    p.test_box = query->has_bbox && query->cls->geometry != CT_GEOM_NONE;
    ct_err err = ct_store__row_init(&p.row, query->cls);
    if (err == CT_OK) err = choose(&p);
    if (err == CT_OK && want_all) err = leave_out(&p, store);
    if (err == CT_OK) err = prepare_rows(&p, store);
    if (err == CT_OK) {
        *plan = p;
    } else {
        ct_store__plan_fini(&p);
    }
    return err;
}

void ct_store__plan_fini(ct_store__plan *plan) {
    ct_store__done(plan->conn, plan->rows);
    ct_store__row_fini(&plan->row);
    ct_free(plan->ids);
    *plan = (ct_store__plan){0};
}

// ---- tests --------------------------------------------------------------------------------------
static bool box_within(const ct_bbox *inner, const ct_bbox *outer) {
    return inner->min_x >= outer->min_x && inner->max_x <= outer->max_x &&
           inner->min_y >= outer->min_y && inner->max_y <= outer->max_y;
}

static bool heights_meet(const ct_geom *g, const ct_query *q) {
    double low = g->xyz[2], high = g->xyz[2];
    for (uint32_t i = 1; i < g->n_points; i++) {
        low = fmin(low, g->xyz[3 * (size_t)i + 2]);
        high = fmax(high, g->xyz[3 * (size_t)i + 2]);
    }
    return low <= q->max_z_m && high >= q->min_z_m;
}

static ct_err box_matches(ct_store__plan *plan, bool *out) {
    const ct_query *q = plan->query;
    const void *blob = plan->blob;
    const size_t length = plan->blob_length;
    ct_bbox box;
    *out = true;
    if (!blob) return CT_OK; // no geometry: belongs to every box
    if (!ct_store__blob_box(&box, blob, length)) {
        return ct_fail(CT_CORRUPT, "%s: fid %lld: damaged geometry blob", q->cls->collection,
                       (long long)sqlite3_column_int64(plan->rows, 0));
    }
    *out = ct_bbox_intersects(&box, &q->bbox);
    if (!*out) return CT_OK;
    if (box_is_all(q) && (q->bbox_envelopes || box_within(&box, &q->bbox))) return CT_OK;
    ct_geom g;
    CT_TRY(ct_store__blob_read(&g, &plan->row.space, blob, length));
    *out = q->n_boxes == 0 && ct_geom_intersects_box(&g, &q->bbox);
    for (int i = 0; i < q->n_boxes && !*out; i++) *out = ct_geom_intersects_box(&g, &q->boxes[i]);
    if (*out && q->has_heights && g.has_z) *out = heights_meet(&g, q);
    return CT_OK;
}

// A text that is no time (a foreign program wrote it) is like none.
static bool time_matches(const ct_query *q, const char *text) {
    int64_t us = 0;
    if (!text || ct_time_parse(&us, text) != CT_OK) return true;
    return us >= q->from_us && us <= q->to_us;
}

static void take_blob(ct_store__plan *plan) {
    if (plan->geometry_column < 0) return;
    sqlite3_value *value = sqlite3_column_value(plan->rows, plan->geometry_column);
    plan->blob = sqlite3_value_blob(value);
    plan->blob_length = plan->blob ? (size_t)sqlite3_value_bytes(value) : 0;
}

static ct_err matches(ct_store__plan *plan, bool *out) {
    *out = true;
    take_blob(plan);
    if (plan->time_attr >= 0) {
        const int column =
            plan->want_all ? ct_store__row_column(plan->row.left_out, (size_t)plan->time_attr) : 1;
        *out = time_matches(plan->query, (const char *)sqlite3_column_text(plan->rows, column));
    }
    return *out && plan->test_box ? box_matches(plan, out) : CT_OK;
}

// ---- walking ------------------------------------------------------------------------------------
static void start_run(ct_store__plan *plan) {
    size_t last = plan->next_id;
    while (last + 1 < plan->n_ids && plan->ids[last + 1] - plan->ids[last] <= RUN_GAP) ++last;
    (void)sqlite3_reset(plan->rows);
    sqlite3_bind_int64(plan->rows, 1, plan->ids[plan->next_id]);
    sqlite3_bind_int64(plan->rows, 2, plan->ids[last]);
    plan->run_end = last + 1;
}

// The next row that is one of the ids; rows between them are passed over.
static ct_err advance_by_ids(ct_store__plan *plan, bool *row) {
    while (plan->next_id < plan->n_ids) {
        if (plan->next_id >= plan->run_end) start_run(plan);
        CT_TRY(ct_store__step(plan->conn, plan->rows, row));
        if (!*row) {
            plan->next_id = plan->run_end;
            continue;
        }
        const int64_t fid = sqlite3_column_int64(plan->rows, 0);
        while (plan->ids[plan->next_id] < fid)
            ++plan->next_id; // those have gone, or a filter takes them out
        if (plan->ids[plan->next_id] == fid) {
            ++plan->next_id;
            return CT_OK;
        }
    }
    *row = false;
    return CT_OK;
}

ct_err ct_store__plan_next(ct_store__plan *plan, bool *found) {
    bool row = true, match = false;
    while (row && !match) {
        CT_TRY(plan->by_ids ? advance_by_ids(plan, &row)
                            : ct_store__step(plan->conn, plan->rows, &row));
        if (row) CT_TRY(matches(plan, &match));
    }
    if (row && plan->want_all) {
        CT_TRY(ct_store__row_read(&plan->row, plan->rows));
        if (!plan->query->skip_geometry)
            CT_TRY(ct_store__row_blob(&plan->row, plan->blob, plan->blob_length));
    }
    *found = row;
    return CT_OK;
}
