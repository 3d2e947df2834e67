// Cameras, and the devices of each community: water, fire, lifts, meters, air, light; to the exact
// number, the rest of it being smoke detectors, towers first.
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "town.h"

typedef struct kind { // what all devices of a kind share; NAN = no threshold
    const char *kind, *id, *property, *unit, *model, *en, *zh;
    double yellow, red, low, interval_s, mount_m;
} kind;

typedef struct roll { // devices of one community while they are called up
    sc_town *town;
    int community, count;
} roll;

static const kind RIVER = {"water_level", "wl",      "water_level_m",
                           "m",           "WL-200R", "Water level gauge",
                           "水位计",      23.2,      24.5,
                           NAN,           60,        6};
static const kind CANAL = {"water_level",
                           "wl",
                           "water_level_m",
                           "m",
                           "WL-200R",
                           "Canal level gauge",
                           "排水渠水位计",
                           22.4,
                           22.9,
                           NAN,
                           60,
                           3};
static const kind POND = {"water_level",
                          "wl",
                          "water_level_m",
                          "m",
                          "WL-200R",
                          "Pond level gauge",
                          "公园湖水位计",
                          23.2,
                          23.5,
                          NAN,
                          300,
                          2};
static const kind ROAD = {"water_level", "wl",    "water_depth_m",
                          "m",           "WD-50", "Ponding gauge",
                          "积水监测仪",  0.15,    0.27,
                          NAN,           60,      0.1};
static const kind SEWER = {"water_level",
                           "wl",
                           "water_depth_m",
                           "m",
                           "WL-80S",
                           "Manhole level sensor",
                           "检查井液位计",
                           1.5,
                           2.2,
                           NAN,
                           60,
                           -1};
static const kind RAIN = {"rain_gauge", "rain", "rain_mm_h", "mm/h", "RG-15", "Rain gauge",
                          "雨量计",     16,     50,          NAN,    60,      1.5};
static const kind PUMP = {"pump_controller",
                          "pump",
                          "pump_current_a",
                          "A",
                          "PC-4",
                          "Pump controller",
                          "水泵控制器",
                          46,
                          60,
                          NAN,
                          60,
                          1.2};
static const kind SMOKE = {"smoke_detector",
                           "smoke",
                           "smoke_pct_m",
                           "%/m",
                           "SD-2",
                           "Smoke detector",
                           "感烟探测器",
                           1.5,
                           3,
                           NAN,
                           300,
                           2.6};
static const kind DOOR = {"door_sensor", "door", "door_open", "1", "DS-1", "Door sensor",
                          "门磁",        NAN,    NAN,         NAN, 600,    2};
static const kind HEAT = {"temperature",
                          "temp",
                          "temperature_cel",
                          "Cel",
                          "TH-3",
                          "Temperature sensor",
                          "温度传感器",
                          40,
                          60,
                          -5,
                          300,
                          2};
static const kind EYE = {"camera_ai",
                         "cam",
                         "people_count",
                         "1",
                         "AI-8",
                         "People counter",
                         "智能视频客流",
                         150,
                         300,
                         NAN,
                         60,
                         4};
static const kind METER = {
    "electricity_meter", "meter", "power_kw", "kW", "EM-3", "Electricity meter",
    "智能电表",          180,     240,        NAN,  900,    1.6};
static const kind AIR = {
    "air_quality",    "air", "pm25_ug_m3", "ug/m3", "AQ-5", "Air quality monitor",
    "空气质量监测仪", 75,    150,          NAN,     300,    3};
static const kind LIFT = {"lift_monitor",
                          "lift",
                          "lift_speed_ms",
                          "m/s",
                          "LM-2",
                          "Lift monitor",
                          "电梯监测终端",
                          2.9,
                          3.2,
                          NAN,
                          60,
                          2};
static const kind BIKE = {"bike_charger",
                          "bike",
                          "charging_current_a",
                          "A",
                          "BC-10",
                          "Bicycle charger",
                          "电动自行车充电桩",
                          38,
                          46,
                          NAN,
                          60,
                          1.2};
static const kind LIGHT = {
    "light",      "light", "power_w", "W", "SL-120", "Street light controller",
    "路灯控制器", 150,     180,       NAN, 900,      9};

