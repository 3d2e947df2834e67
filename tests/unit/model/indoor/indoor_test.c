// Indoor models of small buildings made by hand.
#include "house.h"

// ---- spaces, doors, stairs ----------------------------------------------------------------------

static void a_house_is_seen(void **state) {
    (void)state;
    house *h = two_storeys(true);
    ct_indoor *in = derive(h);
    assert_int_equal(in->n_storeys, 2);
    assert_int_equal(in->n_spaces, 3);
    const ct_indoor_space *a = space(in, "a");
    assert_near(a->area_m2, 20, 1e-6);
    assert_near(a->volume_m3, 56, 1e-6);
    assert_near(a->height_m, 2.8, 1e-9);
    assert_near(a->z_m, 0, 0);
    assert_int_equal(a->storey, 0);
    assert_near(a->occupants, 20 / 9.3, 1e-9);
    const ct_indoor_opening *door = opening(in, "door"), *front = opening(in, "front"),
                            *pane = opening(in, "pane");
    assert_true(joins(in, door->side, "a", "c"));
    assert_near(door->width_m, 0.9, 1e-9);
    assert_near(door->clear_width_m, 0.8, 1e-9);
    assert_near(door->thickness_m, 0.1, 1e-9);
    assert_near(door->soffit_z_m, 2.1, 1e-9);
    assert_near(fabs(door->ends[3] - door->ends[1]), 0.9, 1e-9);
    assert_true(door->passable && !door->exit);
    assert_int_equal(door->state, CT_INDOOR_CLOSED);
    assert_true(joins(in, front->side, "a", "outdoors") && front->exit);
    assert_true(joins(in, pane->side, "a", "outdoors") && !pane->passable && !pane->exit);
    assert_near(pane->sill_z_m, 0.9, 1e-9);
    assert_int_equal(in->n_openings, 3);
    assert_int_equal(in->n_stairs, 1);
    const ct_indoor_stair *s = &in->stairs[0];
    assert_string_equal(side(in, s->space[0]), "c");
    assert_string_equal(side(in, s->space[1]), "u");
    assert_int_equal(s->risers, 17);
    assert_near(s->riser_m, 3.0 / 17, 1e-9);
    assert_near(s->tread_m, 0.25, 1e-9);
    assert_near(s->width_m, 1, 1e-9);
    assert_near(s->length_m, hypot(17 * 0.25, 3), 1e-6);
    assert_int_equal(in->n_findings, 0);
    ct_indoor_free(in);
    house_free(h);
}

static void ways_lead_out(void **state) {
    (void)state;
    house *h = two_storeys(true);
    ct_indoor *in = derive(h);
    const ct_indoor_space *a = space(in, "a"), *c = space(in, "c"), *u = space(in, "u");
    // From the middle of a to the front door; from c by the door between.
    assert_near(a->way_out_m, hypot(2.5 + 0.1, 2 - 1.55), 1e-6);
    assert_near(c->way_out_m, hypot(7.7 - 5.1, 2 - 1.45) + hypot(5.1 + 0.1, 1.45 - 1.55), 1e-6);
    const double down = hypot(5.1 - 9.75, 2 - 3.3) + hypot(4.25, 3) + hypot(5.5 - 5.1, 3.3 - 1.45) +
                        hypot(5.2, 0.1);
    assert_near(u->way_out_m, down, 1e-6);
    assert_string_equal(in->openings[u->exit].id, "front");
    ct_indoor_free(in);
    text(named(h, "door"), "state", "locked");
    in = derive(h);
    assert_false(isfinite(space(in, "c")->way_out_m));
    assert_int_equal(findings(in, CT_INDOOR_NO_WAY_OUT), 2);
    ct_indoor_free(in);
    text(named(h, "front"), "kind", "window");
    in = derive(h);
    assert_int_equal(findings(in, CT_INDOOR_NO_EXIT), 1);
    ct_indoor_free(in);
    house_free(h);
}

