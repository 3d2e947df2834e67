// Sources, sinks and what a coupling puts in and takes out: exact volumes, the same bits in every
// build and for any number of threads, no depth below zero, names for what is wrong.
#include "case.h"
#include "fault.h"

#include "sim/flood/state.h"

static double ramp_s[] = {0, 10, 20, 60}, ramp_m3s[] = {0, 4, 4, 0}; // 4 * (5 + 10 + 20) = 140 m3

static double close_to(flood_variant v) {
    return v.precision == CT_FLOOD_SINGLE ? 1e-7 : 1e-13;
}

static void brings_what_its_series_says(void **state) {
    (void)state;
    const uint32_t cell[] = {70 * 30 + 35}, other[] = {3, 4, 70, 71};
    ct_flood_source sources[] = {{cell, 1, {4, ramp_s, ramp_m3s}}, {other, 4, {0, NULL, NULL}}};
    for (size_t i = 0; i < VARIANTS; i++) {
        flood_case c = case_new(70, 60, 2);
        c.params.sources = sources;
        c.params.source_count = 2;
        c.params.manning_uniform = 0.03;
        case_choose(&c, variants[i]);
        case_open(&c);
        case_advance(&c, 100);
        ct_flood_ledger l;
        ct_flood_ledger_get(c.flood, &l);
        assert_true(fabs(l.source_in_m3 - 140) < 140 * close_to(variants[i]));
        assert_true(fabs(l.state_m3 - 140) < 140 * close_to(variants[i]));
        assert_true(l.source_out_m3 == 0 && case_volume_error(&c) < close_to(variants[i]));
        double in_m3, out_m3;
        assert_int_equal(ct_flood_source_get(c.flood, 0, &in_m3, &out_m3), CT_OK);
        assert_true(in_m3 == l.source_in_m3 && out_m3 == 0);
        assert_int_equal(ct_flood_source_get(c.flood, 1, &in_m3, &out_m3), CT_OK);
        assert_true(in_m3 == 0 && out_m3 == 0);
        assert_int_equal(ct_flood_source_get(c.flood, 2, &in_m3, &out_m3), CT_RANGE);
        case_free(&c);
    }
}

// Over all cells it is rain.
static void over_an_area_it_is_rain(void **state) {
    (void)state;
    enum { NX = 66, NY = 5 };
    uint32_t cells[NX * NY];
    for (uint32_t k = 0; k < NX * NY; k++) cells[k] = k;
    double zero[] = {0}, rate[] = {1e-4 * NX * NY}, rain[] = {1e-4};
    ct_flood_source source = {cells, NX * NY, {1, zero, rate}};
    for (size_t i = 0; i < VARIANTS; i++) {
        flood_case wet = case_new(NX, NY, 1), rained = case_new(NX, NY, 1);
        wet.params.sources = &source;
        wet.params.source_count = 1;
        rained.params.rain = (ct_flood_series){1, zero, rain};
        case_choose(&wet, variants[i]);
        case_choose(&rained, variants[i]);
        case_open(&wet);
        case_open(&rained);
        case_advance(&wet, 300);
        case_advance(&rained, 300);
        const double *a = ct_flood_get(wet.flood, CT_FLOOD_DEPTH);
        const double *b = ct_flood_get(rained.flood, CT_FLOOD_DEPTH);
        for (size_t k = 0; k < wet.cells; k++) {
            assert_true(fabs(a[k] - 0.03) < 1e-8 && fabs(b[k] - 0.03) < 1e-8);
        }
        assert_true(case_top_speed(&wet) < 1e-12);
        case_free(&wet);
        case_free(&rained);
    }
}

static void takes_at_most_what_is_there(void **state) {
    (void)state;
    const uint32_t cells[] = {70 * 10 + 63, 70 * 10 + 64, 70 * 11 + 5};
    double zero[] = {0}, flow[] = {-30};
    ct_flood_source source = {cells, 3, {1, zero, flow}};
    for (size_t i = 0; i < VARIANTS; i++) {
        flood_case c = case_new(70, 20, 1);
        for (size_t k = 0; k < c.cells; k++) c.depth[k] = 0.1;
        c.params.sources = &source;
        c.params.source_count = 1;
        case_choose(&c, variants[i]);
        case_open(&c);
        for (int t = 1; t <= 20; t++) {
            case_advance(&c, 5.0 * t);
            assert_true(case_lowest_depth(&c) >= 0);
        }
        ct_flood_ledger l;
        ct_flood_ledger_get(c.flood, &l);
        assert_true(l.source_in_m3 == 0);
        assert_true(l.source_out_m3 > 10 && l.source_out_m3 < l.initial_m3);
        assert_true(case_volume_error(&c) < close_to(variants[i]));
        case_free(&c);
    }
}

