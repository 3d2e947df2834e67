// The storage engine's arrays from small buildings and garages: rooms, ways in, stairs, ramps,
// pumps, each warning; and what water does there.
#include "flood_twin.h"

#include "sim/domain/storage_domain.h"

#define NX 40
#define NY 30

static double flat(uint32_t row, uint32_t column) {
    (void)row;
    (void)column;
    return 10;
}

// A ramp from (20, 5) down to (30, 5), four metres wide.
static double cut(uint32_t row, uint32_t column) {
    const bool across = row >= NY - 7 && row < NY - 3;
    if (!across || column < 20 || column >= 32) return 10;
    return 10 - 0.35 * fmin(10, column - 20 + 0.5);
}

static flood_twin g_twin; // without features: those of a test come as edits

static int set_up(void **state) {
    (void)state;
    flood_twin_make(&g_twin, NX, NY, 1, flat);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    flood_twin_end(&g_twin);
    return 0;
}

typedef struct made {
    ct_flood_domain *ground;
    ct_storage_domain *inside;
} made;

static made make(json_t *edits) {
    made m = {NULL, NULL};
    ct_changeset *set = flood_twin_set(&g_twin, edits);
    const ct_flood_domain_options options = {.cell_m = 1,
                                             .manning = {0.03, 0.016, 0.015, 0.06, 0.025}};
    ct_reader *reader;
    ok(ct_store_reader(&reader, g_twin.store));
    if (ct_flood_domain_make(&m.ground, g_twin.store, reader, set, &options) != CT_OK ||
        ct_storage_domain_make(&m.inside, g_twin.store, reader, set, m.ground) != CT_OK)
        fail_msg("%s", ct_err_message());
    ct_reader_release(reader);
    ct_changeset_free(set);
    return m;
}

static void unmake(made m) {
    ct_storage_domain_free(m.inside);
    ct_flood_domain_free(m.ground);
}

static json_t *opening(const char *id, double x, double y, const char *properties) {
    return flood_twin_edit(
        "opening", id,
        json_pack("{s:s,s:o}", "type", "Point", "coordinates", flood_twin_point(x, y)), properties);
}

static json_t *line_of(json_t *points, const char *more) {
    char text[300];
    (void)snprintf(text, sizeof text, "{\"kind\":\"ramp\"%s}", more);
    return flood_twin_edit("transition", "ramp",
                           json_pack("{s:s,s:o}", "type", "LineString", "coordinates", points),
                           text);
}

static json_t *place(double x, double y, double z) {
    return json_pack("[f,f,f]", FT_WEST + x, FT_SOUTH + y, z);
}

// Straight, from the head at (20, 5) to the foot at (30, 5).
static json_t *ramp_down(double head_m, double foot_m, const char *more) {
    char text[200];
    (void)snprintf(text, sizeof text, ",\"width_m\":4%s", more);
    return line_of(json_pack("[o,o]", place(30, 5, foot_m), place(20, 5, head_m)), text);
}

static json_t *ramp(const char *more) {
    return ramp_down(10.1, 6.5, more);
}

static json_t *garage(void) {
    return flood_twin_box("parking", "garage", 28, 10, 38, 20, "{\"kind\":\"underground\"}");
}

// Ground floor and basement reached, the storey above not.
static json_t *house(void) {
    return json_pack(
        "[o,o,o,o,o,o]",
        flood_twin_box("building", "house", 10, 10, 16, 14, "{\"storeys_above\":2}"),
        flood_twin_box("storey", "g", 10, 10, 16, 14,
                       "{\"building\":\"house\",\"level\":0,\"elevation_m\":10.15,"
                       "\"height_m\":3}"),
        flood_twin_box("storey", "b", 10, 10, 16, 14,
                       "{\"building\":\"house\",\"level\":-1,\"elevation_m\":7.15,"
                       "\"height_m\":3}"),
        flood_twin_box("storey", "up", 10, 10, 16, 14,
                       "{\"building\":\"house\",\"level\":1,\"elevation_m\":13.15,"
                       "\"height_m\":3}"),
        opening("door", 10, 12.2,
                "{\"kind\":\"entrance\",\"storey\":\"g\",\"building\":\"house\","
                "\"width_m\":1.5,\"height_m\":2.2}"),
        flood_twin_edit("transition", "stair", json_null(),
                        "{\"kind\":\"stair\",\"from_storey\":\"up\",\"to_storey\":\"b\","
                        "\"width_m\":1.2}"));
}

