// The drain engine's arrays from a small network: places on the grid, what is taken where features
// are silent, still water from the outfalls on, and each warning.
#include "flood_twin.h"

#include "sim/domain/drains_domain.h"

#define NX 40
#define NY 20

static double slope(uint32_t row, uint32_t column) {
    (void)row;
    return 20 - 0.1 * column;
}

static flood_twin g_twin; // without features: those of a test come as edits

static int set_up(void **state) {
    (void)state;
    flood_twin_make(&g_twin, NX, NY, 1, slope);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    flood_twin_end(&g_twin);
    return 0;
}

static json_t *point_of(const char *cls, const char *id, double x, double y,
                        const char *properties) {
    return flood_twin_edit(
        cls, id, json_pack("{s:s,s:o}", "type", "Point", "coordinates", flood_twin_point(x, y)),
        properties);
}

static json_t *node(const char *id, double x, const char *properties) {
    return point_of("drain_node", id, x, 10.5, properties);
}

static json_t *link_of(const char *id, const char *from, const char *to, const char *more) {
    char text[300];
    const double none[] = {1, 1, 2, 1};
    (void)snprintf(text, sizeof text, "{\"from_node\":\"%s\",\"to_node\":\"%s\"%s}", from, to,
                   more);
    json_t *edit = flood_twin_line("drain_link", id, 2, none, text);
    json_object_set_new(edit, "geometry", json_null());
    return edit;
}

#define ROUND ",\"diameter_m\":0.5"

// A manhole, an inlet that drains to it, an outfall.
static json_t *network(void) {
    return json_pack("[o,o,o,o,o]", node("in", 5.5, "{\"kind\":\"inlet\",\"invert_m\":18.6}"),
                     node("mh", 10.5, "{\"kind\":\"manhole\",\"invert_m\":17.5}"),
                     node("out", 35.5, "{\"kind\":\"outfall\",\"invert_m\":15.5}"),
                     link_of("pipe-in", "in", "mh", ",\"diameter_m\":0.3,\"to_invert_m\":18.4"),
                     link_of("pipe-mh", "mh", "out", ROUND));
}

typedef struct made {
    ct_flood_domain *ground;
    ct_drains_domain *drains;
} made;

static made make(json_t *edits) {
    made m = {NULL, NULL};
    ct_changeset *set = flood_twin_set(&g_twin, edits);
    const ct_flood_domain_options options = {
        .cell_m = 1, .manning = {0.03, 0.016, 0.015, 0.06, 0.025}, .drains = true};
    ct_reader *reader;
    ok(ct_store_reader(&reader, g_twin.store));
    if (ct_flood_domain_make(&m.ground, g_twin.store, reader, set, &options) != CT_OK ||
        ct_drains_domain_make(&m.drains, g_twin.store, reader, set, m.ground) != CT_OK)
        fail_msg("%s", ct_err_message());
    ct_reader_release(reader);
    ct_changeset_free(set);
    return m;
}

static void unmake(made m) {
    ct_drains_domain_free(m.drains);
    ct_flood_domain_free(m.ground);
}

static json_t *with(json_t *edits, json_t *edit) {
    json_array_append_new(edits, edit);
    return edits;
}

static json_t *set_of(const char *id, const char *properties) {
    return json_pack("{s:s,s:s,s:o}", "op", "set", "id", id, "properties",
                     flood_twin_json(properties));
}

static size_t index_of(const char *const *ids, size_t n, const char *id) {
    for (size_t i = 0; i < n; i++)
        if (strcmp(ids[i], id) == 0) return i;
    fail_msg("there is no %s", id);
    return 0;
}

static const ct_drains_node *node_of(const made *m, const char *id) {
    const ct_drains_params *p = &m->drains->params;
    return &p->nodes[index_of(m->drains->node_ids, p->node_count, id)];
}

static const ct_drains_conduit *conduit_of(const made *m, const char *id) {
    const ct_drains_params *p = &m->drains->params;
    return &p->conduits[index_of(m->drains->conduit_ids, p->conduit_count, id)];
}

