// What a run of a case tells of its storages and connections.
#include <math.h>

#include "sim/cases/case_private.h"

bool ct_case__of_storages(ct_case__quantity quantity) {
    return quantity >= CT_CASE_STORAGE_LEVEL && quantity <= CT_CASE_BACKWARD;
}

ct_err ct_case__storages_keep(ct_flood_case *c, size_t time) {
    ct_case__storages *s = c->storages;
    const ct_storage *storage = ct_street_storage(c->street);
    for (size_t i = 0; i < s->area_count; i++) {
        ct_storage_area_report r;
        double *kept = &s->pools[2 * (time * s->area_count + i)];
        CT_TRY(ct_storage_area_get(storage, i, &r));
        kept[0] = r.level_m;
        kept[1] = r.volume_m3;
    }
    for (size_t i = 0; i < s->connection_count; i++) {
        ct_storage_flow_report r;
        CT_TRY(ct_storage_flow_get(storage, i, &r));
        s->flows[time * s->connection_count + i] = r.flow_m3s;
    }
    return CT_OK;
}

ct_err ct_case__storages_conclude(ct_flood_case *c) {
    ct_case__storages *s = c->storages;
    const ct_storage *storage = ct_street_storage(c->street);
    s->area_reports = ct_arena_calloc(c->arena, s->area_count + 1, sizeof *s->area_reports);
    s->flow_reports = ct_arena_calloc(c->arena, s->connection_count + 1, sizeof *s->flow_reports);
    if (!s->area_reports || !s->flow_reports) return CT_NOMEM;
    for (size_t i = 0; i < s->area_count; i++)
        CT_TRY(ct_storage_area_get(storage, i, &s->area_reports[i]));
    for (size_t i = 0; i < s->connection_count; i++)
        CT_TRY(ct_storage_flow_get(storage, i, &s->flow_reports[i]));
    return CT_OK;
}

ct_err ct_case__storages_value(double *out, const ct_flood_case *c, const ct_case__check *check) {
    const ct_storage *storage = ct_street_storage(c->street);
    if (check->storage >= 0) {
        ct_storage_area_report r;
        CT_TRY(ct_storage_area_get(storage, (size_t)check->storage, &r));
        *out = check->quantity == CT_CASE_STORAGE_LEVEL    ? r.level_m
               : check->quantity == CT_CASE_STORAGE_VOLUME ? r.volume_m3
                                                           : r.max_level_m;
        return CT_OK;
    }
    ct_storage_flow_report r;
    CT_TRY(ct_storage_flow_get(storage, (size_t)check->connection, &r));
    *out = check->quantity == CT_CASE_CONNECTION_FLOW ? r.flow_m3s
           : check->quantity == CT_CASE_FORWARD       ? r.forward_m3
                                                      : r.backward_m3;
    return CT_OK;
}

void ct_case__storages_json(ct_jsonw *w, const ct_flood_case *c) {
    const ct_case__storages *s = c->storages;
    ct_jsonw_key(w, "storages");
    ct_jsonw_array(w);
    for (size_t i = 0; i < s->area_count; i++) {
        const ct_storage_area_report *r = &s->area_reports[i];
        ct_jsonw_object(w);
        ct_jsonw_kv_string(w, "name", s->area_names[i]);
        ct_jsonw_kv_double(w, "level_m", r->level_m);
        ct_jsonw_kv_double(w, "depth_m", r->depth_m);
        ct_jsonw_kv_double(w, "volume_m3", r->volume_m3);
        ct_jsonw_kv_double(w, "max_level_m", r->max_level_m);
        ct_jsonw_end_object(w);
    }
    ct_jsonw_end_array(w);
    ct_jsonw_key(w, "connections");
    ct_jsonw_array(w);
    for (size_t i = 0; i < s->connection_count; i++) {
        const ct_storage_flow_report *r = &s->flow_reports[i];
        ct_jsonw_object(w);
        ct_jsonw_kv_string(w, "name", s->connection_names[i]);
        ct_jsonw_kv_double(w, "flow_m3s", r->flow_m3s);
        ct_jsonw_kv_double(w, "forward_m3", r->forward_m3);
        ct_jsonw_kv_double(w, "backward_m3", r->backward_m3);
        ct_jsonw_end_object(w);
    }
    ct_jsonw_end_array(w);
    ct_jsonw_key(w, "coupling");
    ct_jsonw_object(w);
    ct_jsonw_kv_double(w, "step_s", c->step_s);
    ct_case__coupling_json(w, c);
    ct_jsonw_end_object(w);
}

void ct_case__storages_text(ct_buf *out, const ct_flood_case *c) {
    const ct_case__storages *s = c->storages;
    ct_buf_printf(out, "%zu storages hold %.6g m3, volume error of all %.2g m3\n", s->area_count,
                  c->street_ledger.storage_m3, c->street_ledger.error_m3);
    for (size_t i = 0; i < s->area_count; i++) {
        const ct_storage_area_report *r = &s->area_reports[i];
        ct_buf_printf(out, "  %-24s %10.4g m deep, %10.6g m3, highest %.6g m\n", s->area_names[i],
                      r->depth_m, r->volume_m3, r->max_level_m);
    }
    for (size_t i = 0; i < s->connection_count; i++) {
        const ct_storage_flow_report *r = &s->flow_reports[i];
        ct_buf_printf(out, "  %-24s %10.6g m3 passed, %10.6g m3 back\n", s->connection_names[i],
                      r->forward_m3, r->backward_m3);
    }
}