static json_t *with(json_t *edits, json_t *edit) {
    json_array_append_new(edits, edit);
    return edits;
}

static size_t room_of(const made *m, const char *id) {
    for (size_t i = 0; i < m->inside->params.area_count; i++)
        if (strcmp(m->inside->rooms[i].id, id) == 0) return i;
    fail_msg("there is no room %s", id);
    return 0;
}

static bool has_way(const made *m, const char *id) {
    for (size_t i = 0; i < m->inside->params.connection_count; i++)
        if (strcmp(m->inside->connection_ids[i], id) == 0) return true;
    return false;
}

static const ct_storage_connection *way_of(const made *m, const char *id) {
    for (size_t i = 0; i < m->inside->params.connection_count; i++)
        if (strcmp(m->inside->connection_ids[i], id) == 0) return &m->inside->params.connections[i];
    fail_msg("there is no way %s", id);
    return NULL;
}

static uint32_t cell_of(const made *m, const char *id) {
    const ct_storage_connection *c = way_of(m, id);
    assert_int_equal(c->from.kind, CT_STORAGE_PLACE);
    assert_int_equal(m->inside->places[c->from.index].cell_count, 1);
    return m->inside->places[c->from.index].cells[0];
}

static uint32_t cell(int x, int y) {
    return (uint32_t)((NY - 1 - y) * NX + x);
}

static void warned(const made *m, ct_storage_rule rule, const char *id) {
    for (int i = 0; i < CT_STORAGE_RULES; i++)
        assert_int_equal(m->inside->warnings[i].count, i == (int)rule);
    assert_string_equal(m->inside->warnings[rule].ids[0], id);
    assert_true(ct_storage_rule_texts[rule].rule && ct_storage_rule_texts[rule].zh);
}

static void no_rooms_no_domain(void **state) {
    (void)state;
    made m = make(json_pack("[o]", flood_twin_box("green", "lawn", 1, 1, 4, 4, NULL)));
    assert_null(m.inside);
    unmake(m);
}

static void storeys_become_rooms(void **state) {
    (void)state;
    made m = make(house());
    assert_int_equal(m.inside->params.area_count, 2);
    const size_t g = room_of(&m, "g"), b = room_of(&m, "b");
    assert_near(m.inside->rooms[g].area_m2, 0.85 * 24, 1e-9);
    assert_near(m.inside->rooms[g].floor_m, 10.15, 0);
    assert_int_equal(m.inside->rooms[g].kind, CT_STORAGE_OF_STOREY);
    const ct_storage_connection *door = way_of(&m, "door");
    assert_int_equal(door->kind, CT_STORAGE_OPENING);
    assert_int_equal(door->to.index, g);
    assert_near(door->sill_m, 10.15, 0);
    assert_near(door->width_m, 1.5, 0);
    assert_near(door->height_m, 2.2, 0);
    assert_int_equal(door->setting.count, 0); // an entrance stands open
    assert_int_equal(door->crest.count, 0);
    assert_int_equal(cell_of(&m, "door"), cell(9, 12));
    // One stair from top to bottom is a hole in each floor; of the upper one nothing is left.
    assert_int_equal(m.inside->params.connection_count, 2);
    const ct_storage_connection *stair = way_of(&m, "stair");
    assert_int_equal(stair->kind, CT_STORAGE_SHAFT);
    assert_int_equal(stair->from.index, g);
    assert_int_equal(stair->to.index, b);
    assert_near(stair->sill_m, 10.15, 0);
    assert_near(stair->width_m, 1.2, 0);
    for (int i = 0; i < CT_STORAGE_RULES; i++) assert_int_equal(m.inside->warnings[i].count, 0);
    unmake(m);
}

static void spaces_tell_the_area(void **state) {
    (void)state;
    made m =
        make(with(house(), flood_twin_box("space", "hall", 10, 10, 15, 14, "{\"storey\":\"g\"}")));
    assert_near(m.inside->rooms[room_of(&m, "g")].area_m2, 20, 1e-9);
    unmake(m);
    // Too few of them to be all.
    m = make(with(house(), flood_twin_box("space", "hall", 10, 10, 12, 14, "{\"storey\":\"g\"}")));
    assert_near(m.inside->rooms[room_of(&m, "g")].area_m2, 0.85 * 24, 1e-9);
    unmake(m);
}

