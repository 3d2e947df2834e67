// What the coupling shows to the outside: its engines, its exchanges and places, its books.
#include "sim/street/state.h"

const ct_flood *ct_street_flood(const ct_street *street) {
    return street->flood;
}

ct_drains *ct_street_drains(ct_street *street) {
    return street->drains;
}

ct_storage *ct_street_storage(ct_street *street) {
    return street->storage;
}

static ct_street_report report_of(const ct_street__passed *p) {
    const ct_street_state state = p->flow_m3s > 0 ? CT_STREET_DRAINING : CT_STREET_SURCHARGING;
    return (ct_street_report){.state = p->flow_m3s == 0 ? CT_STREET_IDLE : state,
                              .flow_m3s = p->flow_m3s,
                              .drained_m3 = ct_sum_value(&p->drained_m3),
                              .surcharged_m3 = ct_sum_value(&p->surcharged_m3),
                              .under_way_m3 = p->under_way_m3};
}

ct_err ct_street_exchange_get(const ct_street *street, size_t exchange, ct_street_report *out) {
    if (exchange >= street->exchanges) {
        return ct_fail(CT_RANGE, "street: no exchange %zu, there are %zu", exchange,
                       street->exchanges);
    }
    *out = report_of(&street->passed[exchange]);
    return CT_OK;
}

ct_err ct_street_place_get(const ct_street *street, size_t place, ct_street_report *out) {
    const size_t places = street->count - street->exchanges;
    if (place >= places)
        return ct_fail(CT_RANGE, "street: no place %zu, there are %zu", place, places);
    *out = report_of(&street->passed[street->exchanges + place]);
    return CT_OK;
}

// Of the sources of the surface's own parameters.
static void add_sources(const ct_street *s, ct_sum *in, ct_sum *out) {
    for (size_t k = 0; k < s->sources; k++) {
        double in_m3 = 0, out_m3 = 0;
        if (ct_flood_source_get(s->flood, k, &in_m3, &out_m3) != CT_OK) continue; // there are all
        ct_sum_add(in, in_m3);
        ct_sum_add(out, out_m3);
    }
}

void ct_street_ledger_get(const ct_street *street, ct_street_ledger *out) {
    ct_flood_ledger f;
    ct_drains_ledger d = {0};
    ct_storage_ledger b = {0};
    ct_flood_ledger_get(street->flood, &f);
    if (street->drains) ct_drains_ledger_get(street->drains, &d);
    if (street->storage) ct_storage_ledger_get(street->storage, &b);
    ct_sum in = {0}, gone = {0}, under_way = {0}, state = {0}, error = {0};
    add_sources(street, &in, &gone);
    const double in_terms[] = {f.rain_m3,       f.exchange_in_m3, d.inflow_m3,
                               d.outfall_in_m3, b.inflow_m3,      b.outside_in_m3};
    const double out_terms[] = {f.infiltrated_m3, f.exchange_out_m3, d.taken_m3,
                                d.outfall_out_m3, d.flooded_m3,      b.taken_m3,
                                b.outside_out_m3};
    for (size_t i = 0; i < sizeof in_terms / sizeof *in_terms; i++) ct_sum_add(&in, in_terms[i]);
    for (size_t i = 0; i < sizeof out_terms / sizeof *out_terms; i++) {
        ct_sum_add(&gone, out_terms[i]);
    }
    for (int side = 0; side < CT_FLOOD_SIDES; side++) {
        ct_sum_add(&in, f.in_m3[side]);
        ct_sum_add(&gone, f.out_m3[side]);
    }
    for (size_t k = 0; k < street->count; k++) {
        ct_sum_add(&under_way, street->passed[k].under_way_m3);
    }
    *out = (ct_street_ledger){.initial_m3 = f.initial_m3 + d.initial_m3 + b.initial_m3,
                              .in_m3 = ct_sum_value(&in),
                              .out_m3 = ct_sum_value(&gone),
                              .surface_m3 = f.state_m3,
                              .drains_m3 = d.state_m3,
                              .under_way_m3 = ct_sum_value(&under_way),
                              .storage_m3 = b.state_m3};
    const double parts[] = {out->surface_m3, out->drains_m3, out->under_way_m3, out->storage_m3};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        ct_sum_add(&state, parts[i]);
        ct_sum_add(&error, parts[i]);
    }
    out->state_m3 = ct_sum_value(&state);
    ct_sum_add(&error, -f.initial_m3);
    ct_sum_add(&error, -d.initial_m3);
    ct_sum_add(&error, -b.initial_m3);
    ct_sum_add(&error, -out->in_m3);
    ct_sum_add(&error, out->out_m3);
    out->error_m3 = ct_sum_value(&error);
}
