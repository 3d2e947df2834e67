// Every allocation of opening a network of drains fails once.
#include "../unit/sim/drains/town.h"

#include "fault.h"

static ct_err open_once(void *context) {
    const town *t = context;
    ct_drains *drains = NULL;
    ct_err err = ct_drains_open(&drains, &t->params);
    if (err) assert_null(drains);
    ct_drains_close(drains);
    return err;
}

static void opening(void **state) {
    (void)state;
    static const double x[] = {0, 1, 3, 4}, y[] = {2, 0, 0, 2};
    town t;
    town_new(&t);
    t.conduits[0].section = (ct_drains_section){.shape = CT_DRAINS_TRANSECT, .table = {4, x, y}};
    assert_true(fault_every_allocation(open_once, &t) > 40);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opening),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