static void doors_and_windows(void **state) {
    (void)state;
    json_t *edits = house();
    with(edits, opening("back", 16, 12,
                        "{\"kind\":\"door\",\"is_external\":true,\"storey\":\"g\","
                        "\"width_m\":0.9,\"clear_width_m\":0.8,\"sill_m\":0.05}"));
    with(edits, opening("inner", 13, 12, "{\"kind\":\"door\",\"storey\":\"g\",\"width_m\":0.9}"));
    with(edits, opening("shut", 12, 10, "{\"kind\":\"window\",\"storey\":\"g\",\"width_m\":1.2}"));
    with(edits, opening("ajar", 14, 10,
                        "{\"kind\":\"window\",\"storey\":\"g\",\"width_m\":1.2,"
                        "\"state\":\"open\"}"));
    with(edits, opening("boarded", 13, 14,
                        "{\"kind\":\"entrance\",\"storey\":\"g\",\"width_m\":2,"
                        "\"flood_barrier_m\":0.6,\"state\":\"open\"}"));
    made m = make(edits);
    const ct_storage_connection *back = way_of(&m, "back");
    assert_near(back->sill_m, 10.2, 1e-12);
    assert_near(back->width_m, 0.8, 0);
    assert_near(back->height_m, 2.1, 0);
    assert_near(back->leak_m2, 0.008 * 0.8, 1e-12);
    assert_int_equal(back->setting.count, 1);
    assert_near(back->setting.y[0], 0, 0);
    assert_false(has_way(&m, "inner"));
    assert_false(has_way(&m, "shut"));
    assert_near(way_of(&m, "ajar")->sill_m, 11.05, 1e-12);
    assert_near(way_of(&m, "ajar")->leak_m2, 0, 0);
    const ct_storage_connection *boarded = way_of(&m, "boarded");
    assert_int_equal(boarded->crest.count, 1);
    assert_near(boarded->crest.y[0], 10.75, 1e-12);
    unmake(m);
}

static void a_building_without_storeys_is_one_room(void **state) {
    (void)state;
    json_t *edits = json_pack(
        "[o,o,o]", flood_twin_box("building", "shed", 10, 10, 14, 14, "{\"base_m\":10.3}"),
        opening("gate", 10, 12, "{\"kind\":\"entrance\",\"building\":\"shed\",\"width_m\":3}"),
        opening("high", 14, 12,
                "{\"kind\":\"entrance\",\"building\":\"shed\",\"width_m\":3,\"sill_m\":11}"));
    made m = make(edits);
    assert_int_equal(m.inside->params.area_count, 1);
    assert_int_equal(m.inside->rooms[0].kind, CT_STORAGE_OF_BUILDING);
    assert_string_equal(m.inside->rooms[0].id, "shed");
    assert_near(m.inside->rooms[0].floor_m, 10.3, 1e-12);
    assert_near(way_of(&m, "gate")->sill_m, 10.3, 1e-12);
    assert_false(has_way(&m, "high")); // more than ten metres over the ground
    unmake(m);
}

static void ramps_lead_into_garages(void **state) {
    (void)state;
    // The ground does not show the ramp: over the crest.
    made m = make(json_pack("[o,o]", garage(), ramp("")));
    assert_int_equal(m.inside->rooms[0].kind, CT_STORAGE_OF_GARAGE);
    assert_near(m.inside->rooms[0].area_m2, 95, 1e-9);
    assert_near(m.inside->rooms[0].floor_m, 6.5, 0);
    assert_near(way_of(&m, "ramp")->sill_m, 10.1, 0);
    assert_near(way_of(&m, "ramp")->height_m, 0, 0);
    assert_int_equal(cell_of(&m, "ramp"), cell(19, 5));
    for (size_t i = 0; i < (NX + 1) * NY; i++) assert_true(isnan(m.ground->crest_x_m[i]));
    unmake(m);
    m = make(json_pack("[o,o]", garage(), ramp(",\"flood_barrier_m\":0.8")));
    assert_near(way_of(&m, "ramp")->crest.y[0], 10.9, 1e-12);
    unmake(m);
}

