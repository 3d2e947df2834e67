// From the storage engine's arrays back to the model: indicators, and the table of what rooms and
// ways did.
#include "sim/domain/storage_domain.h"

ct_err ct_storage_domain_indicators(ct_storage_indicators *out, const ct_storage_domain *domain,
                                    ct_street *street) {
    const ct_storage *storage = ct_street_storage(street);
    ct_storage_indicators sum = {0};
    for (size_t k = 0; k < domain->params.area_count; k++) {
        const ct_storage_room *room = &domain->rooms[k];
        const bool garage = room->kind == CT_STORAGE_OF_GARAGE;
        ct_storage_area_report report;
        CT_TRY(ct_storage_area_get(storage, k, &report));
        if (report.max_level_m - room->floor_m >= CT_STORAGE_FLOODED_M)
            ++*(garage ? &sum.garages_flooded : &sum.storeys_flooded);
        sum.inside_volume_m3 += report.volume_m3;
        if (garage) sum.garage_volume_m3 += report.volume_m3;
    }
    *out = sum;
    return CT_OK;
}

// ---- the table ----------------------------------------------------------------------------------
static const char k_head[] = "time_s,class,id,level_m,depth_m,volume_m3,flow_m3s,inward_m3,"
                             "outward_m3\n";

const char *ct_storage_room_class(const ct_storage_room *room) {
    switch (room->kind) {
    case CT_STORAGE_OF_STOREY: return "storey";
    case CT_STORAGE_OF_BUILDING: return "building";
    case CT_STORAGE_OF_GARAGE: return "parking";
    }
    return "";
}

const char *ct_storage_way_class(const ct_storage_domain *d, size_t connection) {
    const ct_storage_connection *c = &d->params.connections[connection];
    if (c->kind == CT_STORAGE_PUMP) return "pump";
    if (c->kind == CT_STORAGE_SHAFT) return "transition";
    return d->rooms[c->to.index].kind == CT_STORAGE_OF_GARAGE ? "transition" : "opening";
}

ct_err ct_storage_domain_rows(ct_buf *out, const ct_storage_domain *d, ct_street *street) {
    const ct_storage *storage = ct_street_storage(street);
    const double time_s = ct_street_time_s(street);
    if (out->len == 0) ct_buf_puts(out, k_head);
    for (size_t k = 0; k < d->params.area_count; k++) {
        ct_storage_area_report r;
        CT_TRY(ct_storage_area_get(storage, k, &r));
        ct_buf_printf(out, "%.10g,%s,%s,%.7g,%.7g,%.7g,,,\n", time_s,
                      ct_storage_room_class(&d->rooms[k]), d->rooms[k].id, r.level_m, r.depth_m,
                      r.volume_m3);
    }
    for (size_t k = 0; k < d->params.connection_count; k++) {
        ct_storage_flow_report r;
        CT_TRY(ct_storage_flow_get(storage, k, &r));
        ct_buf_printf(out, "%.10g,%s,%s,,,,%.6g,%.7g,%.7g\n", time_s, ct_storage_way_class(d, k),
                      d->connection_ids[k], r.flow_m3s, r.forward_m3, r.backward_m3);
    }
    return ct_buf_status(out);
}
