// Every allocation of the derivation of an indoor model fails once, with rooms told and made.
#include "../unit/model/indoor/house.h"

#include "fault.h"

static ct_err derive_once(void *context) {
    const house *h = context;
    ct_indoor *in = NULL;
    const ct_err err = ct_indoor_derive(&in, "b", h->at, h->n, h->defaults);
    if (err) assert_null(in);
    ct_indoor_free(in);
    return err;
}

static void derivation(void **state) {
    (void)state;
    for (int rooms = 0; rooms < 2; rooms++) {
        house *h = two_storeys(rooms);
        number(named(h, "between"), "fire_rating_min", 60);
        number(named(h, "door"), "fire_rating_min", 30);
        number(named(h, "stair"), "risers", 30); // a finding
        assert_int_equal(derive_once(h), CT_OK); // what a thread keeps is made
        assert_true(fault_every_allocation(derive_once, h) > 20);
        house_free(h);
    }
}

static ct_err load_once(void *context) {
    (void)context;
    ct_indoor_defaults *d = NULL;
    const ct_err err = ct_indoor_defaults_load(&d, CT_SOURCE_DIR "/data/indoor");
    if (err) assert_null(d);
    ct_indoor_defaults_free(d);
    return err;
}

static void stand_ins(void **state) {
    (void)state;
    assert_true(fault_every_allocation(load_once, NULL) > 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(derivation),
        cmocka_unit_test(stand_ins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