// A violent source switched on while nothing moves: steps look ahead, no tower stands up.
static void a_sudden_source_is_seen_coming(void **state) {
    (void)state;
    const uint32_t cell[] = {64 * 20 + 20};
    double at_s[] = {0, 100, 100.001, 200}, flow[] = {0, 0, 5, 5};
    ct_flood_source source = {cell, 1, {4, at_s, flow}};
    for (size_t i = 0; i < VARIANTS; i++) {
        flood_case c = case_new(64, 40, 2);
        c.params.sources = &source;
        c.params.source_count = 1;
        case_choose(&c, variants[i]);
        case_open(&c);
        assert_true(ct_flood_dt_max_s(c.flood) > 5); // dry and at rest
        case_advance(&c, 110);
        const double *deepest = ct_flood_get(c.flood, CT_FLOOD_MAX_DEPTH);
        const double *fastest = ct_flood_get(c.flood, CT_FLOOD_MAX_SPEED);
        // critical flow over the cell's rim of 8 m would need 0.34 m
        assert_true(deepest[cell[0]] > 0.3 && deepest[cell[0]] < 1.2);
        for (size_t k = 0; k < c.cells; k++) assert_true(fastest[k] < 6);
        case_free(&c);
    }
}

// Into a dry tile, from where it wets the next one; still water elsewhere takes no part.
// The step that is allowed stays a good one, however many pour into one cell.
static void sources_of_one_cell_are_one(void **state) {
    (void)state;
    const uint32_t cell[] = {64 * 20 + 20};
    double zero[] = {0}, one[] = {1}, eight[] = {8};
    ct_flood_source many[8], single = {cell, 1, {1, zero, eight}};
    for (int k = 0; k < 8; k++) many[k] = (ct_flood_source){cell, 1, {1, zero, one}};
    flood_case a = case_new(64, 40, 2), b = case_new(64, 40, 2);
    a.params.sources = many;
    a.params.source_count = 8;
    b.params.sources = &single;
    b.params.source_count = 1;
    case_open(&a);
    case_open(&b);
    assert_int_equal(ct_flood_step(a.flood, 1e-3), CT_OK);
    assert_int_equal(ct_flood_step(b.flood, 1e-3), CT_OK);
    assert_near(ct_flood_dt_max_s(a.flood) / ct_flood_dt_max_s(b.flood), 1, 1e-6);
    case_free(&a);
    case_free(&b);
}

static void a_dry_tile_wakes_up(void **state) {
    (void)state;
    const uint32_t cell[] = {200 * 30 + 62}; // two cells before the next tile
    double zero[] = {0}, flow[] = {1};
    ct_flood_source source = {cell, 1, {1, zero, flow}};
    flood_case c = case_new(200, 60, 1);
    c.params.sources = &source;
    c.params.source_count = 1;
    case_choose(&c, variants[3]);
    case_open(&c);
    assert_int_equal(ct_flood_step(c.flood, 0.01), CT_OK);
    assert_int_equal(ct_surface_active_tiles(c.flood->surface), 2);
    case_advance(&c, 10);
    assert_true(ct_flood_get(c.flood, CT_FLOOD_DEPTH)[200 * 30 + 66] > 0);
    case_free(&c);
}

static const uint32_t spring[] = {129 * 40 + 63, 129 * 40 + 64, 129 * 41 + 64}, intake[] = {2000};
static double intake_s[] = {0}, intake_m3s[] = {-0.5};
static const ct_flood_source busy_sources[] = {{spring, 3, {4, ramp_s, ramp_m3s}},
                                               {intake, 1, {1, intake_s, intake_m3s}}};

static flood_case busy_case(flood_variant v) {
    flood_case c = case_new(129, 70, 1);
    case_rough_lake(&c, 3);
    for (size_t k = 0; k < 3; k++) c.blocked[spring[k]] = 0;
    c.blocked[intake[0]] = 0;
    c.params.sources = busy_sources;
    c.params.source_count = 2;
    c.params.manning_uniform = 0.03;
    case_choose(&c, v);
    return c;
}

static void the_same_bits(void **state) {
    (void)state;
    for (size_t i = 0; i < VARIANTS; i++) {
        uint64_t first[2], other[2];
        for (int run = 0; run < 6; run++) { // builds 0 to 3, then 2 and 3 threads
            flood_case c = busy_case(variants[i]);
            c.params.threads = run < 4 ? 1 : run - 2;
            case_open(&c);
            if (run >= 4 || ct_surface_use_build(c.flood->surface, run)) {
                case_advance(&c, 1.5);
                ct_flood_hash(c.flood, run ? other : first);
                if (run) assert_memory_equal(first, other, sizeof first);
            }
            case_free(&c);
        }
    }
}