// The exchange of a node, and its cell; NULL: none.
static const ct_drains_exchange *exchange_of(const made *m, const char *id, uint32_t *cell) {
    const ct_drains_params *p = &m->drains->params;
    const size_t k = index_of(m->drains->node_ids, p->node_count, id);
    for (size_t i = 0; i < p->exchange_count; i++)
        if (p->exchanges[i].node == k) {
            if (cell) *cell = m->drains->places[i].cells[0];
            assert_int_equal(m->drains->places[i].cell_count, 1);
            return &p->exchanges[i];
        }
    return NULL;
}

// Opens what was made: the engine takes it.
static void opens(const made *m) {
    ct_drains *drains = NULL;
    if (ct_drains_open(&drains, &m->drains->params) != CT_OK) fail_msg("%s", ct_err_message());
    ct_drains_close(drains);
}

// Where the engine has the bed of a pipe, half way.
static double middle_of_bed(const made *m, const char *id) {
    ct_drains *drains;
    ct_drains_profile profile;
    ok(ct_drains_open(&drains, &m->drains->params));
    ok(ct_drains_profile_get(
        drains, index_of(m->drains->conduit_ids, m->drains->params.conduit_count, id), &profile));
    const double bed_m = 0.5 * (profile.bed_m[0] + profile.bed_m[profile.count - 1]);
    ct_drains_close(drains);
    return bed_m;
}

static uint32_t cell(int x, int y) {
    return (uint32_t)((NY - 1 - y) * NX + x);
}

static void no_network_no_domain(void **state) {
    (void)state;
    made m = make(json_pack("[o]", flood_twin_box("green", "lawn", 1, 1, 4, 4, NULL)));
    assert_null(m.drains);
    unmake(m);
    // Foul water alone is none either.
    m = make(json_pack("[o]", node("f", 5, "{\"kind\":\"manhole\",\"network\":\"foul\"}")));
    assert_null(m.drains);
    unmake(m);
}

static void a_network_is_placed(void **state) {
    (void)state;
    made m = make(network());
    const ct_drains_params *p = &m.drains->params;
    assert_int_equal(p->node_count, 3);
    assert_int_equal(m.drains->own_nodes, 3);
    assert_int_equal(p->conduit_count, 2);
    assert_int_equal(p->exchange_count, 2);
    uint32_t at = 0;
    const ct_drains_exchange *inlet = exchange_of(&m, "in", &at);
    assert_int_equal(inlet->kind, CT_DRAINS_GRATE);
    assert_int_equal(at, cell(5, 10));
    assert_near(inlet->level_m, 19.5, 1e-5); // the ground of its cell
    assert_near(inlet->length_m, 0.75, 0);
    assert_near(inlet->width_m, 0.45, 0);
    const ct_drains_exchange *cover = exchange_of(&m, "mh", &at);
    assert_int_equal(cover->kind, CT_DRAINS_MANHOLE);
    assert_int_equal(at, cell(10, 10));
    assert_near(cover->opening_m, 0.7, 0);
    const ct_drains_node *mh = node_of(&m, "mh"), *out = node_of(&m, "out");
    assert_int_equal(mh->kind, CT_DRAINS_JUNCTION);
    assert_int_equal(mh->top, CT_DRAINS_COUPLED);
    assert_near(mh->rim_m, 19, 1e-5);
    assert_near(mh->area_m2, 1.13, 0);
    assert_int_equal(out->kind, CT_DRAINS_OUTFALL);
    assert_int_equal(out->outfall, CT_DRAINS_FREE);
    const ct_drains_conduit *pipe = conduit_of(&m, "pipe-in");
    assert_near(pipe->length_m, 5, 1e-9); // between its nodes
    assert_near(pipe->manning, 0.013, 0);
    assert_near(pipe->offset_from_m, 0, 0);
    assert_near(pipe->offset_to_m, 0.9, 1e-9);
    assert_int_equal(pipe->section.shape, CT_DRAINS_CIRCULAR);
    for (int i = 0; i < CT_DRAINS_RULES; i++) assert_int_equal(m.drains->warnings[i].count, 0);
    opens(&m);
    unmake(m);
}