static void ramps_in_the_ground_have_their_gate_at_the_foot(void **state) {
    (void)state;
    flood_twin_ground(&g_twin, NX, NY, 1, cut);
    made m = make(json_pack("[o,o]", garage(), ramp(",\"flood_barrier_m\":0.8")));
    assert_near(way_of(&m, "ramp")->sill_m, m.ground->bed_m[cell_of(&m, "ramp")], 0);
    assert_near(way_of(&m, "ramp")->height_m, 2.2, 0);
    assert_int_equal(way_of(&m, "ramp")->crest.count, 0);
    assert_near(m.ground->bed_m[cell_of(&m, "ramp")], 6.5, 0.2);
    // The crest across the head, the parapets along both sides and behind the gate's cell.
    size_t crests = 0, ends = 0, sides = 0;
    for (uint32_t row = 0; row < NY; row++)
        for (uint32_t i = 0; i <= NX; i++) {
            const double crest_m = m.ground->crest_x_m[row * (NX + 1) + i];
            if (isnan(crest_m)) continue;
            assert_true(i == 20 || i == 31);
            assert_near(crest_m, i == 20 ? 10.9 : 11.2, 1e-12);
            ++*(i == 20 ? &crests : &ends);
        }
    for (uint32_t row = 0; row <= NY; row++)
        for (uint32_t i = 0; i < NX; i++) {
            const double crest_m = m.ground->crest_y_m[row * NX + i];
            if (isnan(crest_m)) continue;
            assert_true(row == NY - 3 || row == NY - 7);
            assert_near(crest_m, 11.2, 1e-12);
            sides++;
        }
    assert_int_equal(crests, 4); // the four metres
    assert_int_equal(ends, 4);
    assert_int_equal(sides, 2 * 11); // ten metres, and the gate's cell
    unmake(m);
    flood_twin_ground(&g_twin, NX, NY, 1, flat);
}

// What stands on or over a garage and leads nowhere under the ground.
static void walks_are_no_garage_ramps(void **state) {
    (void)state;
    made m = make(json_pack("[o,o]", garage(), ramp_down(10.45, 10, "")));
    assert_int_equal(m.inside->params.area_count, 0); // a wheelchair ramp in the yard
    warned(&m, CT_STORAGE_RULE_GARAGE_NO_RAMP, "garage");
    unmake(m);
    m = make(json_pack("[o,o]", garage(), ramp_down(14, 10, "")));
    assert_int_equal(m.inside->params.area_count, 0); // from a deck down to the street
    unmake(m);
}

static double deep(uint32_t row, uint32_t column) {
    const double y = cut(row, column);
    return y < 10 ? 10 - 0.77 * (10 - y) : y; // to 7.3: the cells show half of it
}

// The gate stands on the ground that the cells have, however deep the ramp is.
static void gates_stand_on_the_cells_ground(void **state) {
    (void)state;
    flood_twin_ground(&g_twin, NX, NY, 1, deep);
    made m = make(json_pack("[o,o]", garage(), ramp_down(10.1, 5, "")));
    const ct_storage_connection *way = way_of(&m, "ramp");
    const double bed_m = m.ground->bed_m[cell_of(&m, "ramp")];
    assert_true(bed_m > 7.2 && bed_m < 7.6);
    assert_near(way->sill_m, bed_m, 1e-12);
    ct_storage *storage;
    double q;
    ok(ct_storage_open(&storage, &m.inside->params));
    ok(ct_storage_rating(storage, 0, bed_m + 0.2, 5, &q));
    assert_true(q > 0.3);
    ct_storage_close(storage);
    unmake(m);
    flood_twin_ground(&g_twin, NX, NY, 1, flat);
}

// Points that stand on each other, and a ramp that turns back, keep their crest.
static void odd_lines_keep_their_crest(void **state) {
    (void)state;
    flood_twin_ground(&g_twin, NX, NY, 1, cut);
    for (int odd = 0; odd < 2; odd++) {
        json_t *points = odd ? json_pack("[o,o,o,o]", place(20, 5, 10.1), place(20, 5, 10.1),
                                         place(25, 5, 8), place(30, 5, 6.5))
                             : json_pack("[o,o]", place(20, 5, 10.1), place(30, 5, 6.5));
        made m = make(json_pack("[o,o]", garage(), line_of(points, ",\"width_m\":4")));
        size_t crests = 0;
        for (size_t i = 0; i < (NX + 1) * NY; i++) crests += m.ground->crest_x_m[i] == 10.1;
        assert_int_equal(crests, 4);
        unmake(m);
    }
    // A width of nothing that cells can show: over the crest.
    made m = make(json_pack("[o,o]", garage(),
                            line_of(json_pack("[o,o]", place(20, 5, 10.1), place(30, 5, 6.5)),
                                    ",\"width_m\":0.2,\"flood_barrier_m\":0.5")));
    assert_near(way_of(&m, "ramp")->sill_m, 10.1, 1e-12);
    assert_near(way_of(&m, "ramp")->crest.y[0], 10.6, 1e-12);
    unmake(m);
    flood_twin_ground(&g_twin, NX, NY, 1, flat);
}