static void restart_continues_to_the_bit(void **state) {
    (void)state;
    for (size_t i = 0; i < VARIANTS; i++) {
        flood_case a = busy_case(variants[i]), b = busy_case(variants[i]);
        double done;
        case_open(&a);
        case_open(&b);
        case_advance(&a, 3);
        assert_int_equal(ct_flood_set(a.flood, "source", 0, 2.5), CT_OK);
        assert_int_equal(ct_flood_put(a.flood, 2000, 0.3, &done), CT_OK);
        size_t bytes = ct_flood_save_bytes(a.flood);
        char *saved = ct_alloc(bytes);
        assert_int_equal(ct_flood_save(a.flood, saved, bytes), CT_OK);
        case_advance(&a, 6);
        case_advance(&b, 1);
        assert_int_equal(ct_flood_load(b.flood, saved, bytes), CT_OK);
        case_advance(&b, 6);
        uint64_t hash[2];
        ct_flood_hash(a.flood, hash);
        case_assert_hash(&b, hash);
        ct_flood_ledger ledger_a, ledger_b;
        ct_flood_ledger_get(a.flood, &ledger_a);
        ct_flood_ledger_get(b.flood, &ledger_b);
        assert_memory_equal(&ledger_a, &ledger_b, sizeof ledger_a);
        ct_free(saved);
        case_free(&a);
        case_free(&b);
    }
}

static void other_sources_are_another_model(void **state) {
    (void)state;
    flood_case a = busy_case(variants[3]), b = busy_case(variants[3]);
    ct_flood_source moved[] = {busy_sources[0], busy_sources[1]};
    const uint32_t elsewhere[] = {2001};
    moved[1].cells = elsewhere;
    b.blocked[2001] = a.blocked[2001] = 0;
    b.params.sources = moved;
    case_open(&a);
    case_open(&b);
    size_t bytes = ct_flood_save_bytes(a.flood);
    char *saved = ct_alloc(bytes);
    assert_int_equal(ct_flood_save(a.flood, saved, bytes), CT_OK);
    assert_int_equal(ct_flood_load(b.flood, saved, bytes), CT_ARG);
    ct_free(saved);
    case_free(&a);
    case_free(&b);
}

static void controls(void **state) {
    (void)state;
    const uint32_t cell[] = {5};
    ct_flood_source source = {cell, 1, {0, NULL, NULL}};
    flood_case c = case_new(4, 3, 1);
    c.params.sources = &source;
    c.params.source_count = 1;
    case_choose(&c, variants[2]);
    case_open(&c);
    double longest = ct_flood_dt_max_s(c.flood);
    assert_int_equal(ct_flood_set(c.flood, "source", 0, 0.25), CT_OK);
    assert_true(ct_flood_dt_max_s(c.flood) < longest);
    case_advance(&c, 8);
    assert_int_equal(ct_flood_set(c.flood, "source", 0, (double)NAN), CT_OK); // the series: nothing
    case_advance(&c, 20);
    ct_flood_ledger l;
    ct_flood_ledger_get(c.flood, &l);
    assert_true(fabs(l.source_in_m3 - 2) < 1e-13);
    assert_int_equal(ct_flood_set(c.flood, "source", 1, 1), CT_RANGE);
    assert_int_equal(ct_flood_set(c.flood, "source", 0, HUGE_VAL), CT_RANGE);
    case_free(&c);
}

static void putting_and_taking(void **state) {
    (void)state;
    for (size_t i = 0; i < VARIANTS; i++) {
        flood_case c = case_new(130, 5, 2);
        c.bed[65] = 1.5;
        c.blocked[7] = 1;
        case_choose(&c, variants[i]);
        case_open(&c);
        ct_flood_spot spot;
        double done, all = 0;
        for (int k = 0; k < 1000; k++) { // thin films beside deep water are not lost
            assert_int_equal(ct_flood_put(c.flood, 65, k == 0 ? 8 : 1e-8, &done), CT_OK);
            all += done;
        }
        assert_true(fabs(all - (8 + 999e-8)) < 1e-10);
        assert_int_equal(ct_flood_look(c.flood, 65, &spot), CT_OK);
        assert_true(spot.bed_m == 1.5 && fabs(spot.volume_m3 - all) < 1e-11);
        assert_true(fabs(spot.depth_m - all / 4) < 1e-11);
        assert_int_equal(ct_flood_put(c.flood, 65, -1e9, &done), CT_OK);
        assert_true(done == -spot.volume_m3);
        assert_int_equal(ct_flood_look(c.flood, 65, &spot), CT_OK);
        assert_true(spot.volume_m3 == 0);
        assert_int_equal(ct_flood_put(c.flood, 65, 3, &done), CT_OK);
        case_advance(&c, 5);
        ct_flood_ledger l;
        ct_flood_ledger_get(c.flood, &l);
        assert_true(fabs(l.exchange_in_m3 - l.exchange_out_m3 - 3) < 1e-12);
        assert_true(fabs(l.error_m3) < 11 * close_to(variants[i]));
        assert_int_equal(ct_flood_put(c.flood, 7, 1, &done), CT_RANGE);
        assert_int_equal(ct_flood_put(c.flood, 650, 1, &done), CT_RANGE);
        assert_int_equal(ct_flood_put(c.flood, 65, 1e9, &done), CT_RANGE);
        assert_int_equal(ct_flood_put(c.flood, 65, (double)NAN, &done), CT_RANGE);
        assert_int_equal(ct_flood_look(c.flood, 650, &spot), CT_RANGE);
        assert_int_equal(ct_flood_look(c.flood, 7, &spot), CT_OK);
        assert_true(spot.volume_m3 == 0 && spot.depth_m == 0);
        case_free(&c);
    }
}