static void what_features_say_is_taken(void **state) {
    (void)state;
    json_t *edits = network();
    json_t *mine = json_pack(
        "[o,o,o,o,o,o]",
        node("in", 5.5,
             "{\"kind\":\"inlet\",\"depth_m\":1,\"inlet\":\"combination\",\"inlet_length_m\":1.5,"
             "\"inlet_width_m\":0.4,\"curb_length_m\":2,\"curb_height_m\":0.2,\"clogging\":0.4,"
             "\"area_m2\":0.5}"),
        node("tank", 10.5, "{\"kind\":\"storage\",\"invert_m\":15,\"area_m2\":80,\"opening_m\":2}"),
        node("joint", 20.5, "{\"kind\":\"junction\",\"invert_m\":14}"),
        node("out", 35.5, "{\"kind\":\"outfall\",\"invert_m\":12,\"flap\":true}"),
        link_of("box", "in", "tank",
                ",\"shape\":\"rectangular\",\"width_m\":1.2,\"height_m\":1,\"sediment_m\":0.25,"
                "\"length_m\":7,\"roughness_manning\":0.02,\"flap\":true"),
        link_of("round", "joint", "out", ",\"diameter_m\":0.6,\"sediment_m\":0.2"));
    json_decref(edits);
    json_array_append_new(mine, link_of("middle", "tank", "joint", ROUND));
    json_array_append_new(mine, point_of("pump", "lift", 10, 10,
                                         "{\"node\":\"tank\",\"to_node\":\"joint\","
                                         "\"capacity_m3s\":0.3,\"on_level_m\":16.5,"
                                         "\"off_level_m\":15.4}"));
    json_array_append_new(mine, point_of("pump", "out-of-it", 10, 10,
                                         "{\"node\":\"tank\",\"capacity_m3s\":0.2,"
                                         "\"on_level_m\":17,\"off_level_m\":15.5,"
                                         "\"state\":\"failed\"}"));
    made m = make(mine);
    const ct_drains_exchange *inlet = exchange_of(&m, "in", NULL);
    assert_int_equal(inlet->kind, CT_DRAINS_COMBINATION);
    assert_near(inlet->length_m, 1.5, 0);
    assert_near(inlet->width_m, 0.4, 0);
    assert_near(inlet->curb_length_m, 2, 0);
    assert_near(inlet->curb_height_m, 0.2, 0);
    assert_near(inlet->clogging, 0.4, 0);
    assert_near(node_of(&m, "in")->invert_m, 18.5, 1e-5);
    assert_near(node_of(&m, "in")->area_m2, 0.5, 0);
    const ct_drains_node *tank = node_of(&m, "tank");
    assert_int_equal(tank->kind, CT_DRAINS_STORAGE);
    assert_near(tank->area_base_m2, 80, 0);
    assert_near(exchange_of(&m, "tank", NULL)->opening_m, 2, 0);
    assert_null(exchange_of(&m, "joint", NULL));
    assert_int_equal(node_of(&m, "joint")->top, CT_DRAINS_SEALED);
    assert_true(node_of(&m, "out")->flap);
    // Sediment: a lower box on its own bed; a segment of a circle.
    const ct_drains_conduit *box = conduit_of(&m, "box"), *round = conduit_of(&m, "round");
    assert_int_equal(box->section.shape, CT_DRAINS_RECT_CLOSED);
    assert_near(box->section.height_m, 0.75, 1e-12);
    assert_near(box->section.width_m, 1.2, 0);
    assert_near(box->offset_from_m, 0.25, 1e-12);
    assert_near(box->length_m, 7, 0);
    assert_near(box->manning, 0.02, 0);
    assert_true(box->flap);
    assert_int_equal(round->section.shape, CT_DRAINS_FILLED_CIRCULAR);
    assert_near(round->section.fill_m, 0.2, 0);
    assert_near(round->offset_to_m, 0, 1e-12);
    assert_near(middle_of_bed(&m, "box"), 0.5 * (node_of(&m, "in")->invert_m + 15) + 0.25, 1e-6);
    assert_near(middle_of_bed(&m, "round"), 13 + 0.2, 1e-6);
    const ct_drains_params *p = &m.drains->params;
    assert_int_equal(p->pump_count, 2);
    const size_t lift = index_of(m.drains->pump_ids, 2, "lift"), failed = 1 - lift;
    assert_near(p->pumps[lift].on_m, 1.5, 1e-9);
    assert_near(p->pumps[lift].off_m, 0.4, 1e-9);
    assert_near(p->pumps[lift].curve.y[0], 0.3, 0);
    assert_ptr_equal(&p->nodes[p->pumps[lift].to], node_of(&m, "joint"));
    // It stands still whatever the level; it would lift out of the network.
    assert_true(p->pumps[failed].stopped && p->pumps[failed].on_m == 0);
    assert_int_equal(p->node_count, m.drains->own_nodes + 1);
    assert_int_equal(p->pumps[failed].to, m.drains->own_nodes);
    assert_int_equal(p->nodes[p->pumps[failed].to].kind, CT_DRAINS_OUTFALL);
    for (int i = 0; i < CT_DRAINS_RULES; i++) assert_int_equal(m.drains->warnings[i].count, 0);
    opens(&m);
    unmake(m);
}