static json_t *pump(const char *more) {
    char text[200];
    (void)snprintf(text, sizeof text, "{%s}", more);
    return flood_twin_edit(
        "pump", "pump",
        json_pack("{s:s,s:o}", "type", "Point", "coordinates", flood_twin_point(33, 15)), text);
}

static void pumps_stand_in_garages(void **state) {
    (void)state;
    made m = make(json_pack("[o,o,o]", garage(), ramp(""), pump("\"capacity_m3s\":0.05")));
    const ct_storage_connection *p = way_of(&m, "pump");
    assert_int_equal(p->kind, CT_STORAGE_PUMP);
    assert_int_equal(p->to.kind, CT_STORAGE_OUTSIDE);
    assert_near(p->curve.y[0], 0.05, 0);
    assert_near(p->on_m, 6.8, 1e-12);
    assert_near(p->off_m, 6.6, 1e-12);
    unmake(m);
    m = make(json_pack("[o,o,o]", garage(), ramp(""),
                       pump("\"capacity_m3s\":0.05,\"on_level_m\":7.5,\"off_level_m\":7")));
    assert_near(way_of(&m, "pump")->on_m, 7.5, 0);
    unmake(m);
    m = make(json_pack("[o,o,o]", garage(), ramp(""), pump("")));
    assert_false(has_way(&m, "pump"));
    warned(&m, CT_STORAGE_RULE_PUMP_CAPACITY, "pump");
    unmake(m);
    m = make(json_pack("[o,o]", ramp(""), pump("\"capacity_m3s\":0.05")));
    warned(&m, CT_STORAGE_RULE_PUMP_PLACE, "pump");
    unmake(m);
}

static void what_does_not_fit_is_told(void **state) {
    (void)state;
    made m =
        make(with(house(), opening("lost", 10, 12, "{\"kind\":\"entrance\",\"width_m\":1.5}")));
    warned(&m, CT_STORAGE_RULE_WAY_ALONE, "lost");
    unmake(m);
    m = make(with(house(), opening("thin", 10, 12, "{\"kind\":\"entrance\",\"storey\":\"g\"}")));
    warned(&m, CT_STORAGE_RULE_WAY_SIZE, "thin");
    unmake(m);
    json_t *edits = json_pack(
        "[o,o,o]", flood_twin_box("building", "hall", 10, 10, 30, 25, "{\"base_m\":10}"),
        opening("deep", 20, 17, "{\"kind\":\"entrance\",\"building\":\"hall\",\"width_m\":2}"),
        opening("front", 10, 17, "{\"kind\":\"entrance\",\"building\":\"hall\",\"width_m\":2}"));
    m = make(edits);
    warned(&m, CT_STORAGE_RULE_WAY_COVERED, "deep");
    unmake(m);
    m = make(with(house(), garage()));
    warned(&m, CT_STORAGE_RULE_GARAGE_NO_RAMP, "garage");
    assert_int_equal(m.inside->params.area_count, 2);
    unmake(m);
}

// ---- water --------------------------------------------------------------------------------------
typedef struct outcome {
    ct_storage_indicators indicators;
    ct_storage_flow_report ramp;
    ct_street_ledger ledger;
    uint64_t hash[2];
    size_t rows;
} outcome;

// Ten minutes of 600 mm/h on everything; nothing leaves over the edges.
static outcome flood(json_t *edits) {
    const double start = 0, rate = 0.6 / 3600;
    made m = make(edits);
    ct_street_params p;
    ct_street *street;
    outcome o = {0};
    ct_street_params_init(&p);
    ct_flood_domain_params(&p.flood, m.ground);
    p.flood.edge_count = 0;
    p.flood.rain = (ct_flood_series){1, &start, &rate};
    p.storage = m.inside->params;
    p.storage_places = m.inside->places;
    if (ct_street_open(&street, &p) != CT_OK || ct_street_advance(street, 600) != CT_OK)
        fail_msg("%s", ct_err_message());
    ok(ct_storage_domain_indicators(&o.indicators, m.inside, street));
    for (size_t i = 0; i < m.inside->params.connection_count; i++)
        if (strcmp(m.inside->connection_ids[i], "ramp") == 0)
            ok(ct_storage_flow_get(ct_street_storage(street), i, &o.ramp));
    ct_street_ledger_get(street, &o.ledger);
    ct_street_hash(street, o.hash);
    ct_buf rows;
    ct_buf_init(&rows, 1 << 20);
    ok(ct_storage_domain_rows(&rows, m.inside, street));
    for (size_t i = 0; i < rows.len; i++) o.rows += rows.data[i] == '\n';
    assert_int_equal(o.rows, 1 + m.inside->params.area_count + m.inside->params.connection_count);
    ct_buf_fini(&rows);
    ct_street_close(street);
    unmake(m);
    return o;
}