static void edits_win(void **state) {
    (void)state;
    house *h = two_storeys(true);
    number(named(h, "door"), "clear_width_m", 0.7);
    number(named(h, "front"), "width_m", 2);
    text(named(h, "front"), "state", "open");
    number(named(h, "a"), "occupants", 7);
    text(named(h, "c"), "use", "classroom");
    number(named(h, "stair"), "width_m", 0.85);
    number(named(h, "stair"), "risers", 12);
    ct_indoor *in = derive(h);
    assert_near(opening(in, "door")->clear_width_m, 0.7, 0);
    assert_near(opening(in, "front")->clear_width_m, 1.9, 1e-9);
    assert_int_equal(opening(in, "front")->state, CT_INDOOR_OPEN);
    assert_near(opening(in, "front")->leak_m2, 0.03, 0); // two leaves
    assert_near(space(in, "a")->occupants, 7, 0);
    assert_near(space(in, "c")->occupants, 20 / 1.86, 1e-9);
    assert_near(in->stairs[0].width_m, 0.85, 0);
    assert_int_equal(in->stairs[0].risers, 12);
    assert_int_equal(findings(in, CT_INDOOR_STEPS_DIFFER), 1);
    ct_indoor_free(in);
    house_free(h);
}

static void stated_sides_count(void **state) {
    (void)state;
    house *h = two_storeys(true);
    for (size_t i = 0; i < h->n; i++) h->at[i].body = NULL;
    text(named(h, "door"), "space_a", "a");
    text(named(h, "door"), "space_b", "c");
    text(named(h, "door"), "storey", "s0");
    text(named(h, "front"), "space_a", "a");
    text(named(h, "front"), "storey", "s0");
    ct_indoor *in = derive(h);
    assert_true(joins(in, opening(in, "door")->side, "a", "c"));
    assert_true(joins(in, opening(in, "front")->side, "a", "outdoors"));
    assert_true(opening(in, "front")->exit);
    assert_near(opening(in, "door")->width_m, 0.9, 0); // the stand-in
    assert_true(isfinite(space(in, "c")->way_out_m));
    assert_int_equal(findings(in, CT_INDOOR_NO_SHAPE), 1);
    assert_int_equal(findings(in, CT_INDOOR_STAIR_END), 2);
    ct_indoor_free(in);
    house_free(h);
}

static void rooms_are_made_where_none_are_told(void **state) {
    (void)state;
    house *h = two_storeys(false);
    ct_indoor *in = derive(h);
    assert_int_equal(in->n_spaces, 3);
    assert_string_equal(in->spaces[0].id, "s0~room-1");
    assert_true(in->spaces[0].made);
    assert_near(in->spaces[0].area_m2, 20 + 0.9 * 0.04, 0.001);
    assert_near(in->spaces[1].area_m2, 20 + 0.9 * 0.04, 0.001);
    assert_near(in->spaces[2].area_m2, 40.8, 0.01);
    assert_true(joins(in, opening(in, "door")->side, "s0~room-1", "s0~room-2"));
    assert_true(joins(in, opening(in, "front")->side, "s0~room-1", "outdoors"));
    assert_string_equal(side(in, in->stairs[0].space[0]), "s0~room-2");
    assert_string_equal(side(in, in->stairs[0].space[1]), "s1~room-1");
    assert_int_equal(in->n_findings, 0);
    ct_indoor_free(in);
    house_free(h);
}