static void closed_tops(void **state) {
    (void)state;
    made m = make(
        with(with(network(), set_of("mh", "{\"sealed\":true}")), set_of("in", "{\"clogging\":1}")));
    assert_int_equal(m.drains->params.exchange_count, 0);
    assert_int_equal(node_of(&m, "mh")->top, CT_DRAINS_SEALED);
    unmake(m);
}

static void outfalls_in_water_back_up(void **state) {
    (void)state;
    json_t *river =
        flood_twin_box("water", "river", 33, 0, 40, 20, "{\"kind\":\"river\",\"level_m\":17.9}");
    made m = make(with(network(), river));
    const ct_drains_node *out = node_of(&m, "out");
    assert_int_equal(out->outfall, CT_DRAINS_LEVEL);
    assert_near(out->level.y[0], 17.9, 1e-6);
    assert_near(node_of(&m, "mh")->depth_m, 0.4, 1e-6); // still water up to the manhole
    assert_near(node_of(&m, "in")->depth_m, 0, 0);      // its pipe lies higher
    opens(&m);
    unmake(m);
    river =
        flood_twin_box("water", "river", 33, 0, 40, 20, "{\"kind\":\"river\",\"level_m\":17.9}");
    m = make(with(with(network(), river), set_of("out", "{\"flap\":true}")));
    assert_near(node_of(&m, "mh")->depth_m, 0, 0); // the flap keeps it out
    unmake(m);
}

static void covered_nodes_find_a_cell_beside(void **state) {
    (void)state;
    made m = make(with(network(), flood_twin_box("building", "hut", 10, 10, 12, 12, NULL)));
    uint32_t at = 0;
    assert_non_null(exchange_of(&m, "mh", &at));
    assert_int_equal(m.ground->blocked[at], 0);
    assert_int_equal(m.drains->warnings[CT_DRAINS_RULE_NODE_COVERED].count, 0);
    unmake(m);
}