// One more device of the community; building may be NULL (outdoors), else level counts.
static void call_up(roll *r, const kind *k, sc_point at, double z, const sc_building *b,
                    int level) {
    sc_world *w = r->town->world;
    if (r->count >= w->params->devices) return;
    r->count++;
    uint64_t entity = (uint64_t)r->community << 32 | (uint64_t)r->count;
    ct_feature *f = sc_add(w, "device", "dev-%d-%s-%04d", r->community + 1, k->id, r->count);
    sc_text(w, f, "kind", "%s", k->kind);
    sc_text(w, f, "property", "%s", k->property);
    sc_text(w, f, "unit", "%s", k->unit);
    sc_text(w, f, "model", "%s-%c", k->model, 'A' + sc_pick(w, entity, SC_DRAW_MODEL, 0, 2));
    if (!isnan(k->yellow)) sc_number(w, f, "threshold_yellow", k->yellow);
    if (!isnan(k->red)) sc_number(w, f, "threshold_red", k->red);
    if (!isnan(k->low)) sc_number(w, f, "threshold_low", k->low);
    sc_number(w, f, "interval_s", k->interval_s);
    sc_number(w, f, "mount_m", k->mount_m);
    if (b) {
        sc_text(w, f, "building", "%s", b->id);
        sc_number(w, f, "storey_level", level);
    }
    sc_text(w, f, "name", "%s %04d", k->en, r->count);
    sc_text(w, f, "name_zh", "%s%04d", k->zh, r->count);
    sc_set_point(w, f, at, z + k->mount_m);
}

static double floor_z(const sc_building *b, int level) {
    return b->ground_floor_m + level * (level < 0 ? 3.6 : b->storey_m);
}

// A place inside, behind entrance `door`, a little aside for each further device.
static sc_point indoors(const sc_building *b, int door, double in, double side) {
    sc_point e = b->entrance[door];
    return (sc_point){e.x - b->out_x * in - b->out_y * side, e.y - b->out_y * in + b->out_x * side};
}

static bool ours(const roll *r, const sc_building *b) {
    return r->town->plan->blocks[b->block].community == r->community;
}

static bool is_use(const sc_building *b, const char *use) {
    return strcmp(b->use, use) == 0;
}

static double ground_at(const roll *r, sc_point at) {
    return sc_ground_z(r->town->ground, at);
}

static void watch_water(roll *r) {
    const sc_town *t = r->town;
    const sc_plan *plan = t->plan;
    const sc_params *p = plan->params;
    int period = sc_plan_period(plan), first = r->community * period;
    double x = sc_plan_node(plan, first + 1, 0).x + 12;
    sc_point shore = {x, sc_shore_y(p, x) - 2},
             canal = {x, sc_dike_y(p, x) + p->dike.canal_offset_m};
    call_up(r, &RIVER, shore, p->river.level_m, NULL, 0);
    call_up(r, &CANAL, canal, p->dike.canal_level_m, NULL, 0);
    for (int k = 0; k < t->ground->n_ponds; k++)
        if (sc_plan_period_m(plan) * r->community <=
                t->ground->ponds[k].frame.origin.x - p->edge_m &&
            sc_plan_period_m(plan) * (r->community + 1) >
                t->ground->ponds[k].frame.origin.x - p->edge_m)
            call_up(r, &POND, t->ground->ponds[k].frame.origin, t->ground->ponds[k].level_m, NULL,
                    0);
    for (int k = 0; k < t->ground->n_ramps; k++) {
        double along =
            t->ground->ramps[k].foot.x - p->edge_m - sc_plan_period_m(plan) * r->community;
        if (along < 0 || along >= sc_plan_period_m(plan)) continue;
        call_up(r, &ROAD, t->ground->ramps[k].foot, t->ground->ramps[k].foot_m, NULL, 0);
    }
    for (int i = first; i <= first + period; i++) {
        if (i == first + period && i != plan->n_columns - 1)
            continue; // the next community's street
        for (int j = 0; j < 3; j++) {
            sc_point at = sc_plan_node(plan, i, j);
            if (sc_plan_is_underpass(plan, i) && j == p->underpass.row) {
                call_up(r, &ROAD, at, ground_at(r, at), NULL, 0);
                call_up(r, &PUMP, (sc_point){at.x - p->underpass.width_m / 2 - 3, at.y},
                        ground_at(r, (sc_point){at.x - 10, at.y}), NULL, 0);
                continue;
            }
            at.x += 3;
            call_up(r, &SEWER, at, ground_at(r, at), NULL, 0);
        }
    }
}

