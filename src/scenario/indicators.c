// Indicators and warnings of a run.
#include "scenario/indicators.h"

#include <math.h>

#include "base/clock.h"
#include "base/mem.h"

const ct_indicator ct_scenario__indicators[] = {
    {"flooded_area_m2", "Flooded ground (0.15 m and deeper)", "积水面积（水深不小于0.15米）", "m2",
     true},
    {"buildings_reached", "Buildings with water at the wall (0.15 m)", "墙边积水达0.15米的建筑",
     "1", true},
    {"residents_reached", "Residents of these buildings", "受影响居民", "1", true},
    {"max_depth_m", "Largest depth on ground dry at the start", "最大积水深度", "m", true},
    {"mean_depth_m", "Mean depth of flooded ground", "平均积水深度", "m", true},
    {"roads_closed_m", "Roads closed (0.3 m and deeper)", "中断道路长度（水深不小于0.3米）", "m",
     true},
    {"water_volume_m3", "Water on the ground at the end", "结束时地面积水量", "m3", true},
    {"nodes_surcharged", "Manholes that surcharged onto the street", "冒溢的检查井", "1", true},
    {"surcharge_volume_m3", "Water that came up from the drains", "管网冒溢水量", "m3", true},
    {"links_full", "Drains that ran full", "满管的排水管渠", "1", true},
    {"drained_volume_m3", "Water that the drains took from the ground", "管网收水量", "m3", false},
    {"outfall_volume_m3", "Water that left by outfalls and pumps", "经排放口和水泵排出的水量", "m3",
     false},
    {"pumped_volume_m3", "Water lifted by pumps", "水泵抽排水量", "m3", false},
    {"storeys_flooded", "Storeys, or buildings without, with water (0.05 m)",
     "进水楼层（水深不小于0.05米）", "1", true},
    {"garages_flooded", "Underground garages with water (0.05 m)",
     "进水地下车库（水深不小于0.05米）", "1", true},
    {"garage_volume_m3", "Water in underground garages at the end", "结束时地下车库积水量", "m3",
     true},
    {"inside_volume_m3", "Water inside buildings and garages at the end",
     "结束时建筑和车库内积水量", "m3", true},
};
const size_t ct_scenario__n_indicators =
    sizeof ct_scenario__indicators / sizeof *ct_scenario__indicators;

static json_t *indicators_json(const ct_flood_indicators *v) {
    return json_pack("{s:f,s:I,s:I,s:f,s:f,s:f,s:f}", "flooded_area_m2", v->flooded_area_m2,
                     "buildings_reached", (json_int_t)v->buildings_reached, "residents_reached",
                     (json_int_t)v->residents_reached, "max_depth_m", v->max_depth_m,
                     "mean_depth_m", v->mean_depth_m, "roads_closed_m", v->roads_closed_m,
                     "water_volume_m3", v->water_volume_m3);
}

static json_t *building_json(const ct_flood_building *b, const ct_flood_reach *reach,
                             int64_t start_us) {
    char when[32];
    if (!isnan(reach->arrival_s)) ct_time_format(when, start_us + llround(reach->arrival_s * 1e6));
    json_t *arrival = isnan(reach->arrival_s) ? json_null() : json_string(when);
    return json_pack("{s:s,s:s,s:s,s:f,s:o,s:I}", "id", b->id, "name", b->name, "name_zh",
                     b->name_zh, "max_depth_m", reach->max_depth_m, "arrival", arrival, "residents",
                     (json_int_t)b->residents);
}

// Takes `more`.
static ct_err add_to(json_t *indicators, json_t *more) {
    const bool ok = json_object_update(indicators, more) == 0;
    json_decref(more);
    return ok ? CT_OK : ct_fail(CT_NOMEM, "out of memory");
}

// Adds those of the drains where there are any.
static ct_err add_drains(json_t *indicators, const ct_scenario_water *water) {
    ct_drains_indicators v;
    if (!water->gauge) return CT_OK;
    CT_TRY(ct_drains_domain_indicators(&v, water->gauge, water->street));
    return add_to(indicators,
                  json_pack("{s:I,s:f,s:I,s:f,s:f,s:f}", "nodes_surcharged",
                            (json_int_t)v.nodes_surcharged, "surcharge_volume_m3",
                            v.surcharge_volume_m3, "links_full", (json_int_t)v.links_full,
                            "drained_volume_m3", v.drained_volume_m3, "outfall_volume_m3",
                            v.outfall_volume_m3, "pumped_volume_m3", v.pumped_volume_m3));
}