// A slab that leaves the stair's well free, up to the outer wall, and reaches out as a balcony; a
// cellar too low to stand in.
static void balconies_are_open_and_wells_are_not(void **state) {
    (void)state;
    house *h = two_storeys(false);
    ct_feature *slab = named(h, "slab1");
    slab->body = NULL;
    box(h, slab, 0, 0, 2.8, 10.2, 2.7, 3);
    box(h, slab, 0, 2.7, 2.8, 5.4, 4, 3);
    box(h, slab, 9.8, 2.7, 2.8, 10.2, 4, 3);
    box(h, slab, 10.4, 0, 2.8, 12, 3, 3);
    add_storey(h, "cellar", -1, -1.5);
    wall(h, "low0", 0, 0, 0.2, 4, -1.5);
    wall(h, "low1", 5, 0, 5.2, 4, -1.5);
    ct_indoor *in = derive(h);
    assert_int_equal(in->n_spaces, 4);
    const ct_indoor_space *u = space(in, "s1~room-1"), *balcony = space(in, "s1~room-2");
    assert_near(u->area_m2, 10.2 * 4 - 4.4 * 1.3, 0.001);
    assert_false(u->outside);
    assert_true(isfinite(u->way_out_m));
    assert_near(balcony->area_m2, 1.6 * 3, 0.001);
    assert_true(balcony->outside);
    ct_indoor_free(in);
    house_free(h);
}

static void open_plans_are_joined(void **state) {
    (void)state;
    house *h = two_storeys(true);
    add_room(h, "d", "s0", 10.2, 0, 0, 14, 4, 2.8); // a metre of wall to c, then nothing
    named(h, "w1")->body = NULL;
    box(h, named(h, "w1"), 10.15, 0, 0, 10.25, 1, 2.8);
    ct_indoor *in = derive(h);
    const ct_indoor_opening *gap = opening(in, "c~d");
    assert_int_equal(gap->kind, CT_INDOOR_GAP);
    assert_near(gap->clear_width_m, 3, 0.05);
    assert_true(gap->passable);
    assert_true(isfinite(space(in, "d")->way_out_m));
    ct_indoor_free(in);
    house_free(h);
}

// As city models draw it: a face on either side of the wall.
static void faces_of_one_door_are_one(void **state) {
    (void)state;
    house *h = two_storeys(true);
    named(h, "door")->body = NULL;
    box(h, named(h, "door"), 5, 1, 0, 5.001, 1.9, 2.1);
    text(add_box(h, "opening", "door2", "door", 5.199, 1, 0, 5.2, 1.9, 2.1), "building", "b");
    ct_indoor *in = derive(h);
    assert_int_equal(in->n_openings, 3);
    assert_true(joins(in, opening(in, "door")->side, "a", "c"));
    assert_near(opening(in, "door")->thickness_m, 0.2, 0.002);
    assert_true(opening(in, "front")->exit);
    ct_indoor_free(in);
    house_free(h);
}

// ---- stairs -------------------------------------------------------------------------------------

static void flights_make_climbs(void **state) {
    (void)state;
    house *h = two_storeys(true);
    add_storey(h, "s2", 2, 6);
    add_room(h, "v", "s2", 0, 0, 6, 10.2, 4, 8.8);
    // From the first to the second floor in two flights with a landing between.
    ct_feature *low = add(h, "element", "low"), *high = add(h, "element", "high");
    text(low, "kind", "stair");
    text(low, "part_of", "stair");
    text(high, "kind", "stair");
    text(high, "part_of", "stair");
    steps(h, low, 1, 0.5, 3, 8, 0.1875, 0.28, 1.2);
    steps(h, high, 4, 0.5, 4.5, 8, 0.1875, 0.28, 1.1);
    ct_indoor *in = derive(h);
    assert_int_equal(in->n_stairs, 2);
    const ct_indoor_stair *s = &in->stairs[1];
    assert_string_equal(s->id, "stair~2");
    assert_string_equal(side(in, s->space[0]), "u");
    assert_string_equal(side(in, s->space[1]), "v");
    assert_int_equal(s->storey[0], 1);
    assert_int_equal(s->storey[1], 2);
    assert_int_equal(s->risers, 16);
    assert_near(s->width_m, 1.1, 1e-9); // the narrower flight
    assert_int_equal(s->line.n_points, 4);
    assert_near(s->length_m, 2 * hypot(8 * 0.28, 1.5) + hypot(4 - 1 - 8 * 0.28, 0.05), 1e-6);
    assert_int_equal(findings(in, CT_INDOOR_STEPS_DIFFER), 0);
    ct_indoor_free(in);
    house_free(h);
}