// What comes in brings no momentum, what goes takes its own.
static void momentum(void **state) {
    (void)state;
    flood_case c = case_new(70, 70, 1);
    double *u = ct_calloc(c.cells, sizeof *u);
    for (size_t k = 0; k < c.cells; k++) c.depth[k] = 1, u[k] = 2;
    c.params.velocity_x_ms = u;
    case_choose(&c, variants[2]);
    case_open(&c);
    ct_flood_spot spot;
    double done, longest = ct_flood_dt_max_s(c.flood);
    assert_int_equal(ct_flood_put(c.flood, 71, 3, &done), CT_OK);
    assert_int_equal(ct_flood_look(c.flood, 71, &spot), CT_OK);
    assert_true(fabs(spot.velocity_x_ms - 0.5) < 1e-15);
    assert_true(ct_flood_dt_max_s(c.flood) < longest);
    assert_int_equal(ct_flood_put(c.flood, 71, -2, &done), CT_OK);
    assert_int_equal(ct_flood_look(c.flood, 71, &spot), CT_OK);
    assert_true(fabs(spot.velocity_x_ms - 0.5) < 1e-15);
    ct_free(u);
    case_free(&c);
}

static void bad_sources(void **state) {
    (void)state;
    flood_case c = case_new(4, 3, 1);
    c.blocked[6] = 1;
    case_choose(&c, variants[3]);
    const uint32_t good[] = {5}, beyond[] = {5, 12}, house[] = {6}, twice[] = {5, 5};
    double at_s[] = {0, 1}, flow[] = {1, HUGE_VAL};
    ct_flood_source sources[] = {{good, 1, {1, at_s, flow}}, {good, 1, {1, at_s, flow}}};
    c.params.sources = sources;
    c.params.source_count = 2;
    sources[1].cells = beyond;
    sources[1].cell_count = 2;
    case_refused(&c.params, CT_RANGE, "sources[1]: flood: an inflow outside: cell 12 is none");
    sources[1].cells = twice;
    case_refused(&c.params, CT_RANGE, "sources[1]: flood: cells: entry 1: 5 does not ascend");
    sources[1] = (ct_flood_source){house, 1, {1, at_s, flow}};
    case_refused(&c.params, CT_RANGE, "an inflow outside: row 1, column 2 is a building");
    sources[1] = (ct_flood_source){good, 1, {2, at_s, flow}};
    case_refused(&c.params, CT_RANGE, "discharge: entry 1: inf");
    sources[1] = (ct_flood_source){good, 0, {1, at_s, flow}};
    case_refused(&c.params, CT_ARG, "sources[1]: flood: cells: none");
    sources[1] = sources[0];
    c.params.sources = NULL;
    case_refused(&c.params, CT_ARG, "sources: 2 of them");
    case_free(&c);
}

static ct_err open_once(void *context) {
    ct_flood *flood;
    CT_TRY(ct_flood_open(&flood, context));
    ct_flood_close(flood);
    return CT_OK;
}

static void failed_allocations_leak_nothing(void **state) {
    (void)state;
    flood_case c = busy_case(variants[3]);
    assert_true(fault_every_allocation(open_once, &c.params) > 25);
    case_free(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(brings_what_its_series_says),
        cmocka_unit_test(over_an_area_it_is_rain),
        cmocka_unit_test(takes_at_most_what_is_there),
        cmocka_unit_test(a_sudden_source_is_seen_coming),
        cmocka_unit_test(sources_of_one_cell_are_one),
        cmocka_unit_test(a_dry_tile_wakes_up),
        cmocka_unit_test(the_same_bits),
        cmocka_unit_test(restart_continues_to_the_bit),
        cmocka_unit_test(other_sources_are_another_model),
        cmocka_unit_test(controls),
        cmocka_unit_test(putting_and_taking),
        cmocka_unit_test(momentum),
        cmocka_unit_test(bad_sources),
        cmocka_unit_test(failed_allocations_leak_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