// And those of rooms.
static ct_err add_inside(json_t *indicators, const ct_scenario_water *water) {
    ct_storage_indicators v;
    if (!water->has_rooms) return CT_OK;
    CT_TRY(ct_storage_domain_indicators(&v, water->inside, water->street));
    return add_to(indicators,
                  json_pack("{s:I,s:I,s:f,s:f}", "storeys_flooded", (json_int_t)v.storeys_flooded,
                            "garages_flooded", (json_int_t)v.garages_flooded, "garage_volume_m3",
                            v.garage_volume_m3, "inside_volume_m3", v.inside_volume_m3));
}

ct_err ct_scenario__summary(json_t **out, const ct_flood_domain *domain,
                            const ct_scenario_water *water, const ct_scenario *scenario) {
    const ct_flood *flood = water->surface;
    ct_flood_reach *reach = ct_calloc(domain->n_buildings, sizeof *reach);
    if (!reach) return CT_NOMEM;
    const double *max_depth = ct_flood_get(flood, CT_FLOOD_MAX_DEPTH);
    ct_flood_indicators values;
    ct_flood_domain_reach(reach, domain, max_depth, ct_flood_get(flood, CT_FLOOD_ARRIVAL));
    ct_flood_domain_indicators(&values, domain, reach, max_depth,
                               ct_flood_get(flood, CT_FLOOD_DEPTH));
    json_t *buildings = json_array();
    bool ok = buildings != NULL;
    for (size_t i = 0; ok && i < domain->n_buildings; i++)
        ok = json_array_append_new(buildings, building_json(&domain->buildings[i], &reach[i],
                                                            scenario->start_us)) == 0;
    ct_free(reach);
    json_t *summary =
        ok ? json_pack("{s:o,s:O}", "indicators", indicators_json(&values), "buildings", buildings)
           : NULL;
    json_decref(buildings);
    if (!summary) return ct_fail(CT_NOMEM, "out of memory");
    ct_err err = add_drains(json_object_get(summary, "indicators"), water);
    if (err == CT_OK) err = add_inside(json_object_get(summary, "indicators"), water);
    if (err == CT_OK)
        *out = summary;
    else
        json_decref(summary);
    return err;
}

static json_t *warning_json(const ct_flood_warning *w, const ct_flood_rule_text *text) {
    json_t *ids = json_array();
    bool ok = ids != NULL;
    for (size_t i = 0; ok && i < w->n_ids; i++)
        ok = json_array_append_new(ids, json_string(w->ids[i])) == 0;
    if (!ok) {
        json_decref(ids);
        return NULL;
    }
    return json_pack("{s:s,s:I,s:o,s:{s:s,s:s}}", "rule", text->rule, "count", (json_int_t)w->count,
                     "ids", ids, "text", "en", text->en, "zh", text->zh);
}

static bool add_warnings(json_t *list, const ct_flood_warning *warnings,
                         const ct_flood_rule_text *texts, int rules) {
    bool ok = list != NULL;
    for (int rule = 0; ok && rule < rules; rule++)
        if (warnings[rule].count)
            ok = json_array_append_new(list, warning_json(&warnings[rule], &texts[rule])) == 0;
    return ok;
}

json_t *ct_scenario__warnings(const ct_flood_domain *domain, const ct_scenario_water *water) {
    const ct_drains_domain *drains = water->drains;
    const ct_storage_domain *inside = water->inside;
    json_t *list = json_array();
    bool ok = add_warnings(list, domain->warnings, ct_flood_rule_texts, CT_FLOOD_RULES);
    if (drains)
        ok = ok && add_warnings(list, drains->warnings, ct_drains_rule_texts, CT_DRAINS_RULES);
    if (inside)
        ok = ok && add_warnings(list, inside->warnings, ct_storage_rule_texts, CT_STORAGE_RULES);
    if (ok) return list;
    json_decref(list);
    return NULL;
}