static void lifts_do_not_evacuate(void **state) {
    (void)state;
    house *h = two_storeys(true);
    ct_feature *lift = add_box(h, "transition", "lift", "lift", 0.5, 2.5, 0, 2, 3.9, 5.5);
    text(lift, "building", "b");
    ct_indoor *in = derive(h);
    const ct_indoor_stair *s = NULL;
    for (uint32_t i = 0; i < in->n_stairs; i++)
        if (strcmp(in->stairs[i].id, "lift") == 0) s = &in->stairs[i];
    assert_non_null(s);
    assert_int_equal(s->kind, CT_INDOOR_LIFT);
    assert_false(s->evacuates);
    assert_string_equal(side(in, s->space[0]), "a");
    assert_string_equal(side(in, s->space[1]), "u");
    ct_indoor_free(in);
    house_free(h);
}

// ---- compartments and vents ---------------------------------------------------------------------

static void ratings_part_compartments(void **state) {
    (void)state;
    house *h = two_storeys(true);
    ct_indoor *in = derive(h);
    assert_int_equal(in->n_compartments, 1); // open stair, unrated wall
    ct_indoor_free(in);
    number(named(h, "between"), "fire_rating_min", 90);
    number(named(h, "door"), "fire_rating_min", 60);
    in = derive(h);
    assert_int_equal(in->n_compartments, 2);
    assert_true(space(in, "a")->compartment != space(in, "c")->compartment);
    assert_int_equal(space(in, "c")->compartment, space(in, "u")->compartment);
    assert_int_equal(in->compartments[space(in, "a")->compartment].fire_rating_min, 60);
    assert_near(in->compartments[space(in, "a")->compartment].volume_m3, 56, 1e-6);
    ct_indoor_free(in);
    number(named(h, "door"), "fire_rating_min",
           0); // a rated wall with an ordinary door parts nothing
    in = derive(h);
    assert_int_equal(in->n_compartments, 1);
    ct_indoor_free(in);
    house_free(h);
}

static void vents_are_what_is_open(void **state) {
    (void)state;
    house *h = two_storeys(true);
    text(named(h, "front"), "state", "open");
    ct_indoor *in = derive(h);
    assert_int_equal(in->n_vents, 4);
    double area = 0, open = 0;
    for (uint32_t i = 0; i < in->n_vents; i++) {
        const ct_indoor_vent *v = &in->vents[i];
        if (v->horizontal) {
            assert_near(v->sill_z_m, 3, 1e-9);
            assert_near(v->area_m2, 17 * 0.25, 1e-6);
            assert_string_equal(side(in, v->zone[0]), "c");
            assert_string_equal(side(in, v->zone[1]), "u");
            continue;
        }
        area += v->area_m2;
        open += v->open * v->area_m2;
    }
    assert_near(area, 0.9 * 2.1 + 1.1 * 2.1 + 1.2 * 1.2, 1e-6);
    assert_near(open, 1.1 * 2.1, 1e-6);
    ct_indoor_free(in);
    house_free(h);
}

// ---- findings -----------------------------------------------------------------------------------