// One network that breaks each rule, and what the warning names.
static void every_rule_is_told(void **state) {
    (void)state;
    static const struct {
        ct_drains_rule rule;
        const char *id;
        size_t conduits, pumps; // that are left
    } k_want[] = {
        {CT_DRAINS_RULE_NODE_COVERED, "mh", 2, 0},
        {CT_DRAINS_RULE_NODE_INVERT, "mh", 0, 0},
        {CT_DRAINS_RULE_NODE_HIGH, "in", 2, 0},
        {CT_DRAINS_RULE_NODE_ALONE, "odd", 2, 0},
        {CT_DRAINS_RULE_NODE_NO_WAY_OUT, "mh", 2, 0},
        {CT_DRAINS_RULE_STORAGE_AREA, "mh", 2, 0},
        {CT_DRAINS_RULE_LINK_NODES, "odd", 2, 0},
        {CT_DRAINS_RULE_LINK_NODES, "odd", 2, 0},
        {CT_DRAINS_RULE_LINK_SECTION, "pipe-in", 1, 0},
        {CT_DRAINS_RULE_LINK_SHUT, "pipe-in", 1, 0},
        {CT_DRAINS_RULE_LINK_LENGTH, "pipe-in", 1, 0},
        {CT_DRAINS_RULE_LINK_UNDER_BOTTOM, "pipe-in", 2, 0},
        {CT_DRAINS_RULE_PUMP_NODES, "p", 2, 0},
        {CT_DRAINS_RULE_PUMP_CAPACITY, "p", 2, 0},
        {CT_DRAINS_RULE_PUMP_LEVELS, "p", 2, 1},
    };
    json_t *edits[] = {
        point_of("drain_node", "mh", -5, 10.5, "{\"kind\":\"manhole\",\"invert_m\":17.5}"),
        set_of("mh", "{\"invert_m\":null}"),
        set_of("in", "{\"invert_m\":20}"),
        node("odd", 20.5, "{\"kind\":\"inlet\",\"invert_m\":17}"),
        set_of("out", "{\"kind\":\"manhole\"}"),
        set_of("mh", "{\"kind\":\"storage\"}"),
        link_of("odd", "in", "nowhere", ROUND),
        link_of("odd", "in", "in", ROUND),
        set_of("pipe-in", "{\"diameter_m\":null}"),
        set_of("pipe-in", "{\"sediment_m\":0.29}"),
        set_of("mh", "{\"kind\":\"manhole\"}"), // and moved, below
        set_of("pipe-in", "{\"from_invert_m\":18.5}"),
        point_of("pump", "p", 1, 1, "{\"node\":\"nowhere\",\"capacity_m3s\":1}"),
        point_of("pump", "p", 1, 1, "{\"node\":\"mh\"}"),
        point_of("pump", "p", 1, 1,
                 "{\"node\":\"mh\",\"capacity_m3s\":1,\"on_level_m\":17.6,"
                 "\"off_level_m\":17.8}"),
    };
    for (size_t i = 0; i < sizeof k_want / sizeof *k_want; i++) {
        json_t *all = network();
        if (i == 0) // in its place
            json_array_set_new(all, 1, edits[i]);
        else
            json_array_append_new(all, edits[i]);
        if (i == 1) // its pipes give no bottom either
            json_array_append_new(all, set_of("pipe-in", "{\"to_invert_m\":null}"));
        if (k_want[i].rule == CT_DRAINS_RULE_LINK_LENGTH) {
            json_object_set_new(json_array_get(all, 5), "geometry",
                                json_pack("{s:s,s:o}", "type", "Point", "coordinates",
                                          flood_twin_point(5.5, 10.5)));
            json_object_set_new(json_array_get(all, 5), "crs", json_string(FT_CRS));
        }
        made m = make(all);
        const ct_flood_warning *w = &m.drains->warnings[k_want[i].rule];
        const char *rule = ct_drains_rule_texts[k_want[i].rule].rule;
        bool named = false;
        for (size_t k = 0; k < w->n_ids; k++) named |= strcmp(w->ids[k], k_want[i].id) == 0;
        if (!named) fail_msg("%s does not name %s", rule, k_want[i].id);
        if (m.drains->params.conduit_count != k_want[i].conduits ||
            m.drains->params.pump_count != k_want[i].pumps)
            fail_msg("%s: %zu conduits, %zu pumps", rule, m.drains->params.conduit_count,
                     m.drains->params.pump_count);
        if (m.drains->params.node_count) opens(&m);
        unmake(m);
    }
    for (int i = 0; i < CT_DRAINS_RULES; i++) {
        bool tried = false;
        for (size_t k = 0; k < sizeof k_want / sizeof *k_want; k++)
            tried |= (int)k_want[k].rule == i;
        if (!tried) fail_msg("%s is not tried", ct_drains_rule_texts[i].rule);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_network_no_domain),
        cmocka_unit_test(a_network_is_placed),
        cmocka_unit_test(what_features_say_is_taken),
        cmocka_unit_test(closed_tops),
        cmocka_unit_test(outfalls_in_water_back_up),
        cmocka_unit_test(covered_nodes_find_a_cell_beside),
        cmocka_unit_test(every_rule_is_told),
    };
    return cmocka_run_group_tests_name("sim_domain_drains", tests, set_up, tear_down);
}