static void watch_blocks(roll *r) {
    const sc_plan *plan = r->town->plan;
    for (int k = 0; k < plan->n_blocks; k++) {
        const sc_block *b = &plan->blocks[k];
        if (b->community != r->community) continue;
        sc_point middle = sc_at(&b->frame, b->frame.width / 2 + 3, b->frame.depth / 2 + 3);
        if (k % 2 == 0) call_up(r, &AIR, middle, ground_at(r, middle), NULL, 0);
        sc_point low = sc_at(&b->frame, 20, 2);
        if (b->row < 2) call_up(r, &ROAD, low, ground_at(r, low), NULL, 0);
        bool crowded = b->programme->kind == SC_PLAZA || b->programme->kind == SC_MARKET ||
                       b->programme->kind == SC_COMMERCIAL || b->programme->kind == SC_SCHOOL;
        for (int c = 0; crowded && c < 4; c++) {
            sc_point at = sc_at(&b->frame, b->frame.width * (c % 2 ? 0.8 : 0.2),
                                b->frame.depth * (c / 2 ? 0.65 : 0.05));
            call_up(r, &EYE, at, ground_at(r, at), NULL, 0);
        }
    }
}

static void watch_buildings(roll *r) {
    const sc_town *t = r->town;
    bool gauge = false;
    for (size_t i = 0; i < t->n_buildings; i++) {
        const sc_building *b = &t->buildings[i];
        if (!ours(r, b) || !b->n_entrances) continue;
        if (is_use(b, "garage")) {
            for (int k = 0; k < 6; k++)
                call_up(r, &BIKE, indoors(b, 0, 2, -6.5 + 2.6 * k), b->base_m, b, 0);
            call_up(r, &SMOKE, indoors(b, 0, 2.5, 4), b->ground_floor_m, b, 0);
            continue;
        }
        if (is_use(b, "utility")) {
            call_up(r, &HEAT, indoors(b, 0, 2.5, 1), b->ground_floor_m, b, 0);
            continue;
        }
        if (!b->units_per_bay && !gauge && b->storeys >= 4) {
            call_up(r, &RAIN, b->centre, b->base_m + b->height_m, b, b->storeys - 1);
            gauge = true;
        }
        int lifts = b->storeys < 4 || (b->units_per_bay && b->storeys < 7) ? 0
                    : b->bays > 1 && b->units_per_bay                      ? b->bays
                    : b->units_per_bay                                     ? 3
                                                                           : 2;
        for (int k = 0; k < lifts; k++)
            call_up(r, &LIFT,
                    indoors(b, k < b->n_entrances && b->bays > 1 ? k : 0, 4,
                            b->bays > 1 ? 1.5 : 3.0 * k - 3),
                    b->ground_floor_m, b, 0);
        for (int k = 0; k < b->n_entrances; k++) {
            call_up(r, &DOOR, indoors(b, k, 0.2, 0), b->ground_floor_m, b, 0);
            call_up(r, &METER, indoors(b, k, 1.5, 1.5), b->ground_floor_m, b, 0);
        }
        if (!b->units_per_bay) call_up(r, &HEAT, indoors(b, 0, 3, 2), b->ground_floor_m, b, 0);
    }
}

static void watch_lights(roll *r, int share) {
    const sc_layer *layer = sc_world_layer(r->town->world, "component");
    const sc_params *p = r->town->world->params;
    double period_m = sc_plan_period_m(r->town->plan);
    int taken = 0;
    for (size_t k = 0; k < layer->count && taken < share; k++) {
        const ct_feature *c = &layer->items[k];
        if (strcmp(ct_feature_text(c, "kind", ""), "lamp") != 0) continue;
        sc_point at = {c->geom.xyz[0] - p->east_m, c->geom.xyz[1] - p->north_m};
        int community = (int)fmin(p->factor - 1, fmax(0, floor((at.x - p->edge_m) / period_m)));
        if (community != r->community) continue;
        taken++;
        call_up(r, &LIGHT, at, ground_at(r, at), NULL, 0);
    }
}