static void oddities_are_told(void **state) {
    (void)state;
    house *h = two_storeys(true);
    number(named(h, "a"), "area_m2", 30);
    number(named(h, "a"), "volume_m3", 56.5);
    number(named(h, "c"), "volume_m3", 80);
    add_room(h, "x", "s0", 4, 1, 0, 5, 2, 2.8); // in a
    text(add_box(h, "opening", "lost", "door", 30, 1, 0, 30.1, 2, 2), "building", "b");
    ct_feature *blind = add(h, "element", "blind");
    text(blind, "kind", "stair");
    steps(h, blind, 50, 0, 0, 17, 3.0 / 17, 0.25, 1);
    ct_indoor *in = derive(h);
    assert_int_equal(findings(in, CT_INDOOR_AREA_DIFFERS), 1);
    assert_int_equal(findings(in, CT_INDOOR_VOLUME_DIFFERS), 1);
    assert_int_equal(findings(in, CT_INDOOR_OVERLAP), 1);
    assert_int_equal(findings(in, CT_INDOOR_DOOR_NOWHERE), 1);
    assert_int_equal(findings(in, CT_INDOOR_STAIR_END), 2);
    for (uint32_t i = 0; i < in->n_findings; i++)
        if (in->findings[i].rule == CT_INDOOR_OVERLAP) {
            assert_string_equal(in->findings[i].id, "a");
            assert_string_equal(in->findings[i].other, "x");
            assert_string_equal(in->findings[i].text, "they share 1.00 m2 of floor");
        }
    ct_indoor_free(in);
    house_free(h);
}

// ---- sources with graphs ------------------------------------------------------------------------

static void connections_are_ways(void **state) {
    (void)state;
    house *h = two_storeys(true);
    ct_feature *f = add(h, "connection", "link");
    text(f, "space_a", "a");
    text(f, "space_b", "u");
    f = add(h, "connection", "known"); // the door between says more
    text(f, "space_a", "a");
    text(f, "space_b", "c");
    ct_indoor *in = derive(h);
    assert_int_equal(in->n_openings, 4);
    assert_int_equal(opening(in, "link")->kind, CT_INDOOR_CONNECTION);
    assert_true(joins(in, opening(in, "link")->side, "a", "u"));
    ct_indoor_free(in);
    house_free(h);
}

// ---- the same whatever the order ----------------------------------------------------------------

static void text_of(ct_buf *out, const house *h) {
    ct_jsonw w;
    ct_indoor *in = derive(h);
    ct_buf_init(out, 1 << 20);
    ct_jsonw_init(&w, out);
    ct_jsonw_object(&w);
    ct_indoor_write(&w, in);
    ct_jsonw_end_object(&w);
    assert_int_equal(ct_buf_status(out), CT_OK);
    ct_indoor_free(in);
}

static void order_does_not_matter(void **state) {
    (void)state;
    for (int rooms = 0; rooms < 2; rooms++) {
        house *h = two_storeys(rooms);
        ct_buf once, again;
        text_of(&once, h);
        for (size_t i = 0; i < h->n / 2; i++) {
            const ct_feature f = h->at[i];
            h->at[i] = h->at[h->n - 1 - i];
            h->at[h->n - 1 - i] = f;
        }
        text_of(&again, h);
        assert_int_equal(once.len, again.len);
        assert_memory_equal(once.data, again.data, once.len);
        ct_buf_fini(&once);
        ct_buf_fini(&again);
        house_free(h);
    }
}

static void nothing_is_a_model_too(void **state) {
    (void)state;
    house *h = house_new();
    ct_indoor *in = derive(h);
    assert_int_equal(in->n_storeys, 1);
    assert_int_equal(in->n_spaces, 0);
    assert_int_equal(in->n_findings, 0);
    ct_indoor_free(in);
    house_free(h);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_house_is_seen),
        cmocka_unit_test(ways_lead_out),
        cmocka_unit_test(edits_win),
        cmocka_unit_test(stated_sides_count),
        cmocka_unit_test(rooms_are_made_where_none_are_told),
        cmocka_unit_test(balconies_are_open_and_wells_are_not),
        cmocka_unit_test(open_plans_are_joined),
        cmocka_unit_test(faces_of_one_door_are_one),
        cmocka_unit_test(flights_make_climbs),
        cmocka_unit_test(lifts_do_not_evacuate),
        cmocka_unit_test(ratings_part_compartments),
        cmocka_unit_test(vents_are_what_is_open),
        cmocka_unit_test(oddities_are_told),
        cmocka_unit_test(connections_are_ways),
        cmocka_unit_test(order_does_not_matter),
        cmocka_unit_test(nothing_is_a_model_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