static void water_comes_in_and_barriers_hold_it(void **state) {
    (void)state;
    json_t *edits = house();
    with(edits, garage());
    with(edits, ramp(""));
    // 0.1 m of rain: over the crest of the ramp at the end; not over the sill of the house.
    outcome open = flood(edits);
    assert_true(open.ramp.forward_m3 > 0);
    assert_near(open.indicators.garage_volume_m3, open.ramp.forward_m3 - open.ramp.backward_m3,
                1e-12 * open.ramp.forward_m3);
    assert_int_equal(open.indicators.storeys_flooded, 0);
    assert_near(open.ledger.storage_m3, open.indicators.inside_volume_m3, 1e-12);
    assert_true(fabs(open.ledger.error_m3) < 1e-6 * open.ledger.in_m3);
    edits = house();
    with(edits, garage());
    with(edits, ramp(",\"flood_barrier_m\":0.5"));
    outcome held = flood(edits);
    assert_true(held.ramp.forward_m3 == 0); // exactly
    assert_true(held.indicators.garage_volume_m3 == 0);
    assert_int_equal(held.indicators.garages_flooded, 0);
    assert_true(fabs(held.ledger.error_m3) < 1e-6 * held.ledger.in_m3);
    // What the garage has not taken stands outside.
    assert_near(held.ledger.surface_m3 + held.ledger.under_way_m3,
                open.ledger.surface_m3 + open.ledger.under_way_m3 + open.ledger.storage_m3, 1e-3);
    edits = house();
    with(edits, garage());
    with(edits, ramp(",\"flood_barrier_m\":0.5"));
    outcome again = flood(edits);
    assert_memory_equal(again.hash, held.hash, sizeof held.hash);
}

static void a_basement_fills_by_the_stair(void **state) {
    (void)state;
    json_t *edits = json_pack(
        "[o,o,o,o,o]", flood_twin_box("building", "house", 10, 10, 16, 14, NULL),
        flood_twin_box("storey", "g", 10, 10, 16, 14,
                       "{\"building\":\"house\",\"level\":0,\"elevation_m\":10.0,"
                       "\"height_m\":3}"),
        flood_twin_box("storey", "b", 10, 10, 16, 14,
                       "{\"building\":\"house\",\"level\":-1,\"elevation_m\":7,"
                       "\"height_m\":3}"),
        opening("door", 10, 12,
                "{\"kind\":\"entrance\",\"storey\":\"g\",\"width_m\":1.5,\"height_m\":2.2}"),
        flood_twin_edit("transition", "stair", json_null(),
                        "{\"kind\":\"stair\",\"from_storey\":\"b\",\"to_storey\":\"g\"}"));
    outcome o = flood(edits);
    assert_int_equal(o.indicators.storeys_flooded, 2);
    assert_true(o.indicators.inside_volume_m3 > 5);
    assert_true(fabs(o.ledger.error_m3) < 1e-6 * o.ledger.in_m3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_rooms_no_domain),
        cmocka_unit_test(storeys_become_rooms),
        cmocka_unit_test(spaces_tell_the_area),
        cmocka_unit_test(doors_and_windows),
        cmocka_unit_test(a_building_without_storeys_is_one_room),
        cmocka_unit_test(ramps_lead_into_garages),
        cmocka_unit_test(ramps_in_the_ground_have_their_gate_at_the_foot),
        cmocka_unit_test(walks_are_no_garage_ramps),
        cmocka_unit_test(gates_stand_on_the_cells_ground),
        cmocka_unit_test(odd_lines_keep_their_crest),
        cmocka_unit_test(pumps_stand_in_garages),
        cmocka_unit_test(what_does_not_fit_is_told),
        cmocka_unit_test(water_comes_in_and_barriers_hold_it),
        cmocka_unit_test(a_basement_fills_by_the_stair),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