// Landings of a building: one place a stair and storey.
static int landings(const sc_building *b) {
    return is_use(b, "garage") || is_use(b, "utility") ? 0 : b->n_entrances * b->storeys;
}

static void detect(roll *r, const sc_building *b, int place) {
    call_up(r, &SMOKE, indoors(b, place / b->storeys, 4, 0), floor_z(b, place % b->storeys), b,
            place % b->storeys);
}

// Detectors on the landings: all of the towers' storeys, then evenly over those of the other
// buildings.
static void watch_smoke(roll *r) {
    const sc_town *t = r->town;
    uint64_t others = 0, seen = 0;
    for (size_t i = 0; i < t->n_buildings; i++) {
        const sc_building *b = &t->buildings[i];
        bool tower = b->units_per_bay && b->bays == 1;
        if (!ours(r, b)) continue;
        for (int k = 0; tower && k < landings(b); k++) detect(r, b, k);
        if (!tower) others += (uint64_t)landings(b);
    }
    uint64_t wanted = (uint64_t)(t->world->params->devices - r->count);
    for (size_t i = 0; i < t->n_buildings; i++) {
        const sc_building *b = &t->buildings[i];
        if (!ours(r, b) || (b->units_per_bay && b->bays == 1)) continue;
        for (int k = 0; k < landings(b); k++, seen++)
            if (seen * wanted / others != (seen + 1) * wanted / others) detect(r, b, k);
    }
}

static void add_camera(sc_town *town, sc_point at, double heading, double range,
                       const sc_building *b, const char *en, const char *zh) {
    sc_world *w = town->world;
    size_t number = sc_world_layer(w, "camera")->count + 1;
    ct_feature *f = sc_add(w, "camera", "camera-%03zu", number);
    sc_number(w, f, "heading_deg", heading);
    sc_number(w, f, "fov_deg", b ? 100 : 70);
    sc_number(w, f, "range_m", range);
    if (b) sc_text(w, f, "building", "%s", b->id);
    sc_text(w, f, "name", "%s %03zu", en, number);
    sc_text(w, f, "name_zh", "%s%03zu", zh, number);
    sc_set_point(w, f, at, (b ? b->ground_floor_m + 2.6 : sc_ground_z(town->ground, at) + 5));
}

static void lay_cameras(sc_town *town) {
    const sc_plan *plan = town->plan;
    for (int i = 0; i < plan->n_columns; i++)
        for (int j = 0; j < plan->n_rows; j++) {
            sc_point at = sc_plan_node(plan, i, j);
            at.x += sc_plan_column(plan, i)->red_line_m / 2 - 1;
            at.y -= plan->params->rows[j].red_line_m / 2 - 1;
            add_camera(town, at, 315, 80, NULL, "Crossing camera", "路口监控");
        }
    for (size_t k = 0; k < town->n_gates; k++)
        add_camera(town, (sc_point){town->gates[k].at.x - 1.5, town->gates[k].at.y - 1.5},
                   town->gates[k].heading_deg, 30, NULL, "Gate camera", "出入口监控");
    for (size_t k = 0; k < town->n_buildings; k++) {
        const sc_building *b = &town->buildings[k];
        if (b->n_entrances && (b->height_m > 27 || is_use(b, "garage")))
            add_camera(town, indoors(b, 0, 2, -1.5),
                       fmod(450 - atan2(b->out_y, b->out_x) * 57.29577951308232, 360), 15, b,
                       "Lobby camera", "门厅监控");
    }
}

void sc_lay_devices(sc_town *town) {
    lay_cameras(town);
    for (int c = 0; c < town->world->params->factor; c++) {
        roll r = {.town = town, .community = c};
        watch_water(&r);
        watch_blocks(&r);
        watch_buildings(&r);
        watch_lights(&r, 300);
        watch_smoke(&r);
        if (sc_world_status(town->world) == CT_OK && r.count != town->world->params->devices)
            sc_world_stick(town->world,
                           ct_fail(CT_RANGE, "devices.total: places for %d devices only", r.count));
    }
}
